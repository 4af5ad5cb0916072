//! Fields of boards, their options and iterations.

use jiff::civil::Date;
use spectra_model::id::{FieldName, IterationId, IterationTitle, NodeId, OptionId, OptionName};
use spectra_model::observation::{Field, Iteration, SelectOption};
use spectra_model::plan::{Colour, FieldType};
use spectra_model::step::{IterationWrite, OptionWrite};

use crate::batch::batch_op;
use crate::failure::Failure;
use crate::operations::{
    CreateField, DeleteField, Fields, UpdateField, create_field, delete_field, fields, update_field,
};
use crate::page::{LARGEST, Page, all, page};
use crate::reader::{Reader, another_type};

batch_op!(CreateField, create_field, "createProjectV2Field", CreateProjectV2FieldInput, CreateFieldSel);
batch_op!(UpdateField, update_field, "updateProjectV2Field", UpdateProjectV2FieldInput, UpdateFieldSel);
batch_op!(DeleteField, delete_field, "deleteProjectV2Field", DeleteProjectV2FieldInput, DeleteFieldSel);

/// A field as GitHub shows it; None for a kind that is newer than this program.
struct Seen(Option<Field>);

fn plain(id: String, number: Option<i64>, name: String, r#type: Option<FieldType>) -> Field {
    Field {
        id: NodeId::new(id),
        name: FieldName::new(name),
        r#type,
        database_id: number.and_then(|number| u64::try_from(number).ok()),
        options: Vec::new(),
        iterations: Vec::new(),
    }
}

fn iteration(
    id: String,
    title: String,
    start: &str,
    duration: i64,
    completed: bool,
) -> Result<Iteration, Failure> {
    let odd = |what: &str, error: &dyn std::fmt::Display| {
        Failure::malformed(format!("the {what} of iteration `{title}`: {error}"))
    };
    let start: Date = start.parse().map_err(|error| odd("start", &error))?;
    let duration = u32::try_from(duration).map_err(|error| odd("duration", &error))?;
    let title = IterationTitle::new(title);
    Ok(Iteration { id: IterationId::new(id), title, start, duration, completed })
}

macro_rules! field_of {
    ($module:ident) => {
        impl TryFrom<$module::FieldSel> for Seen {
            type Error = Failure;

            fn try_from(field: $module::FieldSel) -> Result<Self, Failure> {
                use $module::{FieldSel as Kind, ProjectV2FieldType as Type};
                Ok(Self(match field {
                    Kind::ProjectV2Field(it) => {
                        let r#type = match it.data_type {
                            // A field that mirrors an organisation's issue field is written through the issue.
                            _ if it.is_issue_field => None,
                            Type::TEXT => Some(FieldType::Text),
                            Type::NUMBER => Some(FieldType::Number),
                            Type::DATE => Some(FieldType::Date),
                            _ => None,
                        };
                        Some(plain(it.id, it.database_id, it.name, r#type))
                    }
                    Kind::ProjectV2SingleSelectField(it) => {
                        let r#type = (!it.is_issue_field).then_some(FieldType::SingleSelect);
                        let options = it.options.into_iter().map(|option| SelectOption {
                            id: OptionId::new(option.id),
                            name: OptionName::new(option.name),
                            color: option.color.into(),
                            description: option.description,
                        });
                        let options = options.collect();
                        Some(Field { options, ..plain(it.id, it.database_id, it.name, r#type) })
                    }
                    Kind::ProjectV2MultiSelectField(it) => {
                        let r#type = (!it.is_issue_field).then_some(FieldType::MultiSelect);
                        let options = it.multi_select_options.into_iter().map(|option| SelectOption {
                            id: OptionId::new(option.id),
                            name: OptionName::new(option.name),
                            color: option.color.into(),
                            description: option.description,
                        });
                        let options = options.collect();
                        Some(Field { options, ..plain(it.id, it.database_id, it.name, r#type) })
                    }
                    Kind::ProjectV2IterationField(it) => {
                        let coming =
                            it.configuration.iterations.into_iter().map(|one| {
                                iteration(one.id, one.title, &one.start_date, one.duration, false)
                            });
                        let completed = it
                            .configuration
                            .completed_iterations
                            .into_iter()
                            .map(|one| iteration(one.id, one.title, &one.start_date, one.duration, true));
                        let mut iterations = completed.chain(coming).collect::<Result<Vec<_>, _>>()?;
                        iterations.sort_by_key(|one| one.start);
                        let r#type = Some(FieldType::Iteration);
                        Some(Field { iterations, ..plain(it.id, it.database_id, it.name, r#type) })
                    }
                    Kind::Unknown => None,
                }))
            }
        }

        impl From<$module::ProjectV2SingleSelectFieldOptionColor> for Option<Colour> {
            fn from(colour: $module::ProjectV2SingleSelectFieldOptionColor) -> Self {
                use $module::ProjectV2SingleSelectFieldOptionColor as Wire;
                match colour {
                    Wire::BLUE => Some(Colour::Blue),
                    Wire::GRAY => Some(Colour::Gray),
                    Wire::GREEN => Some(Colour::Green),
                    Wire::ORANGE => Some(Colour::Orange),
                    Wire::PINK => Some(Colour::Pink),
                    Wire::PURPLE => Some(Colour::Purple),
                    Wire::RED => Some(Colour::Red),
                    Wire::YELLOW => Some(Colour::Yellow),
                    Wire::Other(_) => None,
                }
            }
        }
    };
}

macro_rules! option_for {
    ($module:ident, $input:ident) => {
        impl From<&OptionWrite> for $module::$input {
            fn from(option: &OptionWrite) -> Self {
                use $module::ProjectV2SingleSelectFieldOptionColor as Wire;
                Self {
                    color: match option.colour {
                        Colour::Blue => Wire::BLUE,
                        Colour::Gray => Wire::GRAY,
                        Colour::Green => Wire::GREEN,
                        Colour::Orange => Wire::ORANGE,
                        Colour::Pink => Wire::PINK,
                        Colour::Purple => Wire::PURPLE,
                        Colour::Red => Wire::RED,
                        Colour::Yellow => Wire::YELLOW,
                    },
                    description: option.description.clone(),
                    id: option.id.as_ref().map(|id| id.as_str().to_owned()),
                    name: option.name.as_str().to_owned(),
                }
            }
        }
    };
}

macro_rules! iterations_for {
    ($module:ident) => {
        impl $module::ProjectV2IterationFieldConfigurationInput {
            /// GitHub wants the first one's start and a length for those that people add later, which is the last
            /// one's. Of no iterations there is neither, so they say nothing.
            fn of(iterations: &[IterationWrite]) -> Option<Self> {
                let start = iterations.iter().map(|one| one.start).min()?;
                let latest = iterations.iter().max_by_key(|one| one.start)?;
                let each = iterations.iter().map(|one| $module::ProjectV2Iteration {
                    duration: one.duration.into(),
                    id: one.id.as_ref().map(|id| id.as_str().to_owned()),
                    start_date: one.start.to_string(),
                    title: one.title.as_str().to_owned(),
                });
                Some(Self {
                    duration: latest.duration.into(),
                    iterations: each.collect(),
                    start_date: start.to_string(),
                })
            }
        }
    };
}

field_of!(fields);
field_of!(create_field);
field_of!(update_field);
option_for!(create_field, ProjectV2SingleSelectFieldOptionInput);
option_for!(create_field, ProjectV2MultiSelectFieldOptionInput);
option_for!(update_field, ProjectV2SingleSelectFieldOptionInput);
option_for!(update_field, ProjectV2MultiSelectFieldOptionInput);
iterations_for!(create_field);
iterations_for!(update_field);

impl Reader {
    /// The fields of a board, built-in ones too, in GitHub's order. A kind of field that is newer than this program is
    /// left out: it has neither id nor name that could be asked for. One point a hundred fields.
    ///
    /// # Errors
    /// When the board isn't there, or GitHub doesn't say.
    pub async fn fields(&self, project: &NodeId) -> Result<Vec<Field>, Failure> {
        let found =
            all("fields", None, LARGEST, |first, after| self.fields_page(project, first, after)).await?;
        let found = found.into_iter().map(Seen::try_from).collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().filter_map(|seen| seen.0).collect())
    }

    async fn fields_page(
        &self,
        project: &NodeId,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<fields::FieldSel>, Failure> {
        let variables = fields::Variables { project: project.as_str().to_owned(), first, after };
        match self.client().whole::<Fields>(variables).await?.node {
            Some(fields::FieldsNode::ProjectV2(it)) => Ok(page!(it.fields)),
            Some(_) | None => Err(another_type(project, "a board")),
        }
    }
}

pub(crate) fn create(
    project: &NodeId,
    name: &FieldName,
    r#type: FieldType,
    options: &[OptionWrite],
    iterations: &[IterationWrite],
) -> create_field::CreateProjectV2FieldInput {
    use create_field::ProjectV2CustomFieldType as Wire;
    let plain = create_field::CreateProjectV2FieldInput {
        client_mutation_id: None,
        data_type: Wire::TEXT,
        iteration_configuration: None,
        multi_select_options: None,
        name: name.as_str().to_owned(),
        project_id: project.as_str().to_owned(),
        single_select_options: None,
    };
    match r#type {
        FieldType::Text => plain,
        FieldType::Number => create_field::CreateProjectV2FieldInput { data_type: Wire::NUMBER, ..plain },
        FieldType::Date => create_field::CreateProjectV2FieldInput { data_type: Wire::DATE, ..plain },
        FieldType::SingleSelect => create_field::CreateProjectV2FieldInput {
            data_type: Wire::SINGLE_SELECT,
            single_select_options: Some(options.iter().map(Into::into).collect()),
            ..plain
        },
        FieldType::MultiSelect => create_field::CreateProjectV2FieldInput {
            data_type: Wire::MULTI_SELECT,
            multi_select_options: Some(options.iter().map(Into::into).collect()),
            ..plain
        },
        FieldType::Iteration => create_field::CreateProjectV2FieldInput {
            data_type: Wire::ITERATION,
            iteration_configuration: create_field::ProjectV2IterationFieldConfigurationInput::of(iterations),
            ..plain
        },
    }
}

/// What becomes of a field. GitHub has no way to change its type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Update<'a> {
    pub(crate) field: &'a NodeId,
    pub(crate) r#type: FieldType,
    pub(crate) name: Option<&'a FieldName>,
    pub(crate) options: Option<&'a [OptionWrite]>,
    pub(crate) iterations: Option<&'a [IterationWrite]>,
}

pub(crate) fn update(update: Update<'_>) -> update_field::UpdateProjectV2FieldInput {
    let Update { field, r#type, name, options, iterations } = update;
    let is = |wanted: FieldType| r#type == wanted;
    let single = options.filter(|_| !is(FieldType::MultiSelect));
    let multi = options.filter(|_| is(FieldType::MultiSelect));
    update_field::UpdateProjectV2FieldInput {
        client_mutation_id: None,
        field_id: field.as_str().to_owned(),
        iteration_configuration: iterations
            .and_then(update_field::ProjectV2IterationFieldConfigurationInput::of),
        multi_select_options: multi.map(|options| options.iter().map(Into::into).collect()),
        name: name.map(|name| name.as_str().to_owned()),
        single_select_options: single.map(|options| options.iter().map(Into::into).collect()),
    }
}

pub(crate) fn delete(field: &NodeId) -> delete_field::DeleteProjectV2FieldInput {
    delete_field::DeleteProjectV2FieldInput { field_id: field.as_str().to_owned(), ..Default::default() }
}

pub(crate) fn created(payload: create_field::CreateFieldSel) -> Result<Option<Field>, Failure> {
    let field = payload.project_v2_field.map(Seen::try_from).transpose()?;
    Ok(field.and_then(|seen| seen.0))
}

pub(crate) fn updated(payload: update_field::UpdateFieldSel) -> Result<Option<Field>, Failure> {
    let field = payload.project_v2_field.map(Seen::try_from).transpose()?;
    Ok(field.and_then(|seen| seen.0))
}
