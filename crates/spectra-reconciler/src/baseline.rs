//! A plan against an earlier one: what GitHub would look like right after the earlier plan was applied in full to an owner
//! that had nothing of it, and what the later one would change there.
//!
//! No rule lives here: the change set is [`reconcile`]'s own, and this only says what it is to look at. What a plan doesn't
//! say of a thing is as GitHub makes it. No iteration is completed and nothing has an age: a plan knows no day on which it
//! is applied. Ids are made up from keys and names, so that two equal plans give one observation, and where a reason
//! names an issue's address it names its key.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use spectra_model::board_record::{BoardRecord, Made, Readme};
use spectra_model::change::ChangeSet;
use spectra_model::id::{
    FieldName, IssueKey, IterationId, Login, MilestoneTitle, NodeId, OptionId, OptionName, RepoSlug, RunId,
    ViewName, fold,
};
use spectra_model::limits::{BUILT_IN_FIELD_NAMES, STATUS};
use spectra_model::marker::Marker;
use spectra_model::observation::{
    Board, BoardSummary, Draft, Field, Issue, Item, Iteration, Label, Milestone, Observation, Repository,
    SelectOption, Sort, StateReason, Value, View, foreign_key,
};
use spectra_model::plan::{
    self, Colour, FieldInput, FieldType, IssueRef, IssueState, Layout, Link, Plan, Visibility,
};
use spectra_model::step::ValueWrite;

use crate::view::FIRST;
use crate::{Options, field, label_key, milestone_key, reconcile};

/// The change set of a plan against a GitHub that holds what an earlier plan says, and nothing else of the board.
pub fn preview_since(baseline: &Plan, plan: &Plan) -> ChangeSet {
    reconcile(plan, &applied(baseline, plan), &Options::preview()).change_set
}

/// What GitHub holds of a plan and its baseline once the baseline is applied. People, teams, issue types and issues of
/// other boards that either of them names are there.
fn applied(baseline: &Plan, plan: &Plan) -> Observation {
    let spelling = Spelling::of(baseline, plan);
    let mut github = Observation { repositories: BTreeMap::new(), ..Observation::fresh(plan) };
    for one in [baseline, plan] {
        surroundings(one, &spelling, &mut github);
    }
    let fields = Fields::of(baseline);
    let board_id = NodeId::new("board");
    let issues = issues(baseline, &spelling, &fields, &board_id);
    let mut made = Made { board: true, ..Made::default() };
    labels(baseline, &spelling, &issues, &mut github, &mut made);
    milestones(baseline, &spelling, &issues, &mut github, &mut made);
    github.issues = issues;
    if is_same_board(baseline, plan) {
        fields.note(&mut made);
        github.board = Some(board(baseline, &spelling, fields, board_id, made));
    } else {
        // That board isn't seen any more. Its issues are, as far as they carry the label and are where the plan looks.
        let label = &plan.project.managed_label;
        let repositories: BTreeSet<&RepoSlug> =
            plan.repositories().into_iter().map(|slug| spelling.of_repository(slug)).collect();
        github.issues.retain(|issue| {
            repositories.contains(&issue.repository) && issue.labels.iter().any(|it| it.same(label))
        });
        for issue in &mut github.issues {
            issue.item = None;
        }
    }
    github
}

/// Boards don't move from owner to owner, and a plan may say by number which one it is.
fn is_same_board(baseline: &Plan, plan: &Plan) -> bool {
    let (before, after) = (&baseline.project, &plan.project);
    let is_same_number = before.number.zip(after.number).is_none_or(|(before, after)| before == after);
    before.owner.slug.same(&after.owner.slug) && is_same_number
}

/// Repositories as the plan spells them, else as its baseline does: to GitHub they are the same in any case.
struct Spelling(BTreeMap<String, RepoSlug>);

impl Spelling {
    fn of(baseline: &Plan, plan: &Plan) -> Self {
        let mut spelling = BTreeMap::new();
        for one in [plan, baseline] {
            for slug in named_repositories(one) {
                spelling.entry(fold(slug.as_str())).or_insert_with(|| slug.clone());
            }
        }
        Self(spelling)
    }

    fn of_repository<'s>(&'s self, slug: &'s RepoSlug) -> &'s RepoSlug {
        self.0.get(&fold(slug.as_str())).unwrap_or(slug)
    }
}

fn named_repositories(plan: &Plan) -> BTreeSet<&RepoSlug> {
    let linked = plan.links.iter().filter_map(Link::repository);
    let issues = plan.issues.iter().map(|issue| &issue.repository);
    let labels = plan.labels.iter().map(|label| &label.repository);
    let milestones = plan.milestones.iter().map(|milestone| &milestone.repository);
    linked.chain(issues).chain(labels).chain(milestones).collect()
}

fn person(login: &Login) -> (Login, NodeId) {
    (login.clone(), NodeId::new(format!("person:{}", fold(login.as_str()))))
}

fn issue_id(key: &IssueKey) -> NodeId {
    NodeId::new(key.as_str())
}

fn node(issue: &IssueRef) -> NodeId {
    match issue {
        IssueRef::Own(key) => issue_id(key),
        IssueRef::Foreign(foreign) => NodeId::new(foreign_key(foreign)),
    }
}

fn repository_id(slug: &RepoSlug) -> NodeId {
    NodeId::new(format!("repository:{slug}"))
}

/// What is there besides the board: repositories, people, teams, issue types, issues of other boards.
fn surroundings(plan: &Plan, spelling: &Spelling, github: &mut Observation) {
    for slug in named_repositories(plan) {
        let slug = spelling.of_repository(slug);
        let it = Repository { id: repository_id(slug), ..Repository::fresh() };
        github.repositories.entry(slug.clone()).or_insert(it);
    }
    for issue in &plan.issues {
        let Some(it) = github.repositories.get_mut(spelling.of_repository(&issue.repository)) else {
            continue;
        };
        it.assignable.extend(issue.assignees.iter().map(person));
        if let Some(name) = issue.issue_type.value() {
            let id = NodeId::new(format!("type:{}", fold(name.as_str())));
            it.issue_types.insert(name.clone(), id);
        }
    }
    github.people.extend(plan.drafts.iter().flat_map(|draft| &draft.assignees).map(person));
    if let Some(owner) = &mut github.owner {
        let teams = plan.links.iter().filter_map(Link::team);
        owner.teams.extend(teams.map(|team| (team.clone(), NodeId::new(format!("team:{team}")))));
    }
    for foreign in plan.links.iter().filter_map(Link::foreign) {
        let key = foreign_key(foreign);
        github.foreign.insert(key.clone(), vec![NodeId::new(key)]);
    }
}

/// The baseline's fields as GitHub holds them, GitHub's own among them.
struct Fields<'p> {
    /// The plan's fields with what they are on GitHub.
    of_plan: Vec<(&'p plan::Field, Field)>,
    built_in: Vec<Field>,
}

impl<'p> Fields<'p> {
    fn of(baseline: &'p Plan) -> Self {
        let of_plan: Vec<_> = baseline.fields.iter().map(|field| (field, declared(field))).collect();
        let is_declared = |name: &FieldName| of_plan.iter().any(|(_, field)| field.name.same(name));
        let names = BUILT_IN_FIELD_NAMES.into_iter().map(FieldName::new);
        let built_in = names.filter(|name| !is_declared(name)).map(|name| {
            let is_status = field::is_status(&name);
            Field {
                id: field_id(&name),
                name,
                r#type: is_status.then_some(FieldType::SingleSelect),
                database_id: None,
                options: if is_status { githubs_options() } else { Vec::new() },
                iterations: Vec::new(),
            }
        });
        let built_in = built_in.collect();
        Self { of_plan, built_in }
    }

    /// Writes down what of it Spectra made: Status is GitHub's, its options are the plan's.
    fn note(&self, made: &mut Made) {
        for (declared, field) in &self.of_plan {
            if !field::is_status(&field.name) {
                made.fields.insert(field.name.clone(), field.id.clone());
            }
            if !declared.options.is_empty() {
                let options = field.options.iter().map(|it| (it.name.clone(), it.id.clone()));
                made.options.insert(field.name.clone(), options.collect());
            }
            if !field.iterations.is_empty() {
                let iterations = field.iterations.iter().map(|it| (it.title.clone(), it.id.clone()));
                made.iterations.insert(field.name.clone(), iterations.collect());
            }
        }
    }

    /// The values of an item.
    fn values(&self, values: &BTreeMap<FieldName, Option<FieldInput>>) -> BTreeMap<NodeId, Value> {
        let value = |(declared, field): &(&plan::Field, Field)| {
            let (_, input) = values.iter().find(|(name, _)| name.same(&field.name))?;
            let write = ValueWrite::typed(declared.r#type, input.as_ref()?)?;
            Some((field.id.clone(), held(field, write)?))
        };
        self.of_plan.iter().filter_map(value).collect()
    }

    fn into_all(self) -> Vec<Field> {
        self.built_in.into_iter().chain(self.of_plan.into_iter().map(|(_, field)| field)).collect()
    }
}

/// A value as GitHub holds it: no option at all is no value.
fn held(field: &Field, write: ValueWrite) -> Option<Value> {
    let option = |name: &OptionName| {
        let found = field.options.iter().find(|option| option.name.same(name))?;
        Some(found.id.clone())
    };
    match write {
        ValueWrite::Text(text) => Some(Value::Text(text)),
        ValueWrite::Number(number) => Some(Value::Number(number)),
        ValueWrite::Date(date) => Some(Value::Date(date)),
        ValueWrite::SingleSelect(name) => option(&name).map(Value::SingleSelect),
        ValueWrite::MultiSelect(names) => {
            let ids: Vec<OptionId> = names.iter().filter_map(option).collect();
            (!ids.is_empty()).then_some(Value::MultiSelect(ids))
        }
        ValueWrite::Iteration(title) => {
            let found = field.iterations.iter().find(|iteration| iteration.title.same(&title))?;
            Some(Value::Iteration(found.id.clone()))
        }
    }
}

fn field_id(name: &FieldName) -> NodeId {
    NodeId::new(format!("field:{}", fold(name.as_str())))
}

fn declared(field: &plan::Field) -> Field {
    let options = field.options.iter().zip(1_u32..).map(|(option, number)| SelectOption {
        id: OptionId::new(number.to_string()),
        name: option.name.clone(),
        color: Some(option.color),
        description: option.description.clone().unwrap_or_default(),
    });
    let iterations = field.iterations.iter().zip(1_u32..).map(|(iteration, number)| Iteration {
        id: IterationId::new(number.to_string()),
        title: iteration.title.clone(),
        start: iteration.start,
        duration: iteration.duration,
        completed: false,
    });
    let options = if field::is_status(&field.name) && field.options.is_empty() {
        githubs_options()
    } else {
        options.collect()
    };
    Field {
        id: field_id(&field.name),
        name: field.name.clone(),
        r#type: Some(field.r#type),
        database_id: None,
        options,
        iterations: iterations.collect(),
    }
}

/// The options that GitHub gives to Status on a new board (seen on new projects).
fn githubs_options() -> Vec<SelectOption> {
    let options = [
        ("f75ad846", "Todo", Colour::Green, "This item hasn't been started"),
        ("47fc9ee4", "In Progress", Colour::Yellow, "This is actively being worked on"),
        ("98236657", "Done", Colour::Purple, "This has been completed"),
    ];
    let option = |(id, name, colour, description): (&str, &str, Colour, &str)| SelectOption {
        id: OptionId::new(id),
        name: OptionName::new(name),
        color: Some(colour),
        description: description.to_owned(),
    };
    options.map(option).to_vec()
}

fn item(id: String, values: BTreeMap<NodeId, Value>) -> Item {
    Item { id: NodeId::new(id), archived: false, created_at: Timestamp::UNIX_EPOCH, values }
}

fn marker(
    baseline: &Plan,
    key: &IssueKey,
    region: &str,
    labels: Vec<spectra_model::id::LabelName>,
) -> Marker {
    Marker::created(baseline.slug.clone(), key.clone(), RunId::new(""), Login::new(""), region, labels)
}

fn issues(baseline: &Plan, spelling: &Spelling, fields: &Fields<'_>, board: &NodeId) -> Vec<Issue> {
    let mut parents: BTreeMap<&IssueKey, &IssueRef> = BTreeMap::new();
    let mut blockers: BTreeMap<&IssueKey, Vec<&IssueRef>> = BTreeMap::new();
    for link in &baseline.links {
        if let Some((parent, child)) = link.sub_issue() {
            parents.insert(child, parent);
        } else if let Some((issue, by)) = link.blocked_by() {
            blockers.entry(issue).or_default().push(by);
        }
    }
    // New sub-issues stand behind those that are there, and issues are made in the plan's order.
    let mut children: BTreeMap<&IssueKey, Vec<NodeId>> = BTreeMap::new();
    for issue in &baseline.issues {
        if let Some(parent) = parents.get(&issue.key).and_then(|parent| parent.own()) {
            children.entry(parent).or_default().push(issue_id(&issue.key));
        }
    }
    let issue = |(issue, number): (&plan::Issue, u64)| {
        let blocked_by = blockers.get(&issue.key).map(Vec::as_slice).unwrap_or_default();
        let marker = Marker {
            assignees: issue.assignees.clone(),
            blocked_by: blocked_by.iter().map(|by| (*by).clone()).collect(),
            repository: Some(issue.repository.clone()),
            ..marker(baseline, &issue.key, issue.body.text(), issue.labels.clone())
        };
        let repository = spelling.of_repository(&issue.repository);
        let state = issue.state.unwrap_or(IssueState::Open);
        let state_reason = match (state, issue.state_reason) {
            (IssueState::Open, _) => None,
            (IssueState::Closed, Some(plan::StateReason::NotPlanned)) => Some(StateReason::NotPlanned),
            (IssueState::Closed, Some(plan::StateReason::Completed) | None) => Some(StateReason::Completed),
        };
        Issue {
            id: issue_id(&issue.key),
            number,
            url: issue.key.to_string(),
            repository: repository.clone(),
            title: issue.title.clone(),
            body: marker.around(issue.body.text()),
            state,
            state_reason,
            // The marker's actor: Spectra made it.
            author: Some(Login::new("")),
            created_at: Timestamp::UNIX_EPOCH,
            labels: issue.labels.clone(),
            assignees: issue.assignees.clone(),
            milestone: issue.milestone.value().map(|title| milestone_id(repository, title)),
            issue_type: issue.issue_type.value().cloned(),
            parent: parents.get(&issue.key).map(|parent| node(parent)),
            sub_issues: children.get(&issue.key).cloned().unwrap_or_default(),
            blocked_by: blocked_by.iter().map(|by| node(by)).collect(),
            boards: vec![board.clone()],
            item: Some(item(format!("item:{}", issue.key), fields.values(&issue.fields))),
        }
    };
    baseline.issues.iter().zip(1..).map(issue).collect()
}

/// How many issues there are of each name that they have in a repository.
fn tally<'i, N: 'i>(
    issues: &'i [Issue],
    names: impl Fn(&'i Issue) -> Vec<N>,
    key: impl Fn(&RepoSlug, N) -> NodeId,
) -> BTreeMap<NodeId, usize> {
    let mut tally: BTreeMap<NodeId, usize> = BTreeMap::new();
    for issue in issues {
        for name in names(issue) {
            let count = tally.entry(key(&issue.repository, name)).or_default();
            *count = count.saturating_add(1);
        }
    }
    tally
}

fn label_id(repository: &RepoSlug, name: &spectra_model::id::LabelName) -> NodeId {
    NodeId::new(format!("label:{}", fold(&label_key(repository, name))))
}

fn labels(baseline: &Plan, spelling: &Spelling, issues: &[Issue], github: &mut Observation, made: &mut Made) {
    let carried = tally(issues, |issue| issue.labels.iter().collect(), label_id);
    for label in &baseline.labels {
        let slug = spelling.of_repository(&label.repository);
        let id = label_id(slug, &label.name);
        made.labels.insert(label_key(slug, &label.name), id.clone());
        if let Some(repository) = github.repositories.get_mut(slug) {
            repository.labels.push(Label {
                used_by: Some(carried.get(&id).copied().unwrap_or_default()),
                id,
                name: label.name.clone(),
                color: label.color.clone(),
                description: label.description.value().cloned().unwrap_or_default(),
            });
        }
    }
}

fn milestone_id(repository: &RepoSlug, title: &MilestoneTitle) -> NodeId {
    NodeId::new(format!("milestone:{}", fold(&milestone_key(repository, title))))
}

fn milestones(
    baseline: &Plan,
    spelling: &Spelling,
    issues: &[Issue],
    github: &mut Observation,
    made: &mut Made,
) {
    let held = tally(issues, |issue| issue.milestone.iter().collect(), |_, id: &NodeId| id.clone());
    for (milestone, number) in baseline.milestones.iter().zip(1..) {
        let slug = spelling.of_repository(&milestone.repository);
        let id = milestone_id(slug, &milestone.title);
        made.milestones.insert(milestone_key(slug, &milestone.title), id.clone());
        if let Some(repository) = github.repositories.get_mut(slug) {
            repository.milestones.push(Milestone {
                issues: held.get(&id).copied().unwrap_or_default(),
                id,
                number,
                title: milestone.title.clone(),
                description: milestone.description.value().cloned().unwrap_or_default(),
                due_on: milestone.due_on.value().copied(),
                state: IssueState::Open,
            });
        }
    }
}

fn board(baseline: &Plan, spelling: &Spelling, fields: Fields<'_>, id: NodeId, mut made: Made) -> Board {
    let project = &baseline.project;
    let drafts = drafts(baseline, &fields);
    made.drafts = baseline
        .drafts
        .iter()
        .zip(&drafts)
        .map(|(draft, observed)| (draft.key.clone(), observed.item.id.clone()))
        .collect();
    let fields = fields.into_all();
    let views = views(baseline, &fields);
    let in_order = baseline.views.iter().zip(&views);
    made.views = in_order.map(|(view, observed)| (view.name.clone(), observed.id.clone())).collect();
    let linked: Vec<&RepoSlug> = baseline.links.iter().filter_map(Link::repository).collect();
    let linked: Vec<&RepoSlug> = linked.into_iter().map(|slug| spelling.of_repository(slug)).collect();
    let teams = || baseline.links.iter().filter_map(Link::team).cloned();
    made.linked = linked.iter().map(|slug| (*slug).clone()).collect();
    made.teams = teams().collect();
    let mut record = BoardRecord::new(
        baseline.slug.clone(),
        baseline.manifest.clone(),
        id.clone(),
        project.managed_label.clone(),
    );
    record.generation = 1;
    record.repositories =
        baseline.repositories().into_iter().map(|slug| spelling.of_repository(slug).clone()).collect();
    record.made = made;
    Board {
        summary: BoardSummary {
            id,
            number: project.number.unwrap_or(1),
            url: baseline.slug.to_string(),
            title: project.title.clone(),
            description: project.description.value().cloned().unwrap_or_default(),
            // Taken apart below; the board needn't be looked for.
            readme: String::new(),
            public: project.visibility == Some(Visibility::Public),
            closed: false,
            writable: true,
        },
        parts: Readme { text: project.readme.value().cloned().unwrap_or_default(), record: Some(record) },
        fields,
        views,
        repositories: linked.into_iter().map(|slug| (slug.clone(), repository_id(slug))).collect(),
        teams: teams().map(|team| (team.clone(), NodeId::new(format!("team:{team}")))).collect(),
        drafts,
        other_items: 0,
    }
}

fn drafts(baseline: &Plan, fields: &Fields<'_>) -> Vec<Draft> {
    let draft = |draft: &plan::Draft| {
        let marker = Marker {
            assignees: draft.assignees.clone(),
            ..marker(baseline, &draft.key, draft.body.text(), Vec::new())
        };
        Draft {
            id: NodeId::new(format!("draft:{}", draft.key)),
            title: draft.title.clone(),
            body: marker.around(draft.body.text()),
            // The marker's actor: Spectra made it.
            author: Some(Login::new("")),
            assignees: draft.assignees.clone(),
            item: item(format!("item:{}", draft.key), fields.values(&draft.fields)),
        }
    };
    baseline.drafts.iter().map(draft).collect()
}

/// The plan's views in its order; where it has none, the one that GitHub makes.
fn views(baseline: &Plan, fields: &[Field]) -> Vec<View> {
    let by_name: BTreeMap<String, &NodeId> =
        fields.iter().map(|field| (fold(field.name.as_str()), &field.id)).collect();
    let id_of = |name: &FieldName| by_name.get(&fold(name.as_str())).map(|id| (*id).clone());
    let usual = || ["Title", "Assignees", STATUS].map(FieldName::new);
    let mut views: Vec<View> = baseline
        .views
        .iter()
        .zip(1_u64..)
        .map(|(view, number)| {
            let shown = match (view.layout, &view.fields) {
                // GitHub: "Roadmap views do not support visible fields."
                (Layout::Roadmap, _) => Vec::new(),
                (Layout::Table | Layout::Board, Some(fields)) => fields.iter().filter_map(id_of).collect(),
                (Layout::Table | Layout::Board, None) => usual().iter().filter_map(id_of).collect(),
            };
            let sort =
                |sort: &plan::Sort| Some(Sort { field: id_of(&sort.field)?, direction: sort.direction });
            View {
                id: NodeId::new(format!("view:{number}")),
                number,
                name: view.name.clone(),
                layout: Some(view.layout),
                filter: view.filter.value().cloned().unwrap_or_default(),
                fields: shown,
                group_by: view.group_by.value().and_then(id_of).into_iter().collect(),
                column_by: view.column_by.value().and_then(id_of).into_iter().collect(),
                sort_by: view.sort_by.value().into_iter().flatten().filter_map(sort).collect(),
            }
        })
        .collect();
    if views.is_empty() {
        views.push(View {
            id: NodeId::new("view:1"),
            number: 1,
            name: ViewName::new(FIRST),
            layout: Some(Layout::Table),
            filter: String::new(),
            fields: usual().iter().filter_map(id_of).collect(),
            group_by: Vec::new(),
            column_by: Vec::new(),
            sort_by: Vec::new(),
        });
    }
    views
}
