//! Dependencies of issues, the order of sub-issues, and what timelines say of both.

use serde_json::{Value, json};

use super::support::{Fixture, start};

const LINKS: &str = "query($id: ID!) { node(id: $id) { ... on Issue {
    blockedBy(first: 50) { totalCount nodes { title } } blocking(first: 50) { nodes { title } }
    oldest: blockedBy(first: 50, orderBy: {field: DEPENDENCY_ADDED_AT, direction: ASC}) { nodes { title } }
    byAge: blockedBy(first: 50, orderBy: {field: CREATED_AT, direction: ASC}) { nodes { title } }
    relatesTo(first: 5) { nodes { title } }
    issueDependenciesSummary { blockedBy blocking totalBlockedBy totalBlocking } } } }";

async fn links(github: &Fixture, issue: &str) -> Value {
    github.data(LINKS, json!({ "id": issue })).await["node"].clone()
}

fn titles(of: &Value) -> Vec<&str> {
    of["nodes"].as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_link_has_two_ends_and_the_newest_comes_first() {
    let github = start().await;
    let (one, two, three) = (github.issue("1").await, github.issue("2").await, github.issue("3").await);
    let add = |issue: &str, blocker: &str| json!({ "issueId": issue, "blockingIssueId": blocker });
    let made =
        github.mutate("addBlockedBy", add(&one, &three), "issue { title } blockingIssue { title }").await;
    assert_eq!(made, json!({ "issue": { "title": "1" }, "blockingIssue": { "title": "3" } }));
    github.mutate("addBlockedBy", add(&one, &two), "issue { id }").await;
    let seen = links(&github, &one).await;
    assert_eq!(titles(&seen["blockedBy"]), ["2", "3"]);
    assert_eq!(titles(&seen["oldest"]), ["3", "2"]);
    assert_eq!(titles(&seen["byAge"]), ["2", "3"]);
    assert_eq!(titles(&links(&github, &three).await["blocking"]), ["1"]);

    github.mutate("closeIssue", json!({ "issueId": two }), "issue { id }").await;
    let summary = links(&github, &one).await["issueDependenciesSummary"].clone();
    assert_eq!(summary, json!({ "blockedBy": 1, "blocking": 0, "totalBlockedBy": 2, "totalBlocking": 0 }));

    let sentence = "An error occurred while adding the blocking issue to the issue. Validation failed: ";
    let taken = format!("{sentence}Target issue has already been taken");
    assert_eq!(github.refused("addBlockedBy", add(&one, &two)).await, ("VALIDATION".to_owned(), taken));
    for (issue, blocker) in [(&one, &one), (&three, &one)] {
        let (kind, message) = github.refused("addBlockedBy", add(issue, blocker)).await;
        assert_eq!(kind, "VALIDATION");
        assert!(message.starts_with(sentence), "{message}");
    }
    for _ in 0..2 {
        let gone = github.mutate("removeBlockedBy", add(&one, &two), "blockingIssue { title }").await;
        assert_eq!(gone["blockingIssue"]["title"], "2");
    }
    assert_eq!(titles(&links(&github, &one).await["blockedBy"]), ["3"]);
    github.mutate("deleteIssue", json!({ "issueId": three }), "repository { id }").await;
    assert_eq!(links(&github, &one).await["blockedBy"]["totalCount"], 0);

    let relate = json!({ "issueId": one, "relatedIssueId": two });
    github.mutate("addRelatesTo", relate.clone(), "issue { id } relatedIssue { id }").await;
    assert_eq!(titles(&links(&github, &two).await["relatesTo"]), ["1"]);
    assert_eq!(github.refused("addRelatesTo", relate.clone()).await.0, "VALIDATION");
    github.mutate("removeRelatesTo", relate, "issue { id }").await;
    assert_eq!(titles(&links(&github, &two).await["relatesTo"]), Vec::<&str>::new());
}

#[tokio::test]
async fn fifty_links_of_a_kind_are_enough() {
    let github = start().await;
    let waiting = github.issue("waits").await;
    for number in 0..50 {
        let blocker = github.issue(&number.to_string()).await;
        let input = json!({ "issueId": waiting, "blockingIssueId": blocker });
        github.mutate("addBlockedBy", input, "issue { id }").await;
    }
    let blocker = github.issue("one too many").await;
    let input = json!({ "issueId": waiting, "blockingIssueId": blocker });
    assert_eq!(github.refused("addBlockedBy", input).await.0, "VALIDATION");
    assert_eq!(links(&github, &waiting).await["blockedBy"]["totalCount"], 50);
    assert_eq!(titles(&links(&github, &blocker).await["blocking"]), Vec::<&str>::new());
}

#[tokio::test]
async fn parts_are_added_by_address_and_moved_about() {
    let github = start().await;
    let top = github.issue("Top").await;
    let mut parts = Vec::new();
    for title in ["a", "b", "c"] {
        parts.push(github.issue(title).await);
    }
    for number in 2..=4 {
        let url = format!("https://github.com/acme/roadmap/issues/{number}");
        let input = json!({ "issueId": top, "subIssueUrl": url });
        github.mutate("addSubIssue", input, "subIssue { id }").await;
    }
    let order = "issue { subIssues(first: 5) { nodes { title } } }";
    let input = json!({ "issueId": top, "subIssueId": parts[0], "afterId": parts[2] });
    let seen = github.mutate("reprioritizeSubIssue", input, order).await;
    assert_eq!(titles(&seen["issue"]["subIssues"]), ["b", "c", "a"]);
    let input = json!({ "issueId": top, "subIssueId": parts[2], "beforeId": parts[1] });
    let seen = github.mutate("reprioritizeSubIssue", input, order).await;
    assert_eq!(titles(&seen["issue"]["subIssues"]), ["c", "b", "a"]);
    let both = json!({ "issueId": top, "subIssueId": parts[2], "beforeId": parts[1], "afterId": parts[0] });
    assert_eq!(github.refused("reprioritizeSubIssue", both).await.0, "VALIDATION");
}
