"""PyGithub against a sandbox: owners, people, labels, milestones, issues with all that is on them, pages, redirections.

    pygithub.py URL     of a sandbox with the organisation acme, its repository roadmap and the user hubot
"""

import datetime
import sys

from github import Auth, Github, GithubException, UnknownObjectException

url = sys.argv[1]
failed = 0
passed = 0


def same(what, expected, found):
    global failed, passed
    if expected == found:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {what}\n  expected: {expected}\n  found:    {found}", file=sys.stderr)


def refused(what, status, call):
    try:
        call()
        same(what, status, "no refusal")
    except GithubException as refusal:
        same(what, status, refusal.status)


# It waits between its requests unless told not to.
unpaced = {"retry": None, "seconds_between_requests": None, "seconds_between_writes": None}
github = Github(auth=Auth.Token("any-token"), base_url=url, per_page=20, **unpaced)
viewer = github.get_user()
acme = github.get_organization("acme")
roadmap = github.get_repo("acme/roadmap")

print("-- owners and people")
same("viewer", "octocat", viewer.login)
same("organisations", ["acme"], [organization.login for organization in viewer.get_orgs()])
same("repositories", ["acme/roadmap"], [repository.full_name for repository in viewer.get_repos()])
same("member", True, acme.has_in_members(github.get_user("octocat")))
same("assignees", ["octocat", "hubot"], [user.login for user in roadmap.get_assignees()])
same("assignee", (True, False), (roadmap.has_in_assignees("hubot"), roadmap.has_in_assignees("nobody")))
same("permission", "admin", roadmap.get_collaborator_permission("hubot"))
refused("nothing there", 404, lambda: github.get_repo("acme/nothing"))

print("-- repositories")
made = acme.create_repo("before", private=True)
same("made", ("acme/before", True), (made.full_name, made.private))
made.edit(name="after", description="Renamed")
same("redirected", "acme/after", github.get_repo("acme/before").full_name)
refused("made twice", 422, lambda: acme.create_repo("after"))

print("-- labels and milestones")
label = roadmap.create_label("area/sandbox", "ff0000", "A label")
label.edit("area/box", "00ff00", "Another")
same("label", ("00ff00", "Another"), (roadmap.get_label("area/box").color, roadmap.get_label("area/box").description))
refused("label twice", 422, lambda: roadmap.create_label("AREA/BOX", "ffffff"))
milestone = roadmap.create_milestone("1.0", due_on=datetime.date(2026, 12, 1))
milestone.edit("1.1", state="closed")
same("milestone", ["1.1"], [one.title for one in roadmap.get_milestones(state="closed")])

print("-- issues")
issue = roadmap.create_issue("First", body="Text", assignee="hubot", milestone=milestone, labels=["area/box", "bug"])
same(
    "issue",
    (1, "First", ["hubot"], "1.1", ["area/box", "bug"]),
    (
        issue.number,
        issue.title,
        [user.login for user in issue.assignees],
        issue.milestone.title,
        sorted(label.name for label in issue.labels),
    ),
)
issue.edit(title="Renamed", state="closed", state_reason="not_planned")
same("closed", ("closed", "not_planned", "octocat"), (issue.state, issue.state_reason, issue.closed_by.login))
comment = issue.create_comment("One")
comment.edit("Two")
same("comment", "Two", issue.get_comment(comment.id).body)
issue.lock("resolved")
same("locked", "resolved", roadmap.get_issue(1).active_lock_reason)
issue.unlock()
issue.set_labels("enhancement")
same("labels", ["enhancement"], [label.name for label in issue.get_labels()])
same(
    "timeline",
    {"labeled", "assigned", "milestoned", "renamed", "closed", "commented", "locked", "unlocked", "unlabeled"},
    {event.event for event in issue.get_timeline()},
)
part = roadmap.create_issue("Part")
issue.add_sub_issue(part.id)
same("parts", [2], [one.number for one in issue.get_sub_issues()])
issue.remove_sub_issue(part.id)
refused("no title", 422, lambda: roadmap.requester.requestJsonAndCheck("POST", f"{roadmap.url}/issues", input={}))

print("-- pages")
for number in range(3, 46):
    roadmap.create_issue(f"Issue {number}")
everything = roadmap.get_issues(state="all")
same("pages", list(range(45, 0, -1)), [one.number for one in everything])
same("backwards", 1, everything.reversed[0].number)
same("counted", 45, roadmap.get_issues(state="all").totalCount)

print("-- GraphQL")
_, answer = github.requester.graphql_query("query($login: String!) { user(login: $login) { login } }", {"login": "hubot"})
same("query", "hubot", answer["data"]["user"]["login"])
try:
    roadmap.get_label("nothing")
    same("unknown label", "a refusal", "none")
except UnknownObjectException as refusal:
    same("unknown label", 404, refusal.status)

print(f"PyGithub: {passed} as expected, {failed} not")
sys.exit(1 if failed else 0)
