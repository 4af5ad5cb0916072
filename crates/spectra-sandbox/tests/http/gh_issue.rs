//! The documents of `gh issue …` and `gh label list` (cli/cli, `api/queries_issue.go`, `pkg/cmd/issue/…`).

use serde_json::{Value, json};

use super::support::{Fixture, start};

const ISSUE: &str = "fragment issue on Issue { assignees(first: 100) { nodes { id login name databaseId } totalCount }
    author { login ...on User { id name } } body closed closedAt createdAt id isPinned number state stateReason title updatedAt url
    comments(first: 100) { nodes { id author { login ...on User { id name } } authorAssociation body createdAt
        includesCreatedEdit isMinimized minimizedReason reactionGroups { content users { totalCount } } url viewerDidAuthor }
        pageInfo { hasNextPage endCursor } totalCount }
    labels(first: 100) { nodes { id name description color } totalCount }
    milestone { number title description dueOn }
    projectCards(first: 100) { nodes { project { name } column { name } } totalCount }
    projectItems(first: 100) { nodes { id project { id title } status: fieldValueByName(name: \"Status\") {
        ... on ProjectV2ItemFieldSingleSelectValue { optionId name } } } totalCount }
    reactionGroups { content users { totalCount } } }";

async fn by_number(github: &Fixture, number: u32) -> Value {
    let query = format!(
        "{ISSUE} query IssueByNumber($owner: String!, $repo: String!, $number: Int!) {{ repository(owner: $owner, name: $repo) {{
            hasIssuesEnabled issue: issueOrPullRequest(number: $number) {{ __typename ...on Issue {{ ...issue }}
            ...on PullRequest {{ id number title }} }} }} }}"
    );
    let variables = json!({ "owner": "acme", "repo": "roadmap", "number": number });
    github.data(&query, variables).await["repository"]["issue"].clone()
}

#[tokio::test]
async fn gh_issue_create_and_view() {
    let github = start().await;
    let features =
        "query Issue_fields { Issue: __type(name: \"Issue\") { fields(includeDeprecated: true) { name } } }";
    let fields = github.data(features, json!({})).await["Issue"]["fields"].clone();
    assert!(fields.as_array().unwrap().iter().any(|field| field["name"] == "stateReason"));
    let info = "fragment repo on Repository { id name owner { login } hasIssuesEnabled description hasWikiEnabled viewerPermission defaultBranchRef { name } }
        query RepositoryInfo($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ...repo parent { ...repo } mergeCommitAllowed rebaseMergeAllowed squashMergeAllowed } }";
    let repository =
        github.data(info, json!({ "owner": "acme", "name": "roadmap" })).await["repository"].clone();
    let templates = "query IssueTemplates($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { issueTemplates { __typename name title body about } } }";
    let found = github.data(templates, json!({ "owner": "acme", "name": "roadmap" })).await;
    assert_eq!(found["repository"]["issueTemplates"], json!([]));
    let labels = "query RepositoryLabelList($name: String!, $owner: String!, $endCursor: String) { repository(owner: $owner, name: $name) {
        labels(first: 100, orderBy: {field: NAME, direction: ASC}, after: $endCursor) { nodes { id name } pageInfo { hasNextPage endCursor } } } }";
    let labels = github.data(labels, json!({ "owner": "acme", "name": "roadmap" })).await["repository"]["labels"]["nodes"].clone();
    let actors = "query RepositoryAssignableActors($endCursor: String, $name: String!, $owner: String!) { repository(owner: $owner, name: $name) {
        suggestedActors(first: 100, after: $endCursor, capabilities: CAN_BE_ASSIGNED) { nodes { ... on User { id login name __typename } ... on Bot { id login __typename } } pageInfo { hasNextPage endCursor } } } }";
    let actors = github.data(actors, json!({ "owner": "acme", "name": "roadmap" })).await["repository"]["suggestedActors"]["nodes"].clone();
    assert_eq!(actors[0]["login"], "octocat");

    let create =
        "mutation IssueCreate($input: CreateIssueInput!) { createIssue(input: $input) { issue { id url } } }";
    let input = json!({ "repositoryId": repository["id"], "title": "From gh", "body": "Text", "labelIds": [labels[0]["id"]] });
    let made = github.data(create, json!({ "input": input })).await["createIssue"]["issue"].clone();
    assert_eq!(made["url"], "https://github.com/acme/roadmap/issues/1");
    let assign = "mutation ReplaceActorsForAssignable($input: ReplaceActorsForAssignableInput!) { replaceActorsForAssignable(input: $input) { __typename } }";
    github
        .data(assign, json!({ "input": { "assignableId": made["id"], "actorIds": [actors[0]["id"]] } }))
        .await;
    let seen = by_number(&github, 1).await;
    assert_eq!(
        (&seen["__typename"], &seen["title"], &seen["assignees"]["nodes"][0]["login"]),
        (&json!("Issue"), &json!("From gh"), &json!("octocat"))
    );
    assert_eq!(seen["projectCards"], json!({ "nodes": [], "totalCount": 0 }));
}

#[tokio::test]
async fn gh_issue_list_and_status() {
    let github = start().await;
    github.issue("One").await;
    let two = github.issue("Two").await;
    github
        .mutate("closeIssue", json!({ "issueId": two, "stateReason": "NOT_PLANNED" }), "issue { id }")
        .await;
    let list = format!(
        "{ISSUE} query IssueList($owner: String!, $repo: String!, $limit: Int, $endCursor: String, $states: [IssueState!] = OPEN, $assignee: String, $author: String, $mention: String, $milestone: String) {{
        repository(owner: $owner, name: $repo) {{ hasIssuesEnabled
            issues(first: $limit, after: $endCursor, orderBy: {{field: CREATED_AT, direction: DESC}}, states: $states,
                filterBy: {{assignee: $assignee, createdBy: $author, mentioned: $mention, milestone: $milestone}}) {{
            totalCount nodes {{ ...issue }} pageInfo {{ hasNextPage endCursor }} }} }} }}"
    );
    let ask = |more: Value| {
        let mut variables = json!({ "owner": "acme", "repo": "roadmap", "limit": 30 });
        variables.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (github, list) = (&github, &list);
        async move {
            let found = github.data(list, variables).await["repository"]["issues"].clone();
            found["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|issue| issue["title"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(ask(json!({})).await, ["One"]);
    assert_eq!(ask(json!({ "states": ["OPEN", "CLOSED"] })).await, ["Two", "One"]);
    assert_eq!(ask(json!({ "author": "octocat" })).await, ["One"]);
    assert_eq!(ask(json!({ "mention": "octocat" })).await, Vec::<String>::new());
    assert_eq!(ask(json!({ "assignee": "octocat" })).await, Vec::<String>::new());

    github.sandbox.clock().advance(std::time::Duration::from_secs(3));
    let search = format!(
        "{ISSUE} query IssueSearch($repo: String!, $owner: String!, $type: SearchType!, $limit: Int, $after: String, $query: String!) {{
        repository(name: $repo, owner: $owner) {{ hasIssuesEnabled }}
        search(type: $type, last: $limit, after: $after, query: $query) {{ issueCount nodes {{ ...issue }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let variables = json!({ "owner": "acme", "repo": "roadmap", "type": "ISSUE_ADVANCED", "limit": 30,
        "query": "repo:acme/roadmap is:issue state:closed reason:\"not planned\"" });
    let found = github.data(&search, variables).await["search"].clone();
    assert_eq!((&found["issueCount"], &found["nodes"][0]["title"]), (&json!(1), &json!("Two")));

    let status = "fragment issue on Issue { number title url state updatedAt labels(first: 100) { nodes { id name description color } totalCount } }
        query IssueStatus($owner: String!, $repo: String!, $viewer: String!, $per_page: Int = 10) { repository(owner: $owner, name: $repo) { hasIssuesEnabled
        assigned: issues(filterBy: {assignee: $viewer, states: OPEN}, first: $per_page, orderBy: {field: UPDATED_AT, direction: DESC}) { totalCount nodes { ...issue } }
        mentioned: issues(filterBy: {mentioned: $viewer, states: OPEN}, first: $per_page, orderBy: {field: UPDATED_AT, direction: DESC}) { totalCount nodes { ...issue } }
        authored: issues(filterBy: {createdBy: $viewer, states: OPEN}, first: $per_page, orderBy: {field: UPDATED_AT, direction: DESC}) { totalCount nodes { ...issue } } } }";
    let seen = github.data(status, json!({ "owner": "acme", "repo": "roadmap", "viewer": "octocat" })).await
        ["repository"]
        .clone();
    assert_eq!(
        json!([
            seen["assigned"]["totalCount"],
            seen["mentioned"]["totalCount"],
            seen["authored"]["totalCount"]
        ]),
        json!([0, 0, 1])
    );
}

#[tokio::test]
async fn gh_issue_edit_close_reopen_comment_pin_lock_transfer_and_delete() {
    let github = start().await;
    let id = github.issue("One").await;
    let run = |document: &'static str, input: Value| github.data(document, json!({ "input": input }));
    let document =
        "mutation IssueUpdate($input: UpdateIssueInput!) { updateIssue(input: $input) { __typename } }";
    run(document, json!({ "id": id, "title": "Uno" })).await;
    let document =
        "mutation IssueClose($input: CloseIssueInput!) { closeIssue(input: $input) { issue { id } } }";
    run(document, json!({ "issueId": id, "stateReason": "NOT_PLANNED" })).await;
    assert_eq!(by_number(&github, 1).await["stateReason"], "NOT_PLANNED");
    let document =
        "mutation IssueReopen($input: ReopenIssueInput!) { reopenIssue(input: $input) { issue { id } } }";
    run(document, json!({ "issueId": id })).await;

    let document = "mutation CommentCreate($input: AddCommentInput!) { addComment(input: $input) { commentEdge { node { id url } } } }";
    let made =
        run(document, json!({ "subjectId": id, "body": "Hm" })).await["addComment"]["commentEdge"]["node"]
            .clone();
    assert!(
        made["url"].as_str().unwrap().starts_with("https://github.com/acme/roadmap/issues/1#issuecomment-")
    );
    let document = "mutation CommentUpdate($input: UpdateIssueCommentInput!) { updateIssueComment(input: $input) { issueComment { id url } } }";
    run(document, json!({ "id": made["id"], "body": "Ah" })).await;
    let comment = by_number(&github, 1).await["comments"]["nodes"][0].clone();
    assert_eq!((&comment["body"], &comment["includesCreatedEdit"]), (&json!("Ah"), &json!(true)));
    let document = "mutation CommentDelete($input: DeleteIssueCommentInput!) { deleteIssueComment(input: $input) { clientMutationId } }";
    run(document, json!({ "id": made["id"] })).await;
    assert_eq!(by_number(&github, 1).await["comments"]["totalCount"], 0);

    let document = "mutation IssuePin($input: PinIssueInput!) { pinIssue(input: $input) { issue { id } } }";
    run(document, json!({ "issueId": id })).await;
    assert_eq!(by_number(&github, 1).await["isPinned"], true);
    let pins = "{ repository(owner: \"acme\", name: \"roadmap\") { pinnedIssues(first: 3) { totalCount nodes { issue { number } pinnedBy { login } } } } }";
    let seen = github.data(pins, json!({})).await["repository"]["pinnedIssues"].clone();
    assert_eq!(seen["nodes"], json!([{ "issue": { "number": 1 }, "pinnedBy": { "login": "octocat" } }]));
    let document =
        "mutation IssueUnpin($input: UnpinIssueInput!) { unpinIssue(input: $input) { issue { id } } }";
    run(document, json!({ "issueId": id })).await;
    assert_eq!(by_number(&github, 1).await["isPinned"], false);

    let document = "mutation LockLockable($input: LockLockableInput!) { lockLockable(input: $input) { lockedRecord { locked activeLockReason } } }";
    let locked = run(document, json!({ "lockableId": id, "lockReason": "TOO_HEATED" })).await;
    assert_eq!(
        locked["lockLockable"]["lockedRecord"],
        json!({ "locked": true, "activeLockReason": "TOO_HEATED" })
    );
    let document = "mutation UnlockLockable($input: UnlockLockableInput!) { unlockLockable(input: $input) { unlockedRecord { locked } } }";
    assert_eq!(
        run(document, json!({ "lockableId": id })).await["unlockLockable"]["unlockedRecord"]["locked"],
        false
    );

    let document = "mutation IssueDelete($input: DeleteIssueInput!) { deleteIssue(input: $input) { repository { id } } }";
    run(document, json!({ "issueId": id })).await;
    let gone = "{ repository(owner: \"acme\", name: \"roadmap\") { issue(number: 1) { id } } }";
    let message = "Could not resolve to an Issue with the number of 1.";
    assert_eq!(github.refusal(gone, json!({})).await, ("NOT_FOUND".to_owned(), message.to_owned()));
}

#[tokio::test]
async fn three_issues_can_be_pinned() {
    let github = start().await;
    for title in ["1", "2", "3"] {
        let issue = github.issue(title).await;
        github.mutate("pinIssue", json!({ "issueId": issue }), "issue { isPinned }").await;
    }
    let issue = github.issue("4").await;
    assert_eq!(github.refused("pinIssue", json!({ "issueId": issue })).await.0, "UNPROCESSABLE");
}

#[tokio::test]
async fn gh_label_list() {
    let github = start().await;
    let query = "query LabelList($endCursor: String, $limit: Int!, $orderBy: LabelOrder, $owner: String!, $query: String, $repo: String!) {
        repository(owner: $owner, name: $repo) { labels(first: $limit, after: $endCursor, query: $query, orderBy: $orderBy) {
        totalCount nodes { color createdAt description id isDefault name updatedAt url } pageInfo { hasNextPage endCursor } } } }";
    let variables = json!({ "owner": "acme", "repo": "roadmap", "limit": 30, "query": "q",
        "orderBy": { "field": "CREATED_AT", "direction": "ASC" } });
    let found = github.data(query, variables).await["repository"]["labels"].clone();
    assert_eq!((&found["totalCount"], &found["nodes"][0]["name"]), (&json!(1), &json!("question")));
}
