//! What people do to a world between two runs, as a small list in JSON.
//!
//! `octocat` does it, on GitHub's pages as it were. Issues are named by their key (`voice/discover/define-scope`) or as
//! `owner/name#number`, boards as `owner/number`.

mod board;
mod issue;
mod label;
mod milestone;
mod view;

use serde::Deserialize;
use spectra_model::marker::MarkedBody;
use spectra_sandbox::World;
use spectra_sandbox::world::NodeId;
use spectra_sandbox::world::field::Field;
use spectra_sandbox::world::owner::OwnerKind;

pub use self::board::BoardEdit;
pub use self::issue::IssueEdit;
pub use self::label::LabelEdit;
pub use self::milestone::MilestoneEdit;
pub use self::view::ViewEdit;

const PERSON: &str = "octocat";

/// Why an edit could not be made.
pub type Problem = Box<dyn std::error::Error + Send + Sync>;

/// One thing that a person does.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Edit {
    Board(BoardEdit),
    Issue(IssueEdit),
    Label(LabelEdit),
    Milestone(MilestoneEdit),
    View(ViewEdit),
}

/// Makes edits, one after the other.
///
/// # Errors
/// When one names what isn't there, or GitHub refuses it.
pub fn edit(world: &mut World, edits: Vec<Edit>) -> Result<(), Problem> {
    let viewer = world.viewer.clone();
    let person = world.owner_by_login(PERSON).map(|owner| owner.id.clone());
    world.viewer = person.unwrap_or_else(|| world.add_owner(OwnerKind::User, PERSON, None));
    let done = edits.into_iter().try_for_each(|edit| {
        let told = format!("{edit:?}");
        let made = match edit {
            Edit::Board(edit) => board::make(world, edit),
            Edit::Issue(edit) => issue::make(world, edit),
            Edit::Label(edit) => label::make(world, edit),
            Edit::Milestone(edit) => milestone::make(world, edit),
            Edit::View(edit) => view::make(world, edit),
        };
        made.map_err(|problem| Problem::from(format!("{told}: {problem}")))
    });
    world.viewer = viewer;
    done
}

fn replaced(text: &str, old: &str, new: &str) -> Result<String, Problem> {
    if text.contains(old) {
        Ok(text.replace(old, new))
    } else {
        Err(format!("{old:?} isn't in {text:?}").into())
    }
}

fn issue_named(world: &World, name: &str) -> Result<NodeId, Problem> {
    let found = if let Some((repository, number)) = name.split_once('#') {
        let repository = world.repositories.find(&repository_named(world, repository)?)?;
        repository.issues.get(&number.parse()?).cloned()
    } else {
        let is_it = |body: &str| MarkedBody::read(body).is_some_and(|body| body.marker.key.as_str() == name);
        let mut issues: Vec<_> = world.issues.values().filter(|issue| is_it(&issue.body)).collect();
        issues.sort_by_key(|issue| issue.number);
        issues.first().map(|issue| issue.id.clone())
    };
    found.ok_or_else(|| format!("no issue {name}").into())
}

fn repository_named(world: &World, name: &str) -> Result<NodeId, Problem> {
    let (owner, repository) = name.split_once('/').ok_or("owner/name is wanted")?;
    Ok(world.repository_by_name(owner, repository)?.id.clone())
}

fn board_named(world: &World, name: &str) -> Result<NodeId, Problem> {
    let (owner, number) = name.split_once('/').ok_or("owner/number is wanted")?;
    let owner = world.owner_by_login(owner).ok_or("no such owner")?;
    owner.projects.get(&number.parse()?).cloned().ok_or_else(|| format!("no board {name}").into())
}

fn field_of(world: &World, project: &NodeId, name: &str) -> Result<Field, Problem> {
    world.field_by_name(project, name).cloned().ok_or_else(|| format!("no field {name}").into())
}

fn label_named(world: &World, repository: &NodeId, name: &str) -> Result<NodeId, Problem> {
    let label = world.label_by_name(repository, name).ok_or_else(|| format!("no label {name}"))?;
    Ok(label.id.clone())
}
