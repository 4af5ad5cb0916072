//! Issue types. They belong to an organisation and are read from its repositories.

use spectra_model::id::{IssueTypeName, NodeId};

use crate::operations::{issue_types, labels};

/// An issue type as a list has it.
pub(crate) struct IssueType {
    pub(crate) id: NodeId,
    pub(crate) name: IssueTypeName,
    pub(crate) enabled: bool,
}

impl From<labels::LabelsRepositoryIssueTypesNodes> for IssueType {
    fn from(it: labels::LabelsRepositoryIssueTypesNodes) -> Self {
        Self { id: NodeId::new(it.id), name: IssueTypeName::new(it.name), enabled: it.is_enabled }
    }
}

impl From<issue_types::IssueTypesRepositoryIssueTypesNodes> for IssueType {
    fn from(it: issue_types::IssueTypesRepositoryIssueTypesNodes) -> Self {
        Self { id: NodeId::new(it.id), name: IssueTypeName::new(it.name), enabled: it.is_enabled }
    }
}
