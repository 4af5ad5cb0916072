//! A world of plain data that takes steps as GitHub would take them: enough to hold the reconciler to its law that
//! executing a change set and observing again gives an empty one.

mod board;
mod issues;

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::board_record::{BoardRecord, Making};
use spectra_model::id::{FieldName, IssueKey, Login, NodeId, RepoSlug, RunId, fold};
use spectra_model::observation::{Board, Field, Issue, Item, Label, Milestone, Observation, Repository};
use spectra_model::plan::{IssueState, Plan};
use spectra_model::step::{Bindings, LabelWrite, MilestoneBinding, MilestoneWrite, ProjectUpdate, Step};

use crate::{Decision, Destructive, Options, label_key, milestone_key, reconcile, schedule};

pub(super) struct World {
    pub(super) github: Observation,
    pub(super) sent: usize,
    /// Whether the answers of the steps are lost: the record learns only what a later look at GitHub shows.
    pub(super) forgetful: bool,
    /// The values that steps wrote or emptied, by item and field.
    pub(super) written: BTreeSet<(NodeId, NodeId)>,
    next: u64,
}

impl World {
    pub(super) fn fresh(plan: &Plan) -> Self {
        let mut github = Observation::fresh(plan);
        for slug in ["o/r", "o/s"] {
            github.repositories.entry(RepoSlug::parse(slug).unwrap()).or_insert_with(Repository::fresh);
        }
        for (reference, nodes) in &mut github.foreign {
            *nodes = vec![NodeId::new(format!("I_{reference}"))];
        }
        github.viewer = Login::new("spectra-bot");
        Self { github, sent: 0, forgetful: false, written: BTreeSet::new(), next: 1 }
    }

    /// Decides and executes until nothing is to be done, as the applier does, at most `steps` writes in all.
    pub(super) fn apply(&mut self, plan: &Plan, steps: usize) -> Decision {
        self.apply_with(plan, steps, &options())
    }

    pub(super) fn apply_with(&mut self, plan: &Plan, steps: usize, options: &Options) -> Decision {
        let mut left = steps;
        for _ in 0..4 {
            let decision = reconcile(plan, &self.github, options);
            assert_eq!(decision.refusals, [], "refused");
            if decision.change_set.sends_nothing() {
                self.finish(&decision);
                return decision;
            }
            self.intend(&decision);
            let mut bindings = decision.bindings.clone();
            for scheduled in schedule(&decision.change_set.changes) {
                if left == 0 {
                    return decision;
                }
                left -= 1;
                self.take(plan, scheduled.step, &mut bindings);
                if matches!(scheduled.step, Step::UpdateProject(_)) && decision.bindings.project.is_none() {
                    break;
                }
            }
        }
        panic!("four passes and still not done: {:#?}", reconcile(plan, &self.github, options).change_set);
    }

    /// What the applier writes into the record before it makes things.
    fn intend(&mut self, decision: &Decision) {
        let Some(board) = &mut self.github.board else { return };
        let Some(BoardRecord { making, made, generation, .. }) = &mut board.parts.record else { return };
        made.clone_from(&decision.made);
        made.unarranged.extend(crate::unarranged(&decision.change_set.changes));
        let Making { labels, milestones, fields, options, iterations, views, drafts, linked, teams } =
            crate::making(&decision.change_set.changes);
        begin(labels, &mut making.labels, &mut made.labels);
        begin(milestones, &mut making.milestones, &mut made.milestones);
        begin(drafts, &mut making.drafts, &mut made.drafts);
        if made.board && *generation == 0 {
            return;
        }
        begin(fields, &mut making.fields, &mut made.fields);
        begin(views, &mut making.views, &mut made.views);
        for (field, names) in options {
            making.options.entry(field).or_default().extend(names);
        }
        for (field, titles) in iterations {
            making.iterations.entry(field).or_default().extend(titles);
        }
        making.linked.extend(linked);
        making.teams.extend(teams);
    }

    fn finish(&mut self, decision: &Decision) {
        let Some(board) = &mut self.github.board else { return };
        let Some(record) = &mut board.parts.record else { return };
        record.made.clone_from(&decision.made);
        record.making = Making::default();
        record.generation += 1;
    }

    pub(super) fn board(&mut self) -> &mut Board {
        self.github.board.as_mut().unwrap()
    }

    /// The board's field of this name.
    pub(super) fn named(&mut self, name: &str) -> &mut Field {
        let name = FieldName::new(name);
        self.board().fields.iter_mut().find(|field| field.name == name).unwrap()
    }

    pub(super) fn issue(&mut self, title: &str) -> &mut Issue {
        self.github
            .issues
            .iter_mut()
            .find(|issue| issue.title == title)
            .unwrap_or_else(|| panic!("no {title}"))
    }

    /// What the applier notes of an answer.
    fn note(&mut self, note: impl FnOnce(&mut BoardRecord)) {
        if self.forgetful {
            return;
        }
        if let Some(record) = self.github.board.as_mut().and_then(|board| board.parts.record.as_mut()) {
            note(record);
        }
    }

    fn id(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}_{}", self.next)
    }

    fn repository(&mut self, slug: &RepoSlug) -> &mut Repository {
        self.github.repositories.get_mut(slug).unwrap_or_else(|| panic!("no {slug}"))
    }

    fn bound(&mut self, bindings: &Bindings, key: &IssueKey) -> &mut Issue {
        let id = bindings.issues[key].id.clone();
        self.github.issues.iter_mut().find(|issue| issue.id == id).unwrap()
    }

    /// The item of an issue or draft.
    fn item(&mut self, bindings: &Bindings, key: &IssueKey) -> &mut Item {
        let id = bindings.items[key].clone();
        self.items().find(|item| item.id == id).unwrap()
    }

    fn items(&mut self) -> impl Iterator<Item = &mut Item> {
        let drafts = self.github.board.iter_mut().flat_map(|board| &mut board.drafts);
        let issues = self.github.issues.iter_mut().filter_map(|issue| issue.item.as_mut());
        issues.chain(drafts.map(|draft| &mut draft.item))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "one arm a step, the rest elsewhere")]
    pub(super) fn take(&mut self, plan: &Plan, step: &Step, bindings: &mut Bindings) {
        self.sent += 1;
        match step {
            Step::UpdateProject(update) => self.update_board(plan, update),
            Step::CreateLabel(label) => self.create_label(label, bindings),
            Step::UpdateLabel(LabelWrite { repository, name, colour, description }) => {
                let id = bindings.label(repository, name).unwrap().clone();
                let label =
                    self.repository(repository).labels.iter_mut().find(|label| label.id == id).unwrap();
                let before = std::mem::replace(&mut label.name, name.clone());
                label.color.clone_from(colour);
                if let Some(description) = description {
                    label.description.clone_from(description);
                }
                let issues = self.github.issues.iter_mut().filter(|issue| issue.repository == *repository);
                for label in issues.flat_map(|issue| &mut issue.labels).filter(|label| **label == before) {
                    *label = name.clone();
                }
            }
            Step::DeleteLabel { repository, id, name } => {
                self.repository(repository).labels.retain(|label| label.id != *id);
                for issue in self.github.issues.iter_mut().filter(|issue| issue.repository == *repository) {
                    issue.labels.retain(|label| label != name);
                }
                self.note(|record| record.made.labels.retain(|_, made| made != id));
            }
            Step::CreateMilestone(write) => self.create_milestone(write, bindings),
            Step::UpdateMilestone(MilestoneWrite { repository, title, description, due_on }) => {
                let id = bindings.milestone(repository, title).unwrap().id.clone();
                let milestones = &mut self.repository(repository).milestones;
                let it = milestones.iter_mut().find(|it| it.id == id).unwrap();
                it.title = title.clone();
                if !description.is_unmanaged() {
                    it.description = description.value().cloned().unwrap_or_default();
                }
                if !due_on.is_unmanaged() {
                    it.due_on = due_on.value().copied();
                }
            }
            Step::DeleteMilestone { repository, number, .. } => {
                let milestones = &mut self.repository(repository).milestones;
                let index = milestones.iter().position(|it| it.number == *number).unwrap();
                let gone = milestones.remove(index).id;
                for issue in &mut self.github.issues {
                    issue.milestone.take_if(|id| *id == gone);
                }
                self.note(|record| record.made.milestones.retain(|_, made| *made != gone));
            }
            Step::LinkRepository { repository } => {
                let id = bindings.repositories.get(repository).unwrap().clone();
                let was = self.board().repositories.insert(repository.clone(), id);
                assert_eq!(was, None, "linked already");
                self.note(|record| {
                    record.made.linked.insert(repository.clone());
                });
            }
            Step::UnlinkRepository { repository } => {
                self.board().repositories.remove(repository).unwrap();
                self.note(|record| {
                    record.made.linked.remove(repository);
                });
            }
            Step::LinkTeam { team } => {
                let id = bindings.team(team).unwrap().clone();
                assert_eq!(self.board().teams.insert(team.clone(), id), None, "linked already");
                self.note(|record| {
                    record.made.teams.insert(team.clone());
                });
            }
            Step::UnlinkTeam { team } => {
                self.board().teams.remove(team).unwrap();
                self.note(|record| {
                    record.made.teams.remove(team);
                });
            }
            Step::ReleaseProject => {
                let board = self.board();
                board.parts.record = None;
                board.summary.readme = board.parts.write();
                self.github.boards = vec![self.github.board.as_ref().unwrap().summary.clone()];
            }
            Step::DeleteProject => {
                self.github.board = None;
                self.github.boards.clear();
                self.github.issues.iter_mut().for_each(|issue| issue.item = None);
            }
            other => {
                let taken = self.take_of_board(other, bindings) || self.take_of_issue(other, bindings);
                assert!(taken, "nobody takes {other:?}");
            }
        }
        self.reckon();
    }

    fn update_board(&mut self, plan: &Plan, update: &ProjectUpdate) {
        let board = self.board();
        if let Some(title) = &update.title {
            board.summary.title.clone_from(title);
        }
        if let Some(description) = &update.description {
            board.summary.description.clone_from(description);
        }
        if let Some(readme) = &update.readme {
            board.parts.text.clone_from(readme);
        }
        if let Some(public) = update.public {
            board.summary.public = public;
        }
        let id = board.summary.id.clone();
        let record = board.parts.record.get_or_insert_with(|| {
            let label = plan.project.managed_label.clone();
            let mut record = BoardRecord::new(plan.slug.clone(), plan.manifest.clone(), id, label);
            record.made.board = true;
            record
        });
        record.slug = plan.slug.clone();
        record.manifest = plan.manifest.clone();
        board.summary.readme = board.parts.write();
        self.github.boards = vec![self.github.board.as_ref().unwrap().summary.clone()];
    }

    fn create_label(&mut self, label: &LabelWrite, bindings: &mut Bindings) {
        let LabelWrite { repository, name, colour, description } = label;
        let id = NodeId::new(self.id("LA"));
        bindings.labels.insert((repository.clone(), fold(name.as_str())), id.clone());
        let labels = &mut self.repository(repository).labels;
        assert!(!labels.iter().any(|label| label.name.same(name)), "{name} is there already");
        labels.push(Label {
            id: id.clone(),
            name: name.clone(),
            color: colour.clone(),
            description: description.clone().unwrap_or_default(),
            used_by: Some(0),
        });
        self.note(|record| {
            record.made.labels.insert(label_key(repository, name), id);
        });
    }

    fn create_milestone(&mut self, write: &MilestoneWrite, bindings: &mut Bindings) {
        let MilestoneWrite { repository, title, description, due_on } = write;
        let id = NodeId::new(self.id("MI"));
        let number = self.next;
        let milestones = &mut self.repository(repository).milestones;
        assert!(!milestones.iter().any(|it| it.title == *title), "{title} is there already");
        milestones.push(Milestone {
            id: id.clone(),
            number,
            title: title.clone(),
            description: description.value().cloned().unwrap_or_default(),
            due_on: due_on.value().copied(),
            state: IssueState::Open,
            issues: 0,
        });
        let binding = MilestoneBinding { id: id.clone(), number };
        bindings.milestones.insert((repository.clone(), fold(title.as_str())), binding);
        self.note(|record| {
            record.made.milestones.insert(milestone_key(repository, title), id);
        });
    }

    /// What GitHub reckons by itself: how many issues are in a milestone and carry a label.
    pub(super) fn reckon(&mut self) {
        let issues = &self.github.issues;
        for (slug, repository) in &mut self.github.repositories {
            for milestone in &mut repository.milestones {
                let is_in_it = |it: &&Issue| it.milestone.as_ref() == Some(&milestone.id);
                milestone.issues = issues.iter().filter(is_in_it).count();
            }
            for label in &mut repository.labels {
                let carries = |it: &&Issue| {
                    it.repository == *slug && it.labels.iter().any(|other| other.same(&label.name))
                };
                label.used_by = Some(issues.iter().filter(carries).count());
            }
        }
    }
}

fn begin<K: Ord + Clone, V>(names: BTreeSet<K>, making: &mut BTreeSet<K>, made: &mut BTreeMap<K, V>) {
    for name in names {
        if making.insert(name.clone()) {
            made.remove(&name);
        }
    }
}

pub(super) fn options() -> Options {
    Options {
        run: RunId::new("r1"),
        actor: Login::new("spectra-bot"),
        since: Some(jiff::Timestamp::UNIX_EPOCH),
        ..Options::preview()
    }
}

/// Options that let data be lost.
pub(super) fn reckless() -> Options {
    Options { destructive: Destructive::Allow, ..options() }
}
