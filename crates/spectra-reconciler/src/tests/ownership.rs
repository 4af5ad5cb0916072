//! What counts as made by Spectra, where the record is behind; and what counts as the plan's.

use spectra_model::board_record::{BoardRecord, Made};
use spectra_model::id::{FieldName, LabelName, OptionName};

use super::world::{World, options};
use super::{in_sync, plan};
use crate::{making, preview, reconcile};

const LABEL: &str = "o/r#type%3Atask";

fn record(world: &mut World) -> &mut BoardRecord {
    world.board().parts.record.as_mut().unwrap()
}

fn made(world: &World) -> Made {
    reconcile(&plan(), &world.github, &options()).made
}

/// A world in sync whose record has lost what was made of a label, a field and an option, and what it knew before.
fn with_lost_answers() -> (Made, World) {
    let (plan, mut world) = in_sync();
    for label in &plan.labels {
        let key = crate::label_key(&label.repository, &label.name);
        let found = world.github.repositories[&label.repository].labels.iter();
        let id = found.clone().find(|it| it.name == label.name).unwrap().id.clone();
        record(&mut world).made.labels.insert(key, id);
    }
    let known = made(&world);
    let record = record(&mut world);
    record.made.labels.remove(LABEL).unwrap();
    record.made.fields.remove(&FieldName::new("Stage")).unwrap();
    record.made.options.remove(&FieldName::new("Stage")).unwrap();
    (known, world)
}

#[test]
fn what_a_run_set_out_to_make_and_is_there_counts_as_made() {
    let (known, mut world) = with_lost_answers();
    record(&mut world).making = making(&preview(&plan()).changes);
    assert_eq!(made(&world), known);
}

#[test]
fn what_people_made_under_the_plans_names_stays_theirs() {
    let (known, world) = with_lost_answers();
    let made = made(&world);
    assert!(!made.labels.contains_key(LABEL));
    assert!(!made.fields.contains_key(&FieldName::new("Stage")));
    assert!(!made.options.contains_key(&FieldName::new("Stage")));
    assert_ne!(made, known);
}

#[test]
fn what_was_renamed_is_known_by_its_new_name() {
    let (mut plan, mut world) = in_sync();
    let before = reconcile(&plan, &world.github, &options()).made;
    let (old, new) = (FieldName::new("Stage"), FieldName::new("Phase"));
    let field = plan.fields.iter_mut().find(|field| field.name == old).unwrap();
    field.name = new.clone();
    field.renamed_from = vec![old.clone()];
    field.options[0].name = OptionName::new("Find out");
    field.options[0].renamed_from = vec![OptionName::new("Discover")];
    // The write went through and its answer was lost: the record has the old names.
    let observed = world.board().fields.iter_mut().find(|field| field.name == old).unwrap();
    observed.name = new.clone();
    observed.options[0].name = OptionName::new("Find out");

    let made = reconcile(&plan, &world.github, &options()).made;
    assert_eq!(made.fields.get(&new), before.fields.get(&old));
    let ids = |made: &Made, name: &FieldName| made.options[name].values().cloned().collect::<Vec<_>>();
    assert!(made.options[&new].contains_key(&OptionName::new("Find out")));
    assert_eq!(ids(&made, &new).len(), ids(&before, &old).len());
    assert!(!made.fields.contains_key(&old) && !made.options.contains_key(&old));
}

#[test]
fn what_the_plan_no_longer_has_is_not_among_its_things() {
    let (mut plan, world) = in_sync();
    let before = reconcile(&plan, &world.github, &options()).change_set.counts.unchanged;
    plan.issues.retain(|issue| issue.key.as_str() != "voice/source");
    plan.links.truncate(2);
    let counts = reconcile(&plan, &world.github, &options()).change_set.counts;
    assert_eq!((counts.update, counts.unchanged), (1, before - 3));
}

#[test]
fn a_label_that_people_put_in_the_place_of_ours_is_theirs() {
    let (_, mut world) = with_lost_answers();
    let stale = spectra_model::id::NodeId::new("LA_gone");
    record(&mut world).made.labels.insert(LABEL.to_owned(), stale);
    assert!(!made(&world).labels.contains_key(LABEL));
    let label = LabelName::new("type:task");
    assert!(world.github.repositories.values().any(|it| it.labels.iter().any(|it| it.name == label)));
}
