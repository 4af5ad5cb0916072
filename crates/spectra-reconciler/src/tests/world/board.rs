//! The board, its fields and its views.

use std::collections::BTreeMap;

use spectra_model::board_record::Readme;
use spectra_model::id::{FieldName, IterationId, NodeId, OptionId, OptionName, ViewName, fold};
use spectra_model::observation::{Board, BoardSummary, Field, Iteration, SelectOption, Sort, Value, View};
use spectra_model::plan::{Colour, FieldType, Layout};
use spectra_model::step::{
    Bindings, FieldBinding, IterationWrite, OptionWrite, ProjectBinding, Step, ValueWrite, ViewRoute,
    ViewWrite,
};

use super::World;

impl World {
    /// Takes a step that is about the board, its fields or its views; whether it was one.
    #[expect(
        clippy::too_many_lines,
        clippy::wildcard_enum_match_arm,
        reason = "one arm a step, the rest elsewhere"
    )]
    pub(super) fn take_of_board(&mut self, step: &Step, bindings: &mut Bindings) -> bool {
        match step {
            Step::CreateProject { working_title } => {
                self.create_board(&format!("{working_title}r1"));
                bindings.project = Some(ProjectBinding {
                    id: NodeId::new("PVT_1"),
                    number: 1,
                    url: "https://github.test/1".into(),
                });
            }
            Step::CreateField { name, r#type, options, iterations } => {
                let taken = self.board().fields.iter().any(|field| field.name.same(name));
                assert!(!taken, "Name has already been taken: {name}");
                let id = NodeId::new(self.id("PVTF"));
                let field = Field {
                    id,
                    name: name.clone(),
                    r#type: Some(*r#type),
                    database_id: Some(self.next),
                    options: options.iter().map(|option| self.option(option, &[])).collect(),
                    iterations: iterations.iter().map(|it| self.iteration(it, &[])).collect(),
                };
                bindings.fields.insert(fold(name.as_str()), binding(&field));
                self.board().fields.push(field.clone());
                self.note(|record| {
                    record.made.fields.insert(name.clone(), field.id.clone());
                    let options = field.options.iter().map(|it| (it.name.clone(), it.id.clone()));
                    record.made.options.insert(name.clone(), options.collect());
                    let iterations = field.iterations.iter().map(|it| (it.title.clone(), it.id.clone()));
                    record.made.iterations.insert(name.clone(), iterations.collect());
                });
            }
            Step::UpdateField { field, r#type, name, options, iterations, claims } => {
                let before = self.bound_field(bindings, field).clone();
                if let Some(name) = name {
                    let mut others = self.board().fields.iter().filter(|field| field.id != before.id);
                    assert!(!others.any(|it| it.name.same(name)), "Name has already been taken: {name}");
                }
                assert_eq!(before.r#type, Some(*r#type), "the type can't be changed");
                let options: Option<Vec<_>> = options.as_ref().map(|options| {
                    options.iter().map(|option| self.option(option, &before.options)).collect()
                });
                let iterations: Option<Vec<_>> = iterations.as_ref().map(|iterations| {
                    iterations.iter().map(|it| self.iteration(it, &before.iterations)).collect()
                });
                let it = self.bound_field(bindings, field);
                it.name = name.clone().unwrap_or(before.name);
                // GitHub ignores an empty list.
                it.options = options.filter(|options| !options.is_empty()).unwrap_or(before.options);
                it.iterations = iterations.filter(|all| !all.is_empty()).unwrap_or(before.iterations);
                it.iterations.sort_by_key(|iteration| iteration.start);
                let after = it.clone();
                bindings.fields.insert(fold(field.as_str()), binding(&after));
                self.lose_values(&after);
                let claims = claims.clone();
                self.note(|record| {
                    if record.made.fields.values().any(|id| *id == after.id) {
                        record.made.fields.retain(|_, id| *id != after.id);
                        record.made.fields.insert(field.clone(), after.id.clone());
                    }
                    let made = after.options.iter().filter(|it| claims.options.contains(&it.name));
                    let made = made.map(|it| (it.name.clone(), it.id.clone())).collect();
                    record.made.options.insert(field.clone(), made);
                    let made = after.iterations.iter().filter(|it| claims.iterations.contains(&it.title));
                    let made = made.map(|it| (it.title.clone(), it.id.clone())).collect();
                    record.made.iterations.insert(field.clone(), made);
                });
            }
            Step::DeleteField { id, .. } => {
                let board = self.board();
                let index = board.fields.iter().position(|field| field.id == *id).unwrap();
                assert!(board.fields.remove(index).r#type.is_some(), "Only custom fields can be deleted.");
                for view in &mut board.views {
                    view.fields.retain(|field| field != id);
                    view.group_by.retain(|field| field != id);
                    view.column_by.retain(|field| field != id);
                    view.sort_by.retain(|sort| sort.field != *id);
                }
                for item in self.items() {
                    item.values.remove(id);
                }
                self.note(|record| record.made.fields.retain(|_, made| made != id));
            }
            Step::CreateView { view, route } => self.create_view(view, *route, bindings),
            Step::UpdateView { view, name, layout, filter, fields } => {
                assert!(self.github.features.views);
                let id = bindings.view(view).unwrap().clone();
                let ids = fields.as_ref().map(|fields| self.in_field_order(bindings, fields));
                let it = self.board().views.iter_mut().find(|it| it.id == id).unwrap();
                if let Some(name) = name {
                    it.name = name.clone();
                }
                it.layout = layout.or(it.layout);
                if let Some(filter) = filter {
                    it.filter.clone_from(filter);
                }
                if let Some(ids) = ids {
                    assert_ne!(
                        it.layout,
                        Some(Layout::Roadmap),
                        "Roadmap views do not support visible fields."
                    );
                    it.fields = ids;
                }
                // A write that can be repeated is repeated until it is answered.
                let record = self.board().parts.record.as_mut();
                if let Some((record, fields)) = record.zip(fields.as_ref()) {
                    record.made.orders.insert(view.clone(), crate::field_order(fields));
                }
            }
            Step::DeleteView { id, .. } => {
                assert!(self.github.features.views);
                let views = &mut self.board().views;
                assert!(views.len() > 1, "the board's only view");
                let index = views.iter().position(|view| view.id == *id).unwrap();
                views.remove(index);
                self.note(|record| record.made.views.retain(|_, made| made != id));
            }
            Step::SetValue { issue, field, value } => {
                let id = self.bound_field(bindings, field).id.clone();
                let option = |name: &OptionName| bindings.option(field, name).unwrap().clone();
                let value = match value {
                    ValueWrite::Text(text) => Value::Text(text.clone()),
                    ValueWrite::Number(number) => Value::Number(*number),
                    ValueWrite::Date(date) => Value::Date(date.clone()),
                    ValueWrite::SingleSelect(name) => Value::SingleSelect(option(name)),
                    ValueWrite::MultiSelect(names) => {
                        let mut ids: Vec<OptionId> = names.iter().map(option).collect();
                        ids.sort();
                        Value::MultiSelect(ids)
                    }
                    ValueWrite::Iteration(title) => {
                        Value::Iteration(bindings.iteration(field, title).unwrap().clone())
                    }
                };
                self.written.insert((bindings.items[issue].clone(), id.clone()));
                self.item(bindings, issue).values.insert(id, value);
            }
            Step::ClearValue { issue, field } => {
                let id = self.bound_field(bindings, field).id.clone();
                self.written.insert((bindings.items[issue].clone(), id.clone()));
                self.item(bindings, issue).values.remove(&id);
            }
            _ => return false,
        }
        true
    }

    fn bound_field(&mut self, bindings: &Bindings, name: &FieldName) -> &mut Field {
        let id = bindings.field(name).unwrap().id.clone().unwrap();
        self.board().fields.iter_mut().find(|field| field.id == id).unwrap()
    }

    fn create_view(&mut self, view: &ViewWrite, route: ViewRoute, bindings: &mut Bindings) {
        let ViewWrite { name, layout, filter, fields, group_by, column_by, sort_by } = view;
        let arranged = match route {
            ViewRoute::Rest => {
                assert!(self.github.features.rest_views);
                true
            }
            ViewRoute::GraphQl => false,
        };
        let roadmap = *layout == Layout::Roadmap;
        assert!(!roadmap || fields.is_none(), "Roadmap views do not support visible fields.");
        let usual: Vec<FieldName> = ["Title", "Status"].map(FieldName::new).to_vec();
        let fields = fields.clone().unwrap_or(if roadmap { Vec::new() } else { usual });
        let fields = self.in_field_order(bindings, &fields);
        let id = NodeId::new(self.id("PVTV"));
        let number = self.next;
        let mut by = |field: &Option<FieldName>| -> Vec<NodeId> {
            let field = field.as_ref().filter(|_| arranged);
            field.map(|field| self.bound_field(bindings, field).id.clone()).into_iter().collect()
        };
        let (group_by, column_by) = (by(group_by), by(column_by));
        let sorted = sort_by.iter().filter(|_| arranged);
        let sort_by = sorted
            .map(|sort| Sort {
                field: self.bound_field(bindings, &sort.field).id.clone(),
                direction: sort.direction,
            })
            .collect();
        self.board().views.push(View {
            id: id.clone(),
            number,
            name: name.clone(),
            layout: Some(*layout),
            filter: filter.clone().unwrap_or_default(),
            fields,
            group_by,
            column_by,
            sort_by,
        });
        bindings.views.insert(fold(name.as_str()), id.clone());
        let order = view.fields.as_deref().map(crate::field_order);
        self.note(|record| {
            record.made.views.insert(name.clone(), id);
            record.made.orders.extend(order.map(|order| (name.clone(), order)));
        });
    }

    /// GitHub gives a view's fields back in the order of the board's fields.
    fn in_field_order(&mut self, bindings: &Bindings, names: &[FieldName]) -> Vec<NodeId> {
        let ids: Vec<NodeId> = names.iter().map(|name| self.bound_field(bindings, name).id.clone()).collect();
        self.board().fields.iter().map(|field| &field.id).filter(|id| ids.contains(id)).cloned().collect()
    }

    pub(super) fn create_board(&mut self, title: &str) {
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
        let built_in = |name: &str, r#type, options| Field {
            id: NodeId::new(format!("PVTF_{name}")),
            name: FieldName::new(name),
            r#type,
            database_id: Some(1),
            options,
            iterations: Vec::new(),
        };
        let fields = vec![
            built_in("Status", Some(FieldType::SingleSelect), options),
            built_in("Title", None, Vec::new()),
            built_in("Milestone", None, Vec::new()),
        ];
        let view = View {
            id: NodeId::new("PVTV_1"),
            number: 1,
            name: ViewName::new("View 1"),
            layout: Some(Layout::Table),
            filter: String::new(),
            fields: fields.iter().map(|field| field.id.clone()).collect(),
            group_by: Vec::new(),
            column_by: Vec::new(),
            sort_by: Vec::new(),
        };
        self.github.boards = vec![summary.clone()];
        self.github.board = Some(Board {
            summary,
            parts: Readme { text: String::new(), record: None },
            fields,
            views: vec![view],
            repositories: BTreeMap::new(),
            teams: BTreeMap::new(),
            drafts: Vec::new(),
            other_items: 0,
        });
    }

    /// An option without the id of one that is there is a new one.
    fn option(&mut self, write: &OptionWrite, before: &[SelectOption]) -> SelectOption {
        let known = write.id.clone().filter(|_| self.github.features.option_ids);
        assert!(known.iter().all(|id| before.iter().any(|it| it.id == *id)), "{write:?} is not there");
        SelectOption {
            id: known.unwrap_or_else(|| OptionId::new(self.id("opt"))),
            name: write.name.clone(),
            color: Some(write.colour),
            description: write.description.clone(),
        }
    }

    fn iteration(&mut self, write: &IterationWrite, before: &[Iteration]) -> Iteration {
        let known = write.id.clone().filter(|_| self.github.features.iteration_ids);
        assert!(known.iter().all(|id| before.iter().any(|it| it.id == *id)), "{write:?} is not there");
        let completed = before.iter().any(|it| Some(&it.id) == known.as_ref() && it.completed);
        Iteration {
            id: known.unwrap_or_else(|| IterationId::new(self.id("iter"))),
            title: write.title.clone(),
            start: write.start,
            duration: write.duration,
            completed,
        }
    }

    /// Fields, options and iterations that people deleted take their values along.
    pub(in crate::tests) fn lose_all_values(&mut self) {
        let fields = self.board().fields.clone();
        for field in &fields {
            self.lose_values(field);
        }
        for item in self.items() {
            item.values.retain(|id, _| fields.iter().any(|field| field.id == *id));
        }
    }

    /// An option or iteration that is gone takes its values along.
    fn lose_values(&mut self, field: &Field) {
        let has_option = |id: &OptionId| field.options.iter().any(|it| it.id == *id);
        let has_iteration = |id: &IterationId| field.iterations.iter().any(|it| it.id == *id);
        for item in self.items() {
            let stays = match item.values.get_mut(&field.id) {
                Some(Value::SingleSelect(id)) => has_option(id),
                Some(Value::MultiSelect(ids)) => {
                    ids.retain(&has_option);
                    !ids.is_empty()
                }
                Some(Value::Iteration(id)) => has_iteration(id),
                Some(Value::Text(_) | Value::Number(_) | Value::Date(_)) | None => true,
            };
            if !stays {
                item.values.remove(&field.id);
            }
        }
    }
}

fn binding(field: &Field) -> FieldBinding {
    let Field { id, database_id, options, iterations, .. } = field;
    FieldBinding {
        id: Some(id.clone()),
        database_id: *database_id,
        options: options.iter().rev().map(|it| (fold(it.name.as_str()), it.id.clone())).collect(),
        iterations: iterations.iter().map(|it| (fold(it.title.as_str()), it.id.clone())).collect(),
    }
}
