//! What a write counts as: for the windows, for the size of requests, and when its answer is lost.

use super::{Replay, Write};
use crate::pacing::Api;

impl Write {
    /// Over which of GitHub's two interfaces it goes.
    pub fn api(&self) -> Api {
        let over_rest = matches!(
            self,
            Self::CreateMilestone { .. }
                | Self::UpdateMilestone { .. }
                | Self::DeleteMilestone { .. }
                | Self::CreateRestView { .. }
        );
        if over_rest { Api::Rest } else { Api::GraphQl }
    }

    /// Whether GitHub counts it as a content creation.
    pub fn creates_content(&self) -> bool {
        match self {
            Self::CreateProject { .. }
            | Self::CreateLabel { .. }
            | Self::CreateMilestone { .. }
            | Self::CreateField { .. }
            | Self::CreateView { .. }
            | Self::CreateRestView { .. }
            | Self::CreateIssue { .. }
            | Self::CreateDraft { .. }
            | Self::ConvertDraft { .. }
            | Self::TransferIssue { .. }
            | Self::AddSubIssue { .. }
            | Self::AddBlockedBy { .. } => true,
            Self::UpdateProject { .. }
            | Self::DeleteProject { .. }
            | Self::UpdateLabel { .. }
            | Self::DeleteLabel { .. }
            | Self::UpdateMilestone { .. }
            | Self::DeleteMilestone { .. }
            | Self::UpdateField { .. }
            | Self::DeleteField { .. }
            | Self::UpdateView { .. }
            | Self::DeleteView { .. }
            | Self::UpdateIssue { .. }
            | Self::SetState { .. }
            | Self::SetMilestone { .. }
            | Self::SetIssueType { .. }
            | Self::AddLabels { .. }
            | Self::RemoveLabels { .. }
            | Self::AddAssignees { .. }
            | Self::RemoveAssignees { .. }
            | Self::DeleteIssue { .. }
            | Self::UpdateDraft { .. }
            | Self::AddItem { .. }
            | Self::ArchiveItem { .. }
            | Self::UnarchiveItem { .. }
            | Self::DeleteItem { .. }
            | Self::SetValue { .. }
            | Self::ClearValue { .. }
            | Self::RemoveBlockedBy { .. }
            | Self::MoveSubIssue { .. }
            | Self::LinkRepository { .. }
            | Self::UnlinkRepository { .. }
            | Self::LinkTeam { .. }
            | Self::UnlinkTeam { .. } => false,
        }
    }

    /// Whether it weighs like a creation in a request: creations do, and deletions were seen to fail in batches of 11.
    pub fn is_heavy(&self) -> bool {
        self.creates_content()
            || matches!(
                self,
                Self::DeleteProject { .. }
                    | Self::DeleteField { .. }
                    | Self::DeleteLabel { .. }
                    | Self::DeleteIssue { .. }
                    | Self::DeleteItem { .. }
            )
    }

    /// What sending it a second time does.
    pub fn replay(&self) -> Replay {
        match self {
            Self::UpdateProject { .. }
            | Self::UpdateLabel { .. }
            | Self::UpdateMilestone { .. }
            | Self::UpdateView { .. }
            | Self::UpdateIssue { .. }
            | Self::SetState { .. }
            | Self::SetMilestone { .. }
            | Self::SetIssueType { .. }
            | Self::AddLabels { .. }
            | Self::RemoveLabels { .. }
            | Self::AddAssignees { .. }
            | Self::RemoveAssignees { .. }
            | Self::UpdateDraft { .. }
            | Self::ArchiveItem { .. }
            | Self::UnarchiveItem { .. }
            | Self::SetValue { .. }
            | Self::ClearValue { .. }
            | Self::MoveSubIssue { .. }
            | Self::RemoveBlockedBy { .. } => Replay::Safe,
            Self::AddItem { .. }
            | Self::AddSubIssue { .. }
            | Self::AddBlockedBy { .. }
            | Self::LinkRepository { .. }
            | Self::LinkTeam { .. } => Replay::RefusedAsThere,
            // A second createLabel, createProjectV2Field or milestone is refused by name, but the thing's id is then
            // still to be looked up. A second deletion or unlinking is refused as not found, which says too little.
            Self::CreateProject { .. }
            | Self::DeleteProject { .. }
            | Self::CreateLabel { .. }
            | Self::DeleteLabel { .. }
            | Self::CreateMilestone { .. }
            | Self::DeleteMilestone { .. }
            | Self::CreateField { .. }
            | Self::DeleteField { .. }
            | Self::CreateView { .. }
            | Self::CreateRestView { .. }
            | Self::DeleteView { .. }
            | Self::CreateIssue { .. }
            | Self::DeleteIssue { .. }
            | Self::TransferIssue { .. }
            | Self::CreateDraft { .. }
            | Self::ConvertDraft { .. }
            | Self::DeleteItem { .. }
            | Self::UnlinkRepository { .. }
            | Self::UnlinkTeam { .. } => Replay::Never,
            // A second updateProjectV2Field makes options and iterations without ids anew and loses their values.
            Self::UpdateField { options, iterations, .. } => {
                let options = options.iter().flatten().all(|option| option.id.is_some());
                let iterations = iterations.iter().flatten().all(|iteration| iteration.id.is_some());
                if options && iterations { Replay::Safe } else { Replay::Never }
            }
        }
    }
}
