//! Writes of every kind, for tests.

use jiff::civil::Date;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use spectra_model::Setting;
use spectra_model::id::{
    FieldName, IterationId, IterationTitle, LabelName, Login, MilestoneTitle, NodeId, OptionId, OptionName,
    RepoSlug, ViewName,
};
use spectra_model::observation::Value;
use spectra_model::plan::{Colour, Direction, FieldType, IssueState, Layout, Owner, OwnerType};
use spectra_model::step::{IterationWrite, OptionWrite, ProjectUpdate};

use crate::{Beside, CloseAs, NewIssue, RestView, Write};

fn id() -> impl Strategy<Value = NodeId> {
    any::<String>().prop_map(NodeId::new)
}

fn ids() -> impl Strategy<Value = Vec<NodeId>> {
    proptest::collection::vec(id(), 0..4)
}

fn text() -> impl Strategy<Value = Option<String>> {
    any::<Option<String>>()
}

fn select_option() -> impl Strategy<Value = OptionWrite> {
    let colours = vec![
        Colour::Blue,
        Colour::Gray,
        Colour::Green,
        Colour::Orange,
        Colour::Pink,
        Colour::Purple,
        Colour::Red,
        Colour::Yellow,
    ];
    (text(), any::<String>(), select(colours), any::<String>()).prop_map(|(id, name, colour, description)| {
        OptionWrite { id: id.map(OptionId::new), name: OptionName::new(name), colour, description }
    })
}

fn options() -> impl Strategy<Value = Vec<OptionWrite>> {
    proptest::collection::vec(select_option(), 0..4)
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::Text),
        proptest::num::f64::NORMAL.prop_map(Value::Number),
        any::<String>().prop_map(Value::Date),
        any::<String>().prop_map(|id| Value::SingleSelect(OptionId::new(id))),
        proptest::collection::vec(any::<String>(), 0..3)
            .prop_map(|ids| Value::MultiSelect(ids.into_iter().map(OptionId::new).collect())),
        any::<String>().prop_map(|id| Value::Iteration(IterationId::new(id))),
    ]
}

fn day() -> impl Strategy<Value = Date> {
    (2020_i16..2040, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::constant(year, month, day))
}

fn iterations() -> impl Strategy<Value = Vec<IterationWrite>> {
    let one = (text(), any::<String>(), day(), 1_u32..60).prop_map(|(id, title, start, duration)| {
        IterationWrite { id: id.map(IterationId::new), title: IterationTitle::new(title), start, duration }
    });
    proptest::collection::vec(one, 0..4)
}

fn layout() -> impl Strategy<Value = Layout> {
    select(vec![Layout::Table, Layout::Board, Layout::Roadmap])
}

fn slug() -> impl Strategy<Value = RepoSlug> {
    Just(RepoSlug::parse("o/r").unwrap())
}

fn setting<T: std::fmt::Debug + Clone>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Setting<T>> {
    prop_oneof![Just(Setting::Unmanaged), Just(Setting::Clear), of.prop_map(Setting::Set)]
}

fn field_type() -> impl Strategy<Value = FieldType> {
    select(vec![
        FieldType::Text,
        FieldType::Number,
        FieldType::Date,
        FieldType::SingleSelect,
        FieldType::MultiSelect,
        FieldType::Iteration,
    ])
}

/// Any write. A kind that is missing here fails a test.
pub(crate) fn write() -> impl Strategy<Value = Write> {
    prop_oneof![boards(), labels(), milestones(), views(), issues(), edges(), drafts(), items()]
}

fn boards() -> impl Strategy<Value = Write> {
    let update =
        (text(), text(), text(), any::<Option<bool>>()).prop_map(|(title, description, readme, public)| {
            ProjectUpdate { title, description, readme, public }
        });
    let field = (id(), any::<String>(), field_type(), options(), iterations());
    let change = (id(), field_type(), text(), option::of(options()), option::of(iterations()));
    prop_oneof![
        (id(), any::<String>()).prop_map(|(owner, title)| Write::CreateProject { owner, title }),
        (id(), update).prop_map(|(project, update)| Write::UpdateProject { project, update }),
        id().prop_map(|project| Write::DeleteProject { project }),
        field.prop_map(|(project, name, r#type, options, iterations)| Write::CreateField {
            project,
            name: FieldName::new(name),
            r#type,
            options,
            iterations,
        }),
        change.prop_map(|(field, r#type, name, options, iterations)| Write::UpdateField {
            field,
            r#type,
            name: name.map(FieldName::new),
            options,
            iterations,
        }),
        id().prop_map(|field| Write::DeleteField { field }),
        (id(), id()).prop_map(|(project, repository)| Write::LinkRepository { project, repository }),
        (id(), id()).prop_map(|(project, repository)| Write::UnlinkRepository { project, repository }),
        (id(), id()).prop_map(|(project, team)| Write::LinkTeam { project, team }),
        (id(), id()).prop_map(|(project, team)| Write::UnlinkTeam { project, team }),
    ]
}

fn labels() -> impl Strategy<Value = Write> {
    prop_oneof![
        (id(), any::<String>(), any::<String>(), text()).prop_map(
            |(repository, name, colour, description)| Write::CreateLabel {
                repository,
                name: LabelName::new(name),
                colour,
                description,
            }
        ),
        (id(), text(), text(), text()).prop_map(|(label, name, colour, description)| {
            Write::UpdateLabel { label, name: name.map(LabelName::new), colour, description }
        }),
        id().prop_map(|label| Write::DeleteLabel { label }),
        (id(), ids()).prop_map(|(issue, labels)| Write::AddLabels { issue, labels }),
        (id(), ids()).prop_map(|(issue, labels)| Write::RemoveLabels { issue, labels }),
    ]
}

fn milestones() -> impl Strategy<Value = Write> {
    let said = || (slug(), any::<String>(), setting(any::<String>()), setting(day()));
    prop_oneof![
        said().prop_map(|(repository, title, description, due_on)| Write::CreateMilestone {
            repository,
            title: MilestoneTitle::new(title),
            description,
            due_on,
        }),
        (said(), any::<u64>()).prop_map(|((repository, title, description, due_on), number)| {
            let title = MilestoneTitle::new(title);
            Write::UpdateMilestone { repository, number, title, description, due_on }
        }),
        (slug(), any::<u64>()).prop_map(|(repository, number)| Write::DeleteMilestone { repository, number }),
    ]
}

fn views() -> impl Strategy<Value = Write> {
    let owner = (select(vec![OwnerType::Org, OwnerType::User]), any::<String>())
        .prop_map(|(kind, slug)| Owner { kind, slug: Login::new(slug) });
    let numbers = || proptest::collection::vec(any::<u64>(), 0..3);
    let sorts =
        proptest::collection::vec((any::<u64>(), select(vec![Direction::Asc, Direction::Desc])), 0..3);
    let rest = (any::<String>(), layout(), text(), option::of(numbers()), any::<[Option<u64>; 2]>(), sorts);
    let rest = rest.prop_map(|(name, layout, filter, fields, [group_by, column_by], sort_by)| RestView {
        name: ViewName::new(name),
        layout,
        filter,
        fields,
        group_by,
        column_by,
        sort_by,
    });
    let view = (id(), any::<String>(), layout(), option::of(ids()), text());
    let change = (id(), text(), option::of(layout()), text(), option::of(ids()));
    prop_oneof![
        view.prop_map(|(project, name, layout, fields, filter)| Write::CreateView {
            project,
            name: ViewName::new(name),
            layout,
            fields,
            filter,
        }),
        (owner, any::<u64>(), rest).prop_map(|(owner, number, view)| Write::CreateRestView {
            owner,
            number,
            view,
        }),
        change.prop_map(|(view, name, layout, filter, fields)| Write::UpdateView {
            view,
            name: name.map(ViewName::new),
            layout,
            filter,
            fields,
        }),
        id().prop_map(|view| Write::DeleteView { view }),
    ]
}

fn issues() -> impl Strategy<Value = Write> {
    let states = vec![IssueState::Open, IssueState::Closed];
    let reasons = prop_oneof![
        Just(CloseAs::Completed),
        Just(CloseAs::NotPlanned),
        id().prop_map(CloseAs::DuplicateOf),
    ];
    let some = || option::of(id());
    let new = (id(), any::<String>(), any::<String>(), ids(), ids(), some(), some(), some());
    let new = new.prop_map(|(repository, title, body, labels, assignees, milestone, issue_type, parent)| {
        NewIssue { repository, title, body, labels, assignees, milestone, issue_type, parent }
    });
    prop_oneof![
        new.prop_map(|issue| Write::CreateIssue { issue }),
        (id(), text(), text()).prop_map(|(issue, title, body)| Write::UpdateIssue { issue, title, body }),
        (id(), select(states), reasons).prop_map(|(issue, state, reason)| Write::SetState {
            issue,
            state,
            reason,
        }),
        (id(), some()).prop_map(|(issue, milestone)| Write::SetMilestone { issue, milestone }),
        (id(), some()).prop_map(|(issue, issue_type)| Write::SetIssueType { issue, issue_type }),
        (id(), ids()).prop_map(|(issue, assignees)| Write::AddAssignees { issue, assignees }),
        (id(), ids()).prop_map(|(issue, assignees)| Write::RemoveAssignees { issue, assignees }),
        id().prop_map(|issue| Write::DeleteIssue { issue }),
        (id(), id()).prop_map(|(issue, repository)| Write::TransferIssue { issue, repository }),
    ]
}

fn edges() -> impl Strategy<Value = Write> {
    let beside = prop_oneof![id().prop_map(Beside::Before), id().prop_map(Beside::After)];
    prop_oneof![
        (id(), id()).prop_map(|(issue, by)| Write::AddBlockedBy { issue, by }),
        (id(), id()).prop_map(|(issue, by)| Write::RemoveBlockedBy { issue, by }),
        (id(), id(), any::<bool>()).prop_map(|(parent, child, replace_parent)| Write::AddSubIssue {
            parent,
            child,
            replace_parent,
        }),
        (id(), id(), beside).prop_map(|(parent, child, beside)| Write::MoveSubIssue {
            parent,
            child,
            beside
        }),
    ]
}

fn drafts() -> impl Strategy<Value = Write> {
    let change = (id(), text(), text(), option::of(ids()));
    prop_oneof![
        (id(), any::<String>(), any::<String>(), ids()).prop_map(|(project, title, body, assignees)| {
            Write::CreateDraft { project, title, body, assignees }
        }),
        change.prop_map(|(draft, title, body, assignees)| Write::UpdateDraft {
            draft,
            title,
            body,
            assignees
        }),
        (id(), id()).prop_map(|(item, repository)| Write::ConvertDraft { item, repository }),
    ]
}

fn items() -> impl Strategy<Value = Write> {
    prop_oneof![
        (id(), id()).prop_map(|(project, issue)| Write::AddItem { project, issue }),
        (id(), id()).prop_map(|(project, item)| Write::ArchiveItem { project, item }),
        (id(), id()).prop_map(|(project, item)| Write::UnarchiveItem { project, item }),
        (id(), id()).prop_map(|(project, item)| Write::DeleteItem { project, item }),
        (id(), id(), id(), value()).prop_map(|(project, item, field, value)| Write::SetValue {
            project,
            item,
            field,
            value,
        }),
        (id(), id(), id()).prop_map(|(project, item, field)| Write::ClearValue { project, item, field }),
    ]
}
