//! Repositories and their labels.

use spectra_model::id::{LabelName, NodeId, RepoSlug};
use spectra_model::observation::{Label, Repository};

use crate::batch::batch_op;
use crate::failure::Failure;
use crate::operations::{
    AddLabels, CreateLabel, Labels, RemoveLabels, UpdateLabel, add_labels, create_label, labels,
    remove_labels, update_label,
};
use crate::page::{LARGEST, Page, all, page};
use crate::reader::{Reader, found};

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
        Self {
            id: NodeId::new(label.id),
            name: LabelName::new(label.name),
            color: label.color,
            description: label.description.unwrap_or_default(),
        }
    }
}

impl Reader {
    /// A repository with all its labels, those by name; None where it isn't seen.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn repository(&self, slug: &RepoSlug) -> Result<Option<Repository>, Failure> {
        let Some((found, first)) = self.labels_page(slug, LARGEST, None).await? else { return Ok(None) };
        let mut labels = all("labels", Some(first), LARGEST, |first, after| async move {
            let page = self.labels_page(slug, first, after).await?;
            page.map(|(_, page)| page).ok_or_else(|| gone(slug))
        })
        .await?;
        labels.sort_by(|one, other| one.name.cmp(&other.name));
        labels.dedup_by(|one, other| one.id == other.id);
        Ok(Some(Repository { labels, ..found }))
    }

    async fn labels_page(
        &self,
        slug: &RepoSlug,
        first: i64,
        after: Option<String>,
    ) -> Result<Option<(Repository, Page<Label>)>, Failure> {
        let (owner, name) = (slug.owner().to_owned(), slug.name().to_owned());
        let variables = labels::Variables { owner, name, first, after };
        let data = found(self.client().query::<Labels>(variables).await?)?;
        Ok(data.and_then(|data| data.repository).map(|it| {
            let page = it.labels.map_or_else(Page::empty, |page| page!(page));
            // GitHub: those who may only read have their labels dropped in silence, and can make none.
            let writable = !matches!(it.viewer_permission, Some(labels::RepositoryPermission::READ));
            (Repository { id: NodeId::new(it.id), labels: Vec::new(), writable }, page)
        }))
    }
}

/// A repository that was there a moment ago.
pub(crate) fn gone(slug: &RepoSlug) -> Failure {
    Failure::NotFound { message: format!("repository {slug}") }
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
