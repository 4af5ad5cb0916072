#!/usr/bin/env bash
# GitHub's own command line against a sandbox: boards, fields, items, issues, labels, pages.
#
#   gh.sh URL        of a sandbox with the organisation acme and its repository roadmap
#
# For the host github.localhost gh speaks plain HTTP to api.github.localhost on port 80. It is sent to the sandbox by the
# usual variable for proxies, so neither that name nor that port is needed.
set -euo pipefail

url=$1
export GH_HOST=github.localhost GH_ENTERPRISE_TOKEN=any-token GH_TOKEN=any-token
export HTTP_PROXY=$url http_proxy=$url NO_PROXY='' no_proxy=''
export GH_NO_UPDATE_NOTIFIER=1 GH_PROMPT_DISABLED=1 NO_COLOR=1
GH_CONFIG_DIR=$(mktemp -d)
export GH_CONFIG_DIR
trap 'rm -rf "$GH_CONFIG_DIR"' EXIT
# Outside of any clone, lest gh take a repository from it.
cd "$GH_CONFIG_DIR"

failed=0
passed=0

# same WHAT EXPECTED FOUND
same() {
  if [[ $2 == "$3" ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED %s\n  expected: %s\n  found:    %s\n' "$1" "$2" "$3" >&2
  fi
}

# Runs gh; what it prints, or the error. A step that fails doesn't keep the others from being tried.
run() {
  local out
  if out=$(gh "$@" 2>&1); then
    printf '%s' "$out"
  else
    printf 'exit %s: %s' "$?" "$out"
  fi
}

project() { run project "$@"; }
board() { run project "$1" 1 --owner acme "${@:2}"; }
# eventually WHAT EXPECTED COMMAND…: what comes from the search index may take some seconds
eventually() {
  local try found
  for try in 1 2 3 4 5 6 7 8 9 10; do
    found=$("${@:3}")
    [[ $found == "$2" ]] && break
    sleep "$try"
  done
  same "$1" "$2" "$found"
}

issue() { run issue "$1" "${@:2}" --repo acme/roadmap; }

echo '-- projects'
same 'project create' '1 Roadmap acme' \
  "$(project create --owner acme --title Roadmap --format json --jq '"\(.number) \(.title) \(.owner.login)"')"
same 'project list' '1:Roadmap' "$(project list --owner acme --format json --jq '.projects[] | "\(.number):\(.title)"')"
same 'project edit' 'Plan|Read me|Short|true' \
  "$(board edit --title Plan --readme 'Read me' --description Short --visibility PUBLIC \
    --format json --jq '"\(.title)|\(.readme)|\(.shortDescription)|\(.public)"')"
same 'project view' 'Plan|13 fields|0 items' \
  "$(board view --format json --jq '"\(.title)|\(.fields.totalCount) fields|\(.items.totalCount) items"')"
board link --repo acme/roadmap >/dev/null
same 'linked repository' 'acme/roadmap' \
  "$(run api graphql -f query='{organization(login:"acme"){projectV2(number:1){repositories(first:5){nodes{nameWithOwner}}}}}' \
    --jq '.data.organization.projectV2.repositories.nodes[].nameWithOwner')"

echo '-- fields'
same 'field-create text' 'Notes ProjectV2Field' \
  "$(board field-create --name Notes --data-type TEXT --format json --jq '"\(.name) \(.type)"')"
same 'field-create select' 'Size: S M L' \
  "$(board field-create --name Size --data-type SINGLE_SELECT --single-select-options S,M,L \
    --format json --jq '"\(.name): \([.options[].name] | join(" "))"')"
board field-create --name Estimate --data-type NUMBER >/dev/null
board field-create --name Due --data-type DATE >/dev/null
same 'field-create again' 'exit 1: GraphQL: Name has already been taken (createProjectV2Field)' \
  "$(board field-create --name Notes --data-type TEXT)"
same 'field-list' '17: Title Status Notes Size Estimate Due' \
  "$(board field-list --format json \
    --jq '"\(.totalCount): \([.fields[].name | select(IN("Title", "Status", "Notes", "Size", "Estimate", "Due"))] | join(" "))"')"
field() { board field-list --format json --jq ".fields[] | select(.name == \"$1\") | $2"; }

echo '-- labels and issues'
same 'label create' 'exit code 0' "$(run label create area:api --color 0e8a16 --description 'The API' --repo acme/roadmap >/dev/null; echo "exit code $?")"
same 'label list' 'area:api 0e8a16 The API' \
  "$(run label list --repo acme/roadmap --json name,color,description \
    --jq '.[] | select(.name == "area:api") | "\(.name) \(.color) \(.description)"')"
same 'issue create' 'https://github.localhost/acme/roadmap/issues/1' \
  "$(issue create --title First --body 'The first' --label area:api | tail -n 1 | sed 's#https://github.com#https://github.localhost#')"
issue create --title Second --body 'The second' >/dev/null
same 'issue view' 'First|The first|OPEN|area:api' \
  "$(issue view 1 --json title,body,state,labels --jq '"\(.title)|\(.body)|\(.state)|\([.labels[].name] | join(","))"')"
same 'issue list' '2 1' "$(issue list --json number --jq '[.[].number | tostring] | join(" ")')"
eventually 'issue list --label' '1' issue list --label area:api --json number --jq '.[].number'
issue edit 2 --title 'The second one' --add-label area:api >/dev/null
same 'issue edit' 'The second one area:api' \
  "$(issue view 2 --json title,labels --jq '"\(.title) \(.labels[0].name)"')"
issue comment 2 --body 'A word' >/dev/null
same 'issue comment' 'A word' "$(issue view 2 --json comments --jq '.comments[].body')"
issue close 2 --reason 'not planned' >/dev/null
same 'issue close' 'CLOSED NOT_PLANNED' "$(issue view 2 --json state,stateReason --jq '"\(.state) \(.stateReason)"')"
eventually 'issue list --state closed' '2' issue list --state closed --json number --jq '.[].number'
issue reopen 2 >/dev/null
same 'issue reopen' 'OPEN' "$(issue view 2 --json state --jq .state)"
same 'issue of no such number' 'exit 1: GraphQL: Could not resolve to an issue or pull request with the number of 99. (repository.issue)' \
  "$(issue view 99)"

echo '-- items'
url_of() { issue view "$1" --json url --jq .url; }
same 'item-add' 'Issue First' \
  "$(board item-add --url "$(url_of 1)" --format json --jq '"\(.type) \(.title)"')"
same 'item-create' 'DraftIssue Draft' "$(board item-create --title Draft --body Later --format json --jq '"\(.type) \(.title)"')"
item=$(board item-list --format json --jq '.items[] | select(.title == "First") | .id')
draft=$(board item-list --format json --jq '.items[] | select(.title == "Draft") | .id')
board_id=$(board view --format json --jq .id)
edit() { same "item-edit $3" "$item" "$(project item-edit --id "$item" --project-id "$board_id" "$@" --format json --jq .id)"; }
edit --field-id "$(field Notes .id)" --text 'a note'
edit --field-id "$(field Estimate .id)" --number 2.5
edit --field-id "$(field Due .id)" --date 2030-02-28
edit --field-id "$(field Size .id)" --single-select-option-id "$(field Size '.options[] | select(.name == "M") | .id')"
same 'item-edit and item-list' 'a note|2.5|2030-02-28|M' \
  "$(board item-list --format json --jq '.items[] | select(.title == "First") | "\(.notes)|\(.estimate)|\(.due)|\(.size)"')"
edit --field-id "$(field Notes .id)" --clear
same 'item-edit --clear' '' "$(board item-list --format json --jq '.items[] | select(.title == "First") | .notes')"
draft_id=$(board item-list --format json --jq '.items[] | select(.title == "Draft") | .content.id')
project item-edit --id "$draft_id" --title 'Draft 2' --body 'Sooner' >/dev/null
same 'item-edit of a draft' 'Sooner' \
  "$(board item-list --format json --jq '.items[] | select(.content.title == "Draft 2") | .content.body')"
board item-archive --id "$draft" >/dev/null
same 'item-archive' '1' "$(board item-list --format json --jq .totalCount)"
board item-archive --id "$draft" --undo >/dev/null
same 'item-archive --undo' '2' "$(board item-list --format json --jq .totalCount)"
board item-delete --id "$draft" >/dev/null
same 'item-delete' 'First' "$(board item-list --format json --jq '[.items[].title] | join(",")')"

echo '-- pages'
same 'api graphql --paginate' '17' \
  "$(run api graphql --paginate -f query='query($endCursor: String) { organization(login: "acme") { projectV2(number: 1) {
    fields(first: 5, after: $endCursor) { nodes { ... on ProjectV2FieldCommon { name } } pageInfo { hasNextPage endCursor } } } } }' \
    --jq '.data.organization.projectV2.fields.nodes[].name' | sort -u | wc -l | tr -d ' ')"
same 'api user' 'octocat' "$(run api user --jq .login)"

echo '-- the end'
same 'project copy' 'Copy' \
  "$(run project copy 1 --source-owner acme --target-owner acme --title Copy --format json --jq .title)"
same 'copied fields' '17' "$(run project field-list 2 --owner acme --format json --jq .totalCount)"
same 'project close' 'true' "$(board close --format json --jq .closed)"
same 'project list hides closed ones' 'Copy' "$(project list --owner acme --format json --jq '[.projects[].title] | join(",")')"
same 'project close --undo' 'false' "$(board close --undo --format json --jq .closed)"
same 'project delete' 'Plan' "$(board delete --format json --jq .title)"
same 'project list' 'Copy' "$(project list --owner acme --format json --jq '[.projects[].title] | join(",")')"
issue delete 2 --yes >/dev/null
same 'issue delete' '1' "$(issue list --state all --json number --jq '[.[].number | tostring] | join(" ")')"

printf 'gh: %d assertions hold, %d fail\n' "$passed" "$failed"
((failed == 0))
