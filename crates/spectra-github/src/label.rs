//! Labels.

use spectra_model::id::{LabelName, NodeId};
use spectra_model::observation::Label;

use crate::batch::batch_op;
use crate::operations::{
    AddLabels, CreateLabel, DeleteLabel, RemoveLabels, UpdateLabel, add_labels, create_label, delete_label,
    labels, remove_labels, update_label,
};

batch_op!(DeleteLabel, delete_label, "deleteLabel", DeleteLabelInput, DeleteLabelSel);
batch_op!(CreateLabel, create_label, "createLabel", CreateLabelInput, CreateLabelSel);
batch_op!(UpdateLabel, update_label, "updateLabel", UpdateLabelInput, UpdateLabelSel);
batch_op!(AddLabels, add_labels, "addLabelsToLabelable", AddLabelsToLabelableInput, AddLabelsSel);
batch_op!(
    RemoveLabels,
    remove_labels,
    "removeLabelsFromLabelable",
    RemoveLabelsFromLabelableInput,
    RemoveLabelsSel
);

impl From<labels::LabelsRepositoryLabelsNodes> for Label {
    fn from(label: labels::LabelsRepositoryLabelsNodes) -> Self {
        let used_by = label.issues.total_count.saturating_add(label.pull_requests.total_count);
        Self {
            id: NodeId::new(label.id),
            name: LabelName::new(label.name),
            color: label.color,
            description: label.description.unwrap_or_default(),
            used_by: usize::try_from(used_by).ok(),
        }
    }
}

pub(crate) fn create(
    repository: &NodeId,
    name: &LabelName,
    colour: &str,
    description: Option<&str>,
) -> create_label::CreateLabelInput {
    create_label::CreateLabelInput {
        repository_id: repository.as_str().to_owned(),
        name: name.as_str().to_owned(),
        color: colour.to_owned(),
        description: description.map(str::to_owned),
        ..Default::default()
    }
}

pub(crate) fn update(
    label: &NodeId,
    name: Option<&LabelName>,
    colour: Option<&str>,
    description: Option<&str>,
) -> update_label::UpdateLabelInput {
    update_label::UpdateLabelInput {
        id: label.as_str().to_owned(),
        name: name.map(|name| name.as_str().to_owned()),
        color: colour.map(str::to_owned),
        description: description.map(str::to_owned),
        ..Default::default()
    }
}

pub(crate) fn delete(label: &NodeId) -> delete_label::DeleteLabelInput {
    delete_label::DeleteLabelInput { id: label.as_str().to_owned(), ..Default::default() }
}

pub(crate) fn add(issue: &NodeId, labels: &[NodeId]) -> add_labels::AddLabelsToLabelableInput {
    add_labels::AddLabelsToLabelableInput {
        client_mutation_id: None,
        label_ids: Some(texts(labels)),
        labelable_id: issue.as_str().to_owned(),
        labels: None,
    }
}

pub(crate) fn remove(issue: &NodeId, labels: &[NodeId]) -> remove_labels::RemoveLabelsFromLabelableInput {
    remove_labels::RemoveLabelsFromLabelableInput {
        label_ids: texts(labels),
        labelable_id: issue.as_str().to_owned(),
        ..Default::default()
    }
}

pub(crate) fn texts(ids: &[NodeId]) -> Vec<String> {
    ids.iter().map(|id| id.as_str().to_owned()).collect()
}
