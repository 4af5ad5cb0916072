//! A world of plain data that takes steps as GitHub would take them: enough to hold the reconciler to its law that
//! executing a change set and observing again gives an empty one.

use std::collections::BTreeMap;

use spectra_model::board_record::{BoardRecord, Readme};
use spectra_model::id::{FieldName, Login, NodeId, OptionId, OptionName, RepoSlug, RunId, fold};
use spectra_model::observation::{
    Board, BoardSummary, Field, Issue, Item, Label, Observation, Repository, SelectOption, Value,
};
use spectra_model::plan::{Colour, FieldType, IssueState, Plan};
use spectra_model::step::{
    Bindings, FieldBinding, IssueBinding, LabelWrite, OptionWrite, ProjectBinding, Step, ValueWrite,
};

use crate::{Decision, Options, reconcile, schedule};

pub(super) struct World {
    pub(super) github: Observation,
    pub(super) sent: usize,
    next: u64,
}

impl World {
    pub(super) fn fresh(plan: &Plan) -> Self {
        let owner = &plan.project.owner;
        let mut github = Observation::fresh(
            &owner.slug,
            owner.kind,
            [RepoSlug::parse("o/r").unwrap(), RepoSlug::parse("o/s").unwrap()],
        );
        github.viewer = Login::new("spectra-bot");
        Self { github, sent: 0, next: 1 }
    }

    /// Decides and executes until nothing is to be done, as the applier does, at most `steps` writes in all.
    pub(super) fn apply(&mut self, plan: &Plan, steps: usize) -> Decision {
        let mut left = steps;
        for _ in 0..4 {
            let decision = reconcile(plan, &self.github, &options());
            assert_eq!(decision.refusals, [], "refused");
            if decision.change_set.sends_nothing() {
                self.finish();
                return decision;
            }
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
        panic!(
            "four passes and still not done: {:#?}",
            reconcile(plan, &self.github, &options()).change_set.changes
        );
    }

    fn finish(&mut self) {
        let record = self.github.board.as_mut().and_then(|board| board.parts.record.as_mut()).unwrap();
        record.generation += 1;
    }

    pub(super) fn board(&mut self) -> &mut Board {
        self.github.board.as_mut().unwrap()
    }

    pub(super) fn issue(&mut self, title: &str) -> &mut Issue {
        self.github
            .issues
            .iter_mut()
            .find(|issue| issue.title == title)
            .unwrap_or_else(|| panic!("no {title}"))
    }

    fn id(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}_{}", self.next)
    }

    fn repository(&mut self, slug: &RepoSlug) -> &mut Repository {
        self.github.repositories.get_mut(slug).unwrap()
    }

    fn field(&mut self, bindings: &Bindings, name: &FieldName) -> &mut Field {
        let id = bindings.field(name).unwrap().id.clone().unwrap();
        self.board().fields.iter_mut().find(|field| field.id == id).unwrap()
    }

    fn bound(&mut self, bindings: &Bindings, key: &spectra_model::id::IssueKey) -> &mut Issue {
        let id = bindings.issues[key].id.clone();
        self.github.issues.iter_mut().find(|issue| issue.id == id).unwrap()
    }

    #[expect(clippy::too_many_lines, reason = "one arm a step")]
    pub(super) fn take(&mut self, plan: &Plan, step: &Step, bindings: &mut Bindings) {
        self.sent += 1;
        match step {
            Step::CreateProject { working_title } => {
                let title = format!("{working_title}r1");
                self.create_board(&title);
                bindings.project = Some(ProjectBinding {
                    id: NodeId::new("PVT_1"),
                    number: 1,
                    url: "https://github.test/1".into(),
                });
            }
            Step::UpdateProject(update) => {
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
                    BoardRecord::new(
                        plan.slug.clone(),
                        plan.manifest.clone(),
                        id,
                        plan.project.managed_label.clone(),
                    )
                });
                record.made.board = true;
                board.summary.readme = board.parts.write();
                self.github.boards = vec![self.github.board.as_ref().unwrap().summary.clone()];
            }
            Step::CreateLabel(LabelWrite { repository, name, colour, description }) => {
                let id = NodeId::new(self.id("LA"));
                bindings.labels.insert((repository.clone(), fold(name.as_str())), id.clone());
                let labels = &mut self.repository(repository).labels;
                assert!(!labels.iter().any(|label| label.name.same(name)), "{name} is there already");
                labels.push(Label {
                    id,
                    name: name.clone(),
                    color: colour.clone(),
                    description: description.clone().unwrap_or_default(),
                });
            }
            Step::UpdateLabel(LabelWrite { repository, name, colour, description }) => {
                let id = bindings.label(repository, name).unwrap().clone();
                let label =
                    self.repository(repository).labels.iter_mut().find(|label| label.id == id).unwrap();
                label.name = name.clone();
                label.color.clone_from(colour);
                if let Some(description) = description {
                    label.description.clone_from(description);
                }
            }
            Step::CreateField { name, r#type, options } => {
                let id = NodeId::new(self.id("PVTF"));
                let options: Vec<SelectOption> = options.iter().map(|option| self.option(option)).collect();
                bindings.fields.insert(fold(name.as_str()), binding(&id, &options));
                let record = self.board().parts.record.as_mut().unwrap();
                record.made.fields.insert(name.clone(), id.clone());
                let made = options.iter().map(|option| (option.name.clone(), option.id.clone())).collect();
                record.made.options.insert(name.clone(), made);
                self.board().fields.push(Field { id, name: name.clone(), r#type: Some(*r#type), options });
            }
            Step::UpdateField { field, name, options, claims } => {
                let written: Option<Vec<SelectOption>> = options
                    .as_ref()
                    .map(|options| options.iter().map(|option| self.option(option)).collect());
                let it = self.field(bindings, field);
                let id = it.id.clone();
                if let Some(name) = name {
                    it.name = name.clone();
                }
                if let Some(options) = written {
                    it.options.clone_from(&options);
                    bindings.fields.insert(fold(field.as_str()), binding(&id, &options));
                    self.lose_values(&id, &options);
                    let made = options.iter().filter(|option| claims.contains(&option.name));
                    let made = made.map(|option| (option.name.clone(), option.id.clone())).collect();
                    self.board().parts.record.as_mut().unwrap().made.options.insert(field.clone(), made);
                }
            }
            Step::CreateIssue { issue, repository, title, body, labels, parent } => {
                for label in labels {
                    assert!(bindings.label(repository, label).is_some(), "{label} is not there yet");
                }
                let parent = parent.as_ref().map(|parent| bindings.issues[parent].id.clone());
                let id = NodeId::new(self.id("I"));
                let binding = IssueBinding {
                    id: id.clone(),
                    number: self.next,
                    url: format!("https://github.test/{id}"),
                };
                self.github.issues.push(Issue {
                    id,
                    number: binding.number,
                    url: binding.url.clone(),
                    repository: repository.clone(),
                    title: title.clone(),
                    body: body.clone(),
                    state: IssueState::Open,
                    author: Some(Login::new("spectra-bot")),
                    created_at: jiff::Timestamp::UNIX_EPOCH,
                    labels: labels.clone(),
                    parent,
                    blocked_by: Vec::new(),
                    boards: Vec::new(),
                    item: None,
                });
                bindings.issues.insert(issue.clone(), binding);
            }
            Step::UpdateIssue { issue, title, body } => {
                let it = self.bound(bindings, issue);
                if let Some(title) = title {
                    it.title.clone_from(title);
                }
                if let Some(body) = body {
                    it.body.clone_from(body);
                }
            }
            Step::SetState { issue, state, reason: _ } => self.bound(bindings, issue).state = *state,
            Step::AddLabels { issue, repository: _, labels } => {
                self.bound(bindings, issue).labels.extend(labels.iter().cloned());
            }
            Step::RemoveLabels { issue, repository: _, labels } => {
                self.bound(bindings, issue).labels.retain(|label| !labels.contains(label));
            }
            Step::AddItem { issue } => {
                let id = NodeId::new(self.id("PVTI"));
                let status = self.board().fields[0].clone();
                let mut values = BTreeMap::new();
                // GitHub's workflow gives an added item the first option of Status.
                if let Some(first) = status.options.first() {
                    values.insert(status.id, Value::SingleSelect(first.id.clone()));
                }
                let created_at = jiff::Timestamp::UNIX_EPOCH;
                self.bound(bindings, issue).item =
                    Some(Item { id: id.clone(), archived: false, created_at, values });
                bindings.items.insert(issue.clone(), id);
            }
            Step::SetValue { issue, field, value } => {
                let id = self.field(bindings, field).id.clone();
                let value = match value {
                    ValueWrite::Text(text) => Value::Text(text.clone()),
                    ValueWrite::Number(number) => Value::Number(*number),
                    ValueWrite::Date(date) => Value::Date(date.clone()),
                    ValueWrite::SingleSelect(name) => {
                        Value::SingleSelect(bindings.option(field, name).unwrap().clone())
                    }
                };
                self.bound(bindings, issue).item.as_mut().unwrap().values.insert(id, value);
            }
            Step::ClearValue { issue, field } => {
                let id = self.field(bindings, field).id.clone();
                self.bound(bindings, issue).item.as_mut().unwrap().values.remove(&id);
            }
            Step::AddBlockedBy { issue, by } => {
                let by = bindings.issues[by].id.clone();
                let blockers = &mut self.bound(bindings, issue).blocked_by;
                assert!(!blockers.contains(&by), "GitHub refuses an edge that is there");
                blockers.push(by);
            }
            Step::RemoveBlockedBy { issue, by } => {
                let by = bindings.issues[by].id.clone();
                self.bound(bindings, issue).blocked_by.retain(|id| *id != by);
            }
            Step::AddSubIssue { parent, child, from_another_parent } => {
                let parent = bindings.issues[parent].id.clone();
                let it = self.bound(bindings, child);
                assert_eq!(it.parent.is_some(), *from_another_parent, "GitHub refuses a second parent");
                it.parent = Some(parent);
            }
        }
    }

    fn create_board(&mut self, title: &str) {
        let summary = BoardSummary {
            id: NodeId::new("PVT_1"),
            number: 1,
            url: "https://github.test/1".into(),
            title: title.into(),
            description: String::new(),
            readme: String::new(),
            public: false,
            closed: false,
            writable: true,
        };
        let options = [("f75ad846", "Todo", Colour::Green), ("47fc9ee4", "In Progress", Colour::Yellow)]
            .map(|(id, name, colour)| SelectOption {
                id: OptionId::new(id),
                name: OptionName::new(name),
                color: Some(colour),
                description: format!("GitHub's {name}"),
            })
            .to_vec();
        let status = Field {
            id: NodeId::new("PVTSSF_1"),
            name: FieldName::new("Status"),
            r#type: Some(FieldType::SingleSelect),
            options,
        };
        self.github.boards = vec![summary.clone()];
        let parts = Readme { text: String::new(), record: None };
        self.github.board = Some(Board { summary, parts, fields: vec![status], other_items: 0 });
    }

    fn option(&mut self, write: &OptionWrite) -> SelectOption {
        let id = write.id.clone().unwrap_or_else(|| OptionId::new(self.id("opt")));
        SelectOption {
            id,
            name: write.name.clone(),
            color: Some(write.colour),
            description: write.description.clone(),
        }
    }

    /// An option that is gone takes its values along.
    fn lose_values(&mut self, field: &NodeId, options: &[SelectOption]) {
        for item in self.github.issues.iter_mut().filter_map(|issue| issue.item.as_mut()) {
            if let Some(Value::SingleSelect(option)) = item.values.get(field)
                && !options.iter().any(|it| it.id == *option)
            {
                item.values.remove(field);
            }
        }
    }
}

fn binding(id: &NodeId, options: &[SelectOption]) -> FieldBinding {
    FieldBinding {
        id: Some(id.clone()),
        options: options.iter().map(|option| (fold(option.name.as_str()), option.id.clone())).collect(),
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
