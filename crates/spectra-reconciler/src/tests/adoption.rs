//! What people made and a maintainer hands over.

use std::collections::BTreeMap;

use spectra_model::board_record::{BoardRecord, Readme};
use spectra_model::id::{FieldName, IssueKey, LabelName, Login, ManifestId, NodeId, OptionId, ProjectSlug};
use spectra_model::marker::{MarkedBody, Origin};
use spectra_model::observation::Value;
use spectra_model::plan::{BodyPolicy, OnRemove, Plan};

use super::world::{World, options};
use super::{in_sync, shown};
use crate::{Adoption, BoardMatch, Options, Refusal, board_of, reconcile};

fn adopting(adoption: Adoption) -> Options {
    Options { adoption, since: None, ..options() }
}

fn these(named: &[(&str, &str)]) -> Adoption {
    let named = named.iter().map(|(key, url)| (IssueKey::new(*key), (*url).to_owned()));
    Adoption::These(named.collect::<BTreeMap<_, _>>())
}

fn all() -> Adoption {
    Adoption::All(BTreeMap::new())
}

/// A world in sync but for one issue, which a person made by hand; its address too.
fn by_hand() -> (Plan, World, String) {
    let (mut plan, mut world) = in_sync();
    plan.project.on_remove = OnRemove::Keep;
    let status = world.named("Status").id.clone();
    let owner = world.named("Owner").id.clone();
    let issue = world.issue("scope");
    issue.body = "By hand.".to_owned();
    issue.author = Some(Login::new("a-person"));
    issue.labels = vec![LabelName::new("mine")];
    let values = &mut issue.item.as_mut().unwrap().values;
    values.insert(status, Value::SingleSelect(OptionId::new("f75ad846")));
    values.remove(&owner);
    let url = issue.url.clone();
    (plan, world, url)
}

#[test]
fn an_issue_that_says_what_the_plan_says_is_not_told_it_twice() {
    let (plan, mut world, _) = by_hand();
    world.issue("scope").body = "## Done when\r\n- [x] Scope agreed\r\n".to_owned();
    world.apply_with(&plan, usize::MAX, &adopting(all()));
    let body = world.issue("scope").body.clone();
    let read = MarkedBody::read(&body).unwrap();
    assert_eq!(body.matches("Done when").count(), 1, "{body}");
    assert_eq!((read.before.as_str(), read.region.as_str()), ("", "## Done when\n- [x] Scope agreed"));
    assert!(!read.region_was_rewritten());
}

#[test]
fn what_is_adopted_keeps_what_people_have() {
    let (plan, mut world, _) = by_hand();
    let decision = reconcile(&plan, &world.github, &adopting(all()));
    assert_eq!(decision.refusals, []);
    let change = &decision.change_set.changes[0];
    assert_eq!(change.reason.as_deref(), Some("adopted"));
    // Owner is set on creation only and empty; Status is set on creation only and somebody chose one.
    assert_eq!(
        shown(&decision.change_set.changes),
        ["update:issue:voice/discover/scope body: null -> \"## Done when\\n- [ ] Scope agreed\" \
          labels: [\"mine\"] -> [\"mine\",\"project:voice\",\"type:task\"] value:Owner: null -> \"Data\""]
    );
    world.apply_with(&plan, usize::MAX, &adopting(all()));
    let sent = world.sent;
    world.apply_with(&plan, usize::MAX, &adopting(Adoption::Refuse));
    assert_eq!(world.sent, sent, "it is known by its marker from then on");
    let issue = world.issue("scope");
    assert!(issue.body.starts_with("By hand.\n\n<!-- spectra:begin"));
    assert_eq!(MarkedBody::read(&issue.body).unwrap().marker.origin, Origin::Adopted);
    assert!(issue.labels.contains(&LabelName::new("mine")));
    let owner = FieldName::new("Owner");
    let owner = world.board().fields.iter().find(|field| field.name == owner).unwrap().id.clone();
    assert!(world.issue("scope").item.as_ref().unwrap().values.contains_key(&owner));
}

#[test]
fn what_was_adopted_is_never_removed() {
    let (mut plan, mut world, _) = by_hand();
    world.apply_with(&plan, usize::MAX, &adopting(all()));
    plan.issues.remove(2);
    plan.links.retain(|link| {
        link.sub_issue().is_none_or(|(_, child)| child.as_str() != "voice/discover/scope")
            && link.blocked_by().is_none()
    });
    for on_remove in [OnRemove::Close, OnRemove::Archive, OnRemove::Delete] {
        plan.project.on_remove = on_remove;
        let changes = shown(&reconcile(&plan, &world.github, &options()).change_set.changes);
        assert!(!changes.iter().any(|change| change.contains("issue:voice/discover/scope")), "{changes:?}");
    }
}

#[test]
fn a_body_that_is_peoples_gets_the_plans_text_only_if_it_is_empty() {
    for (body, expected) in [("By hand.", false), ("", true)] {
        let (mut plan, mut world, _) = by_hand();
        plan.project.body = BodyPolicy::CreateOnly;
        world.issue("scope").body = body.to_owned();
        world.apply_with(&plan, usize::MAX, &adopting(all()));
        let issue = world.issue("scope");
        assert_eq!(issue.body.contains("Scope agreed"), expected);
        assert!(issue.body.starts_with(body));
    }
}

#[test]
fn two_candidates_need_an_address() {
    let (plan, mut world, url) = by_hand();
    let mut second = world.issue("scope").clone();
    second.id = NodeId::new("I_second");
    second.url = "https://github.test/second".to_owned();
    second.item.as_mut().unwrap().id = NodeId::new("PVTI_second");
    world.github.issues.push(second);
    let refusals = reconcile(&plan, &world.github, &adopting(all())).refusals;
    let urls = format!("{url}, https://github.test/second");
    let key = "voice/discover/scope".to_owned();
    assert_eq!(refusals, [Refusal::SeveralCandidates { key: key.clone(), urls }]);

    let named = these(&[(&key, "https://github.test/second")]);
    let decision = reconcile(&plan, &world.github, &adopting(named.clone()));
    assert_eq!(decision.refusals, []);
    assert_eq!(decision.bindings.issues[&IssueKey::new(&*key)].id, NodeId::new("I_second"));
    // The same command line once more.
    world.apply_with(&plan, usize::MAX, &adopting(named.clone()));
    assert_eq!(reconcile(&plan, &world.github, &adopting(named)).refusals, []);
}

#[test]
fn one_address_goes_together_with_all_that_is_clear() {
    let (plan, mut world, _) = by_hand();
    let mut second = world.issue("scope").clone();
    second.id = NodeId::new("I_second");
    second.url = "https://github.test/second".to_owned();
    second.item = None;
    world.github.issues.push(second);
    world.issue("source").body = "By hand, too.".to_owned();
    let key = IssueKey::new("voice/discover/scope");
    let named: BTreeMap<IssueKey, String> = [(key.clone(), "https://github.test/second".to_owned())].into();
    let only = reconcile(&plan, &world.github, &adopting(Adoption::These(named.clone()))).refusals;
    assert!(matches!(only.as_slice(), [Refusal::SameTitle { .. }]), "{only:?}");
    let decision = reconcile(&plan, &world.github, &adopting(Adoption::All(named)));
    assert_eq!(decision.refusals, []);
    assert_eq!(decision.bindings.issues[&key].id, NodeId::new("I_second"));
    assert!(decision.bindings.issues.contains_key(&IssueKey::new("voice/source")));
}

#[test]
fn an_address_must_lead_to_an_issue_that_can_be_taken() {
    let (plan, mut world, url) = by_hand();
    let marked = world.issue("source").url.clone();
    for (key, url) in [
        ("voice/nothing", url.as_str()),
        ("voice/discover/scope", "https://github.test/nowhere"),
        ("voice/discover/scope", &marked),
        ("voice/source", &url),
    ] {
        let refusals = reconcile(&plan, &world.github, &adopting(these(&[(key, url)]))).refusals;
        assert!(matches!(refusals[0], Refusal::NotToBeAdopted { .. }), "{key}={url}: {refusals:?}");
    }
    world.issue("scope").parent = Some(NodeId::new("I_elsewhere"));
    let refusals = reconcile(&plan, &world.github, &adopting(Adoption::Refuse)).refusals;
    assert_eq!(refusals, [], "under another parent it is another issue");
}

#[test]
fn a_board_of_the_same_title_is_taken_when_it_is_handed_over() {
    let (plan, mut world) = in_sync();
    world.board().parts.record = None;
    world.board().summary.readme = "By hand.".to_owned();
    world.board().parts.text = "By hand.".to_owned();
    let boards = vec![world.board().summary.clone()];
    let id = boards[0].id.clone();
    let found = |adoption: &Adoption, boards| board_of(&plan, boards, adoption);
    assert!(matches!(found(&Adoption::Refuse, &boards), BoardMatch::Refused(_)));
    assert_eq!(found(&all(), &boards), BoardMatch::Found(id.clone()));
    assert_eq!(found(&these(&[("voice", &boards[0].url)]), &boards), BoardMatch::Found(id.clone()));
    assert!(matches!(found(&these(&[("voice", "https://x")]), &boards), BoardMatch::Refused(_)));
    let mut anothers = boards.clone();
    let other = ProjectSlug::parse("other").unwrap();
    let other =
        BoardRecord::new(other, plan.manifest.clone(), id.clone(), plan.project.managed_label.clone());
    anothers[0].readme = Readme { text: String::new(), record: Some(other) }.write();
    let BoardMatch::Refused(refusals) = found(&all(), &anothers) else { panic!("taken") };
    assert!(matches!(refusals.as_slice(), [Refusal::OtherProject { .. }]), "{refusals:?}");
    let two = vec![boards[0].clone(), boards[0].clone()];
    assert!(matches!(found(&all(), &two), BoardMatch::Refused(_)));

    // Its issues are gone too, so nothing but the hand-over says whose it is; the record is written with the change.
    world.github.issues.clear();
    let set = reconcile(&plan, &world.github, &adopting(all())).change_set;
    assert_eq!(set.changes[0].id.as_str(), "update:project:voice");
    assert_eq!(set.changes[0].reason.as_deref(), Some("adopted"));
}

#[test]
fn a_board_of_another_manifest_needs_a_hand_over() {
    let (mut plan, mut world) = in_sync();
    plan.manifest = ManifestId::new("other");
    let boards = world.github.boards.clone();
    assert!(matches!(
        board_of(&plan, &boards, &Adoption::Refuse),
        BoardMatch::Refused(refusals) if matches!(refusals.as_slice(), [Refusal::OtherManifest { .. }])
    ));
    assert!(matches!(board_of(&plan, &boards, &all()), BoardMatch::Found(_)));
    let set = reconcile(&plan, &world.github, &adopting(all())).change_set;
    assert_eq!(shown(&set.changes), [r#"update:project:voice manifest: "alana" -> "other""#]);
    world.apply_with(&plan, usize::MAX, &adopting(all()));
    assert!(matches!(board_of(&plan, &world.github.boards, &Adoption::Refuse), BoardMatch::Found(_)));
}

#[test]
fn an_adoption_that_was_interrupted_is_finished() {
    let wanted = |world: &mut World| {
        let owner = world.named("Owner").id.clone();
        let issue = world.issue("scope").clone();
        (issue.body, issue.labels, issue.item.unwrap().values.get(&owner).cloned())
    };
    let (plan, mut whole, _) = by_hand();
    whole.apply_with(&plan, usize::MAX, &adopting(all()));
    for steps in 1..4 {
        let (plan, mut cut, _) = by_hand();
        cut.apply_with(&plan, steps, &adopting(all()));
        cut.apply_with(&plan, usize::MAX, &adopting(all()));
        let (body, labels, owner) = wanted(&mut cut);
        let whole = wanted(&mut whole);
        assert_eq!((labels, owner), (whole.1, whole.2), "after {steps}");
        let region = |body: &str| MarkedBody::read(body).map(|it| (it.before, it.region, it.after));
        assert_eq!(region(&body), region(&whole.0), "after {steps}");
    }
}
