//! Markers that people take out, break or rewrite, and what the history of the body tells of them.

use spectra_model::Setting;
use spectra_model::id::{IssueKey, LabelName, Login, NodeId};
use spectra_model::marker::{MarkedBody, Origin};
use spectra_model::observation::{BodyHistory, Version};
use spectra_model::plan::Plan;

use super::world::{World, options};
use super::{in_sync, settles, shown};
use crate::{Adoption, Options, Refusal, doubtful, reconcile};

const SCOPE: &str = "voice/discover/scope";

/// A world in sync, in which a person rewrote an issue's body and its title; its history is there to be asked for.
fn rewritten(edit: impl Fn(&str) -> String) -> (Plan, World, String) {
    let (plan, mut world) = in_sync();
    let url = rewrite(&mut world, "a-person", edit);
    (plan, world, url)
}

fn rewrite(world: &mut World, editor: &str, edit: impl Fn(&str) -> String) -> String {
    let issue = world.issue("scope");
    let before = std::mem::take(&mut issue.body);
    issue.body = edit(&before);
    issue.title = "Another title".to_owned();
    let (id, url, now) = (issue.id.clone(), issue.url.clone(), issue.body.clone());
    let version = |editor: &str, text: String| Version { editor: Some(Login::new(editor)), text: Some(text) };
    let versions = vec![version(editor, now), version("spectra-bot", before)];
    world.github.histories.insert(id, BodyHistory { versions, is_whole: true });
    url
}

fn without_marker(body: &str) -> String {
    let read = MarkedBody::read(body).unwrap();
    format!("Mine.\n\n{}\n\nMore of mine.", read.region)
}

fn refused(plan: &Plan, world: &World, adoption: Adoption) -> Vec<Refusal> {
    reconcile(plan, &world.github, &Options { adoption, ..options() }).refusals
}

fn all() -> Adoption {
    Adoption::All([].into())
}

fn named(url: &str) -> Adoption {
    Adoption::These([(IssueKey::new(SCOPE), url.to_owned())].into())
}

#[test]
fn an_issue_whose_marker_and_title_are_gone_is_known_by_its_history() {
    let (plan, world, url) = rewritten(without_marker);
    assert_eq!(doubtful(&plan, &world.github).len(), 1);
    let lost = Refusal::LostMarker { url: url.clone(), key: SCOPE.to_owned() };
    assert_eq!(refused(&plan, &world, Adoption::Refuse), [lost]);
    assert_eq!(refused(&plan, &world, Adoption::MakeNew), []);
    for adoption in [all(), named(&url)] {
        let (_, mut world, _) = rewritten(without_marker);
        let issues = world.github.issues.len();
        let decision = world.apply_with(&plan, usize::MAX, &Options { adoption, ..options() });
        assert_eq!(decision.refusals, []);
        assert_eq!(world.github.issues.len(), issues, "nothing was made");
        let body = MarkedBody::read(&world.issue("scope").body).unwrap();
        assert_eq!((body.before.as_str(), body.after.trim()), ("Mine.\n\n", "More of mine."));
        assert_eq!(body.marker.origin, Origin::Created, "it is what it was");
        assert_eq!(body.marker.key, IssueKey::new(SCOPE));
        assert_eq!(world.issue("scope").body.matches("Scope agreed").count(), 1);
        settles(&plan, &mut world);
        assert_eq!(doubtful(&plan, &world.github), []);
    }
}

#[test]
fn ticks_are_kept_when_a_marker_is_put_back() {
    let (plan, mut world, _) = rewritten(|body| without_marker(body).replace("[ ]", "[x]"));
    world.apply_with(&plan, usize::MAX, &Options { adoption: all(), ..options() });
    let body = world.issue("scope").body.clone();
    assert_eq!((body.matches("[x]").count(), body.matches("[ ]").count()), (1, 0), "{body}");
    settles(&plan, &mut world);
}

#[test]
fn a_marker_that_was_rewritten_or_broken_is_known_by_the_history_too() {
    type Edit = fn(&str) -> String;
    let edits: [(&str, Edit); 5] = [
        ("another slug", |body| body.replace("\"slug\":\"voice\"", "\"slug\":\"choice\"")),
        ("a key of no issue", |body| body.replace(SCOPE, "voice/discover/scape")),
        ("the key of another issue", |body| body.replace(SCOPE, "voice/source")),
        ("no JSON", |body| body.replace("spectra:begin {", "spectra:begin {{")),
        ("half of it", |body| body.replacen("\"slug\"", "", 1).replacen(" -->", "", 1)),
    ];
    for (what, edit) in edits {
        let (plan, world, url) = rewritten(edit);
        let lost = Refusal::LostMarker { url: url.clone(), key: SCOPE.to_owned() };
        assert_eq!(refused(&plan, &world, Adoption::Refuse), [lost], "{what}");
        for adoption in [all(), named(&url)] {
            let (_, mut world, _) = rewritten(edit);
            let issues = world.github.issues.len();
            world.apply_with(&plan, usize::MAX, &Options { adoption, ..options() });
            assert_eq!(world.github.issues.len(), issues, "{what}: nothing was made");
            let marker = MarkedBody::read(&world.issue("scope").body).unwrap().marker;
            assert_eq!((marker.key.as_str(), marker.slug.as_str()), (SCOPE, "voice"), "{what}");
            settles(&plan, &mut world);
        }
    }
}

#[test]
fn what_spectra_itself_renamed_was_not_lost() {
    let (plan, mut world) = in_sync();
    rewrite(&mut world, "spectra-bot", |body| body.replace(SCOPE, "voice/discover/before"));
    assert_eq!(refused(&plan, &world, Adoption::Refuse), []);
    let changes = shown(&reconcile(&plan, &world.github, &options()).change_set.changes);
    assert!(changes.iter().any(|it| it.starts_with("create:issue:voice/discover/scope")), "{changes:?}");
    assert!(
        changes.iter().any(|it| it.starts_with("update:issue:voice/discover/before state")),
        "{changes:?}"
    );
}

#[test]
fn what_github_does_not_tell_is_not_taken_for_never() {
    let untold = |world: &World, plan: &Plan| {
        let refused = refused(plan, world, Adoption::Refuse);
        let is_untold = |it: &Refusal| matches!(it, Refusal::UntoldMarker { key, .. } if key == SCOPE);
        (!refused.is_empty()).then(|| assert!(refused.iter().all(is_untold), "{refused:?}")).is_some()
    };
    let bare = |_: &str| "Text of another kind.".to_owned();
    let (plan, mut world, url) = rewritten(bare);
    let id = world.issue("Another title").id.clone();
    // A version that somebody deleted, more versions than are told, and no answer at all.
    world.github.histories.get_mut(&id).unwrap().versions[1].text = None;
    world.github.histories.get_mut(&id).unwrap().is_whole = false;
    assert!(untold(&world, &plan));
    world.github.histories.remove(&id);
    assert!(untold(&world, &plan));
    // A GitHub that has no history of it, where it stands below the parent of what is lacking.
    world.github.histories.insert(id.clone(), BodyHistory { versions: Vec::new(), is_whole: true });
    assert!(untold(&world, &plan));
    // One that a person made, labelled and never edited, or put elsewhere, is theirs.
    let mut elsewhere = rewritten(bare).1;
    elsewhere.github.histories = world.github.histories.clone();
    elsewhere.issue("Another title").parent = None;
    assert!(!untold(&elsewhere, &plan));
    let mut theirs = rewritten(bare).1;
    theirs.github.histories = world.github.histories.clone();
    theirs.issue("Another title").author = Some(Login::new("a-person"));
    assert!(!untold(&theirs, &plan));

    // The ways on: hand it over, make a new one, or take the label off.
    world.github.histories.remove(&id);
    assert_eq!(refused(&plan, &world, named(&url)), []);
    assert_eq!(refused(&plan, &world, Adoption::MakeNew), []);
    world.issue("Another title").labels = vec![LabelName::new("mine")];
    assert_eq!(refused(&plan, &world, Adoption::Refuse), []);
}

#[test]
fn an_issue_that_people_labelled_is_theirs_where_its_history_tells() {
    let (mut plan, mut world) = in_sync();
    let mut theirs = world.issue("source").clone();
    theirs.id = NodeId::new("I_theirs");
    theirs.url = "https://github.test/theirs".to_owned();
    theirs.title = "By hand".to_owned();
    theirs.body = "By hand.".to_owned();
    theirs.item = None;
    theirs.author = Some(Login::new("a-person"));
    let version = |text: &str| Version { editor: theirs.author.clone(), text: Some(text.to_owned()) };
    let versions = vec![version("By hand."), version("By hnad.")];
    world.github.histories.insert(theirs.id.clone(), BodyHistory { versions, is_whole: true });
    world.github.issues.push(theirs);
    assert_eq!(doubtful(&plan, &world.github), [], "nothing is lacking");
    let mut more = plan.issues[2].clone();
    more.key = IssueKey::new("voice/discover/more");
    more.title = "More".to_owned();
    plan.issues.push(more);
    assert_eq!(doubtful(&plan, &world.github).len(), 1);
    assert_eq!(refused(&plan, &world, Adoption::Refuse), []);
    world.apply(&plan, usize::MAX);
    settles(&plan, &mut world);
}

#[test]
fn however_many_issues_people_give_the_label_a_new_one_can_be_made() {
    let (mut plan, mut world) = in_sync();
    for number in 0..60 {
        let mut theirs = world.issue("source").clone();
        theirs.id = NodeId::new(format!("I_theirs{number}"));
        theirs.title = format!("By hand {number}");
        theirs.body = "By hand.".to_owned();
        theirs.author = Some(Login::new("a-person"));
        (theirs.item, theirs.parent) = (None, None);
        theirs.sub_issues.clear();
        world.github.issues.push(theirs);
    }
    let mut more = plan.issues[2].clone();
    more.key = IssueKey::new("voice/discover/more");
    more.title = "More".to_owned();
    plan.issues.push(more);
    let asked = doubtful(&plan, &world.github);
    assert_eq!(asked.len(), 60);
    let never = BodyHistory { versions: Vec::new(), is_whole: true };
    world.github.histories.extend(asked.into_iter().map(|id| (id, never.clone())));
    assert_eq!(refused(&plan, &world, Adoption::Refuse), []);
    // Of which nothing is told is told of once, however many issues the plan lacks.
    world.github.histories.pop_first();
    let mut most = plan.issues[2].clone();
    most.key = IssueKey::new("voice/discover/most");
    most.title = "Most".to_owned();
    plan.issues.push(most);
    assert_eq!(refused(&plan, &world, Adoption::Refuse).len(), 1);
}

#[test]
fn two_that_were_one_need_an_address() {
    let (plan, mut world, _) = rewritten(without_marker);
    let mut other = world.issue("Another title").clone();
    let history = world.github.histories[&other.id].clone();
    other.id = NodeId::new("I_other");
    world.github.histories.insert(other.id.clone(), history);
    world.github.issues.push(other);
    let refused = refused(&plan, &world, all());
    assert!(matches!(refused.as_slice(), [Refusal::SeveralCandidates { .. }]), "{refused:?}");
}

#[test]
fn what_people_wrote_below_the_region_is_kept_when_it_is_taken_back_and_emptied() {
    let (mut plan, mut world, _) = rewritten(|body| {
        let region = MarkedBody::read(body).unwrap().region;
        format!("{region}\n\nMore of mine.")
    });
    let scope = plan.issues.iter_mut().find(|issue| issue.key.as_str() == SCOPE).unwrap();
    scope.body = Setting::Clear;
    world.apply_with(&plan, usize::MAX, &Options { adoption: all(), ..options() });
    let body = MarkedBody::read(&world.issue("scope").body).unwrap();
    assert_eq!((body.region.as_str(), body.after.trim()), ("", "More of mine."));
}
