//! One board, many filters.

use serde_json::json;

use super::*;
use crate::seed::Seed;
use crate::world::ids::NodeId;

struct Board {
    world: World,
    project: NodeId,
}

fn input<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

impl Board {
    /// Three issues and a draft: "Login fails" (bug, octocat, In Progress, 5 points, Sprint 2), "Log out" (Todo, 1 point,
    /// Sprint 1), "Docs" (closed), and the draft "Idea".
    fn new() -> Self {
        let now = "2026-11-10T12:00:00Z".parse().unwrap();
        let mut world = Seed::new("octocat").repository("acme", "roadmap").world(now).unwrap();
        let acme = world.owner_by_login("acme").unwrap().id.clone();
        let repository = world.repository_by_name("acme", "roadmap").unwrap().id.clone();
        let bug = world.labels.values().find(|label| label.name == "good first issue").unwrap().id.clone();
        let project = world.create_project(now, input(json!({ "ownerId": acme, "title": "Board" }))).unwrap();
        let field = |world: &mut World, name: &str, more: serde_json::Value| {
            let mut made = json!({ "projectId": project, "name": name });
            made.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            world.create_field(now, input(made)).unwrap()
        };
        let points = field(&mut world, "Story points", json!({ "dataType": "NUMBER" }));
        let due = field(&mut world, "Due", json!({ "dataType": "DATE" }));
        let note = field(&mut world, "Note", json!({ "dataType": "TEXT" }));
        let sprints = json!({ "startDate": "2026-10-27", "duration": 14, "iterations": [
            { "title": "Sprint 1", "startDate": "2026-10-27", "duration": 14 },
            { "title": "Sprint 2", "startDate": "2026-11-10", "duration": 14 },
            { "title": "Sprint 3", "startDate": "2026-11-24", "duration": 14 } ] });
        let sprint = field(
            &mut world,
            "Sprint",
            json!({ "dataType": "ITERATION", "iterationConfiguration": sprints }),
        );
        let sprints: Vec<String> = world
            .fields
            .get(&sprint)
            .unwrap()
            .iterations
            .iter()
            .flat_map(|all| &all.all)
            .map(|one| one.id.clone())
            .collect();
        let status = world.field_by_name(&project, "Status").unwrap().id.clone();

        let add = |world: &mut World, made: serde_json::Value, values: Vec<(&NodeId, serde_json::Value)>| {
            let issue = world.create_issue(now, input(made)).unwrap();
            let added = json!({ "projectId": project, "contentId": issue });
            let item = world.add_item_by_id(now, input(added)).unwrap();
            for (field, value) in values {
                let set = json!({ "projectId": project, "itemId": item, "fieldId": field, "value": value });
                world.set_value(now, input(set)).unwrap();
            }
            issue
        };
        let viewer = world.viewer.clone();
        let made = json!({ "repositoryId": repository, "title": "Login fails", "labelIds": [bug], "assigneeIds": [viewer] });
        let values = vec![
            (&status, json!({ "singleSelectOptionId": "47fc9ee4" })),
            (&points, json!({ "number": 5 })),
            (&due, json!({ "date": "2026-11-12" })),
            (&note, json!({ "text": "needs Review" })),
            (&sprint, json!({ "iterationId": sprints[1] })),
        ];
        add(&mut world, made, values);
        let values = vec![
            (&status, json!({ "singleSelectOptionId": "f75ad846" })),
            (&points, json!({ "number": 1 })),
            (&sprint, json!({ "iterationId": sprints[0] })),
        ];
        add(&mut world, json!({ "repositoryId": repository, "title": "Log out" }), values);
        let docs = add(&mut world, json!({ "repositoryId": repository, "title": "Docs" }), Vec::new());
        world.close_issue(now, input(json!({ "issueId": docs, "stateReason": "NOT_PLANNED" }))).unwrap();
        world.add_draft(now, input(json!({ "projectId": project, "title": "Idea" }))).unwrap();
        Self { world, project }
    }

    /// Titles of the items that pass.
    fn titles(&self, filter: &str) -> Vec<&str> {
        let filter = Filter::read(filter).unwrap();
        let items = self.world.projects.get(&self.project).unwrap().items.iter();
        items
            .filter_map(|id| self.world.items.get(id))
            .filter(|item| filter.passes(&self.world, item, self.world.now))
            .map(|item| Subject::of(&self.world, item, self.world.now).title())
            .collect()
    }
}

#[test]
fn filters_pass_what_github_documents() {
    const ALL: &[&str] = &["Login fails", "Log out", "Docs", "Idea"];
    let board = Board::new();
    let check = |filter: &str, expected: &[&str]| assert_eq!(board.titles(filter), expected, "{filter}");
    check("", ALL);
    check("is:open", &["Login fails", "Log out"]);
    check("is:closed", &["Docs"]);
    check("is:draft", &["Idea"]);
    check("is:pr", &[]);
    check("-is:issue", &["Idea"]);
    check("is:issue -is:closed", &["Login fails", "Log out"]);
    check("assignee:octocat", &["Login fails"]);
    check("assignee:@me", &["Login fails"]);
    check("-assignee:OCTOCAT", &["Log out", "Docs", "Idea"]);
    check("no:assignee is:open", &["Log out"]);
    check("-no:assignee", &["Login fails"]);
    check("has:assignee", &["Login fails"]);
    check("label:\"good first issue\"", &["Login fails"]);
    check("label:bug", &[]);
    check("label:bug,'good first issue'", &["Login fails"]);
    check("label:good*", &["Login fails"]);
    check("label:*first*", &["Login fails"]);
    check("status:\"In Progress\"", &["Login fails"]);
    check("status:\"in progress\",todo", &["Login fails", "Log out"]);
    check("-status:todo", &["Login fails", "Docs", "Idea"]);
    check("no:status", &["Docs", "Idea"]);
    check("repo:acme/roadmap", &["Login fails", "Log out", "Docs"]);
    check("repo:acme/other", &[]);
    check("no:milestone", ALL);
    check("reason:\"not planned\"", &["Docs"]);
    check("log", &["Login fails", "Log out"]);
    check("review", &["Login fails"]);
    check("\"log out\"", &["Log out"]);
    check("-log", &["Docs", "Idea"]);
    check("note:\"needs review\"", &["Login fails"]);
    check("note:needs", &[]);
    check("note:needs*", &["Login fails"]);
    check("title:Docs", &["Docs"]);
    check("story-points:5", &["Login fails"]);
    check("story-points:>1", &["Login fails"]);
    check("story-points:1..5", &["Login fails", "Log out"]);
    check("story-points:*..4", &["Log out"]);
    check("-story-points:>=0", &["Docs", "Idea"]);
    check("due:2026-11-12", &["Login fails"]);
    check("due:@today..@today+7", &["Login fails"]);
    check("due:<@today", &[]);
    check("sprint:@current", &["Login fails"]);
    check("sprint:@previous", &["Log out"]);
    check("sprint:<@current", &["Log out"]);
    check("sprint:\"Sprint 1\"..\"Sprint 2\"", &["Login fails", "Log out"]);
    check("sprint:@current..@current+3", &["Login fails"]);
    check("created:>=2026-11-10", ALL);
    check("last-updated:1day", &[]);
    check("-last-updated:10days", ALL);
    check("nothing-of-the-kind:1", &[]);
    check("it's", &[]);
}

#[test]
fn what_is_not_modelled_is_named() {
    let refused = Filter::read("reviewers:octocat").unwrap_err();
    assert_eq!(refused, Refusal::not_modelled("ProjectV2.items(query: \"reviewers:\")"));
}
