//! The operations, each from its file in `graphql/`, compiled against the pruned schema.
//!
//! What the derive makes is wire form: it is turned into the model's nouns where it is received and goes no further.

use graphql_client::GraphQLQuery;

macro_rules! operation {
    ($name:ident, $file:tt) => {
        operation!($name, $file, "Debug, Default");
    };
    ($name:ident, $file:tt, $variables:tt) => {
        #[derive(GraphQLQuery)]
        #[graphql(
                                                    schema_path = "../../schemas/github/client.graphql",
                                                    query_path = $file,
                                                    variables_derives = $variables,
                                                    response_derives = "Debug",
                                                    custom_scalars_module = "crate::scalars",
                                                    fragments_other_variant = "true",
                                                    deprecated = "deny",
                                                    skip_serializing_none
                                                )]
        pub(crate) struct $name;
    };
}

operation!(Viewer, "graphql/viewer.graphql");
operation!(Organization, "graphql/organization.graphql");
operation!(User, "graphql/user.graphql");
operation!(Boards, "graphql/boards.graphql");
operation!(Board, "graphql/board.graphql");
operation!(Fields, "graphql/fields.graphql");
operation!(Labels, "graphql/labels.graphql");
operation!(RepositoryIssues, "graphql/repository_issues.graphql", "Debug");
operation!(IssuesById, "graphql/issues_by_id.graphql");
operation!(IssueLabels, "graphql/issue_labels.graphql");
operation!(IssueAssignees, "graphql/issue_assignees.graphql");
operation!(IssueSubIssues, "graphql/issue_sub_issues.graphql");
operation!(IssueBlockers, "graphql/issue_blockers.graphql");
operation!(IssueItems, "graphql/issue_items.graphql");
operation!(ItemValues, "graphql/item_values.graphql");
operation!(BoardItems, "graphql/board_items.graphql");
operation!(ItemsById, "graphql/items_by_id.graphql");
operation!(DraftAssignees, "graphql/draft_assignees.graphql");
operation!(Views, "graphql/views.graphql");
operation!(BoardLinks, "graphql/board_links.graphql");
operation!(IssueTypes, "graphql/issue_types.graphql");
operation!(Assignable, "graphql/assignable.graphql");
operation!(Person, "graphql/person.graphql");
operation!(Team, "graphql/team.graphql");
operation!(MarkedBodies, "graphql/marked_bodies.graphql");
operation!(Parents, "graphql/parents.graphql");

operation!(CreateProject, "graphql/create_project.graphql");
operation!(UpdateProject, "graphql/update_project.graphql");
operation!(DeleteProject, "graphql/delete_project.graphql");
operation!(CreateLabel, "graphql/create_label.graphql");
operation!(UpdateLabel, "graphql/update_label.graphql");
operation!(CreateField, "graphql/create_field.graphql", "Debug");
operation!(UpdateField, "graphql/update_field.graphql", "Debug");
operation!(CreateIssue, "graphql/create_issue.graphql");
operation!(UpdateIssue, "graphql/update_issue.graphql", "Debug");
operation!(AddLabels, "graphql/add_labels.graphql", "Debug");
operation!(RemoveLabels, "graphql/remove_labels.graphql");
operation!(AddItem, "graphql/add_item.graphql");
operation!(SetValue, "graphql/set_value.graphql");
operation!(ClearValue, "graphql/clear_value.graphql");
operation!(AddSubIssue, "graphql/add_sub_issue.graphql");
operation!(AddBlockedBy, "graphql/add_blocked_by.graphql");
operation!(RemoveBlockedBy, "graphql/remove_blocked_by.graphql");
operation!(DeleteLabel, "graphql/delete_label.graphql");
operation!(DeleteField, "graphql/delete_field.graphql");
operation!(CreateView, "graphql/create_view.graphql", "Debug");
operation!(UpdateView, "graphql/update_view.graphql", "Debug");
operation!(DeleteView, "graphql/delete_view.graphql");
operation!(AddAssignees, "graphql/add_assignees.graphql", "Debug");
operation!(RemoveAssignees, "graphql/remove_assignees.graphql");
operation!(DeleteIssue, "graphql/delete_issue.graphql");
operation!(TransferIssue, "graphql/transfer_issue.graphql");
operation!(CreateDraft, "graphql/create_draft.graphql");
operation!(UpdateDraft, "graphql/update_draft.graphql");
operation!(ConvertDraft, "graphql/convert_draft.graphql");
operation!(ArchiveItem, "graphql/archive_item.graphql");
operation!(UnarchiveItem, "graphql/unarchive_item.graphql");
operation!(DeleteItem, "graphql/delete_item.graphql");
operation!(MoveSubIssue, "graphql/move_sub_issue.graphql");
operation!(LinkRepository, "graphql/link_repository.graphql");
operation!(UnlinkRepository, "graphql/unlink_repository.graphql");
operation!(LinkTeam, "graphql/link_team.graphql");
operation!(UnlinkTeam, "graphql/unlink_team.graphql");
