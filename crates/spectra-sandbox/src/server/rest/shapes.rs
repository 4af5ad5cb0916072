//! Rows of the world as REST shows them. GitHub: OpenAPI; every member that it requires is there.
//!
//! Addresses of the API lead back to this sandbox, so that a client that follows one stays in it; addresses of pages are
//! github.com's.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Call, encode};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::issue::Issue;
use crate::world::issue_type::IssueType;
use crate::world::label::Label;
use crate::world::milestone::Milestone;
use crate::world::owner::{Owner, OwnerKind};
use crate::world::repository::Visibility;

/// What shapes are made from.
#[derive(Clone, Copy)]
pub(super) struct Shapes<'a> {
    pub(super) world: &'a World,
    base: &'a str,
}

impl<'a> Shapes<'a> {
    pub(super) fn new(world: &'a World, call: &'a Call<'_>) -> Self {
        Self { world, base: call.base() }
    }

    /// An address of this API.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// `simple-user`, which organisations are shown as too; null for nobody.
    pub(super) fn user(&self, id: &NodeId) -> Value {
        self.world.owners.get(id).map_or(Value::Null, |owner| self.account(owner))
    }

    /// `simple-user`.
    pub(super) fn account(&self, owner: &Owner) -> Value {
        let url = self.url(&format!("/users/{}", owner.login));
        json!({
            "login": owner.login,
            "id": owner.database_id,
            "node_id": owner.id,
            "avatar_url": format!("https://avatars.githubusercontent.com/u/{}?v=4", owner.database_id),
            "gravatar_id": "",
            "url": url,
            "html_url": owner.url(),
            "followers_url": format!("{url}/followers"),
            "following_url": format!("{url}/following{{/other_user}}"),
            "gists_url": format!("{url}/gists{{/gist_id}}"),
            "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
            "subscriptions_url": format!("{url}/subscriptions"),
            "organizations_url": format!("{url}/orgs"),
            "repos_url": format!("{url}/repos"),
            "events_url": format!("{url}/events{{/privacy}}"),
            "received_events_url": format!("{url}/received_events"),
            "type": kind(owner),
            "user_view_type": "public",
            "site_admin": false,
        })
    }

    /// `private-user`, as far as it is required of a user that asks for somebody.
    pub(super) fn full_user(&self, owner: &Owner) -> Value {
        let mut user = self.account(owner);
        let more = json!({
            "name": owner.name,
            "company": null,
            "blog": "",
            "location": null,
            "email": null,
            "hireable": null,
            "bio": null,
            "twitter_username": null,
            "public_repos": self.public_repositories(owner),
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "created_at": time(owner.created_at),
            "updated_at": time(owner.created_at),
        });
        merge(&mut user, more);
        user
    }

    /// `organization-simple`.
    pub(super) fn simple_organization(&self, owner: &Owner) -> Value {
        let url = self.url(&format!("/orgs/{}", owner.login));
        json!({
            "login": owner.login,
            "id": owner.database_id,
            "node_id": owner.id,
            "url": url,
            "repos_url": format!("{url}/repos"),
            "events_url": format!("{url}/events"),
            "hooks_url": format!("{url}/hooks"),
            "issues_url": format!("{url}/issues"),
            "members_url": format!("{url}/members{{/member}}"),
            "public_members_url": format!("{url}/public_members{{/member}}"),
            "avatar_url": format!("https://avatars.githubusercontent.com/u/{}?v=4", owner.database_id),
            "description": null,
        })
    }

    /// `organization-full`, which a team's `team-organization` is too.
    pub(super) fn organization(&self, owner: &Owner) -> Value {
        let mut shown = self.simple_organization(owner);
        let more = json!({
            // GitHub: OpenAPI: never null.
            "name": owner.name.as_ref().unwrap_or(&owner.login),
            "is_verified": false,
            "has_organization_projects": true,
            "has_repository_projects": true,
            "public_repos": self.public_repositories(owner),
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "html_url": owner.url(),
            "type": "Organization",
            "created_at": time(owner.created_at),
            "updated_at": time(owner.created_at),
            "archived_at": null,
        });
        merge(&mut shown, more);
        if owner.has_member(&self.world.viewer) {
            merge(&mut shown, self.for_members(owner));
        }
        shown
    }

    /// What an organisation shows to those who belong to it. GitHub: recorded; nothing of it can be changed here.
    fn for_members(&self, owner: &Owner) -> Value {
        let private = owner.repositories.len().saturating_sub(self.public_repositories(owner));
        json!({
            "total_private_repos": private,
            "owned_private_repos": private,
            "private_gists": 0,
            "disk_usage": 0,
            "collaborators": 0,
            "billing_email": null,
            "default_repository_permission": "read",
            "members_can_create_repositories": true,
            "two_factor_requirement_enabled": false,
            "members_allowed_repository_creation_type": "all",
            "members_can_create_public_repositories": true,
            "members_can_create_private_repositories": true,
            "members_can_create_internal_repositories": false,
            "members_can_create_pages": true,
            "members_can_fork_private_repositories": false,
            "members_can_create_public_pages": true,
            "members_can_create_private_pages": true,
            "web_commit_signoff_required": false,
            "plan": {
                "name": "team", "space": 976_562_499, "private_repos": 999_999, "filled_seats": 1, "seats": 5,
            },
        })
    }

    /// GitHub's own account, in whose name workflows act. GitHub: its GraphQL calls it `github-project-automation`.
    pub(super) fn bot(&self) -> Value {
        let url = self.url("/users/github-project-automation%5Bbot%5D");
        json!({
            "login": "github-project-automation[bot]",
            "id": 113_052_574,
            "node_id": "BOT_kgDOBr0Lng",
            "avatar_url": "https://avatars.githubusercontent.com/in/235829?v=4",
            "gravatar_id": "",
            "url": url,
            "html_url": "https://github.com/apps/github-project-automation",
            "followers_url": format!("{url}/followers"),
            "following_url": format!("{url}/following{{/other_user}}"),
            "gists_url": format!("{url}/gists{{/gist_id}}"),
            "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
            "subscriptions_url": format!("{url}/subscriptions"),
            "organizations_url": format!("{url}/orgs"),
            "repos_url": format!("{url}/repos"),
            "events_url": format!("{url}/events{{/privacy}}"),
            "received_events_url": format!("{url}/received_events"),
            "type": "Bot",
            "user_view_type": "public",
            "site_admin": false,
        })
    }

    /// `/repos/OWNER/NAME` on this API.
    pub(super) fn repository_url(&self, id: &NodeId) -> String {
        let name = self.world.repositories.get(id).map(|row| self.world.name_with_owner(row));
        self.url(&format!("/repos/{}", name.unwrap_or_default()))
    }

    /// `label`.
    pub(super) fn label(&self, row: &Label) -> Value {
        json!({
            "id": row.database_id,
            "node_id": row.id,
            "url": format!("{}/labels/{}", self.repository_url(&row.repository), encode(&row.name)),
            "name": row.name,
            "description": row.description,
            "color": row.color,
            "default": row.is_default,
        })
    }

    /// `milestone`.
    pub(super) fn milestone(&self, row: &Milestone) -> Value {
        let url = format!("{}/milestones/{}", self.repository_url(&row.repository), row.number);
        let repository = self.world.repositories.get(&row.repository);
        let name = repository.map(|repository| self.world.name_with_owner(repository)).unwrap_or_default();
        let (open, closed) = self.world.milestone_counts(row);
        json!({
            "url": url,
            "html_url": format!("https://github.com/{name}/milestone/{}", row.number),
            "labels_url": format!("{url}/labels"),
            "id": row.database_id,
            "node_id": row.id,
            "number": row.number,
            "state": if row.closed_at.is_some() { "closed" } else { "open" },
            "title": row.title,
            "description": row.description,
            "creator": self.user(&row.creator),
            "open_issues": open,
            "closed_issues": closed,
            "created_at": time(row.created_at),
            "updated_at": time(row.updated_at),
            "closed_at": row.closed_at.map(time),
            "due_on": row.due_on.map(time),
        })
    }

    /// `issue`.
    pub(super) fn issue(&self, row: &Issue) -> Value {
        let repository = self.repository_url(&row.repository);
        let url = format!("{repository}/issues/{}", row.number);
        let mut issue = json!({
            "url": url,
            "repository_url": repository,
            "labels_url": format!("{url}/labels{{/name}}"),
            "comments_url": format!("{url}/comments"),
            "events_url": format!("{url}/events"),
            "html_url": format!("https://github.com{}", self.world.issue_path(row)),
            "timeline_url": format!("{url}/timeline"),
            "id": row.database_id,
            "node_id": row.id,
            "number": row.number,
            "title": row.title,
            "user": self.user(&row.author),
            "labels": self.labels(&row.labels),
            "state": if row.is_open() { "open" } else { "closed" },
            "state_reason": row.state_reason().map(str::to_lowercase),
            "locked": row.lock.is_some(),
            "active_lock_reason": row.lock.as_ref().and_then(|lock| lock.reason.as_deref()).map(super::issue::lock_reason),
            "assignee": row.assignees.first().map_or(Value::Null, |id| self.user(id)),
            "assignees": row.assignees.iter().map(|id| self.user(id)).collect::<Vec<_>>(),
            "milestone": self.one_milestone(row.milestone.as_ref()),
            "comments": row.comments.len(),
            "created_at": time(row.created_at),
            "updated_at": time(row.updated_at),
            "closed_at": row.closed_at().map(time),
            "closed_by": self.world.closed_by(row).map(|id| self.user(id)),
            "author_association": self.association(&row.repository, &row.author),
            // GitHub: an issue that was opened without a text has null here.
            "body": Some(&row.body).filter(|body| !body.is_empty()),
            "performed_via_github_app": null,
        });
        let kind = row.issue_type.as_ref().and_then(|id| self.world.issue_types.get(id));
        merge(
            &mut issue,
            json!({
                "type": kind.map(issue_type),
                "reactions": reactions(&url),
                "sub_issues_summary": self.parts(row),
                "issue_dependencies_summary": self.dependencies(row),
            }),
        );
        merge(&mut issue, json!({ "pinned_comment": null }));
        if let Some(parent) = row.parent.as_ref().and_then(|id| self.world.issues.get(id)) {
            let url = format!("{}/issues/{}", self.repository_url(&parent.repository), parent.number);
            merge(&mut issue, json!({ "parent_issue_url": url }));
        }
        issue
    }

    /// Labels in their order.
    pub(super) fn labels(&self, ids: &[NodeId]) -> Vec<Value> {
        ids.iter().filter_map(|id| self.world.labels.get(id)).map(|row| self.label(row)).collect()
    }

    /// A milestone, or null for none.
    pub(super) fn one_milestone(&self, id: Option<&NodeId>) -> Value {
        id.and_then(|id| self.world.milestones.get(id)).map_or(Value::Null, |row| self.milestone(row))
    }

    fn parts(&self, row: &Issue) -> Value {
        let total = row.sub_issues.len();
        let is_done = |id: &&NodeId| self.world.issues.get(id).is_some_and(|part| !part.is_open());
        let completed = row.sub_issues.iter().filter(is_done).count();
        let percent = (completed * 100).checked_div(total).unwrap_or(0);
        json!({ "total": total, "completed": completed, "percent_completed": percent })
    }

    /// That the short counters leave closed issues out is inferred from their names.
    fn dependencies(&self, row: &Issue) -> Value {
        let is_open = |id: &&NodeId| self.world.issues.get(id).is_some_and(Issue::is_open);
        json!({
            "blocked_by": row.blocked_by.iter().filter(is_open).count(),
            "total_blocked_by": row.blocked_by.len(),
            "blocking": row.blocking.iter().filter(is_open).count(),
            "total_blocking": row.blocking.len(),
        })
    }

    /// `author-association`. GitHub's schema: `CommentAuthorAssociation`.
    pub(super) fn association(&self, repository: &NodeId, author: &NodeId) -> &'static str {
        let Some(row) = self.world.repositories.get(repository) else { return "NONE" };
        if row.owner == *author {
            return "OWNER";
        }
        let owner = self.world.owners.get(&row.owner);
        let is_organization = |owner: &&Owner| owner.kind == OwnerKind::Organization;
        if owner.filter(is_organization).is_some_and(|owner| owner.has_member(author)) {
            return "MEMBER";
        }
        let collaborates = row.collaborators.as_ref().is_none_or(|named| named.contains_key(author));
        if collaborates { "COLLABORATOR" } else { "NONE" }
    }

    fn public_repositories(&self, owner: &Owner) -> usize {
        let rows = owner.repositories.iter().filter_map(|id| self.world.repositories.get(id));
        rows.filter(|row| row.visibility == Visibility::Public).count()
    }
}

/// `issue-type`.
pub(super) fn issue_type(row: &IssueType) -> Value {
    json!({
        "id": row.database_id,
        "node_id": row.id,
        "name": row.name,
        "description": row.description,
        "color": row.color.to_lowercase(),
        "created_at": time(row.created_at),
        "updated_at": time(row.created_at),
        "is_enabled": row.is_enabled,
    })
}

/// `issue-type-webhook`: the type as an event names it; null for one that is gone.
pub(super) fn kind_of_issue(row: Option<&IssueType>) -> Value {
    row.map_or(
        Value::Null,
        |row| json!({ "id": row.database_id, "name": row.name, "color": row.color.to_lowercase() }),
    )
}

/// Nobody reacts here.
pub(super) fn reactions(url: &str) -> Value {
    json!({
        "url": format!("{url}/reactions"),
        "total_count": 0, "+1": 0, "-1": 0, "laugh": 0, "hooray": 0, "confused": 0, "heart": 0, "rocket": 0, "eyes": 0,
    })
}

/// `User` or `Organization`.
pub(super) fn kind(owner: &Owner) -> &'static str {
    match owner.kind {
        OwnerKind::User => "User",
        OwnerKind::Organization => "Organization",
    }
}

/// GitHub writes whole seconds in UTC.
pub(super) fn time(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Adds members to an object.
pub(super) fn merge(object: &mut Value, more: Value) {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
}
