//! Fields of boards and their options.

use spectra_model::id::{FieldName, NodeId, OptionId, OptionName};
use spectra_model::observation::{Field, SelectOption};
use spectra_model::plan::{Colour, FieldType};
use spectra_model::step::OptionWrite;

use crate::batch::batch_op;
use crate::failure::Failure;
use crate::operations::{CreateField, Fields, UpdateField, create_field, fields, update_field};
use crate::page::{LARGEST, Page, all, page};
use crate::reader::{Reader, another_type};

batch_op!(CreateField, create_field, "createProjectV2Field", CreateProjectV2FieldInput, CreateFieldSel);
batch_op!(UpdateField, update_field, "updateProjectV2Field", UpdateProjectV2FieldInput, UpdateFieldSel);

macro_rules! field_of {
    ($module:ident) => {
        impl From<$module::FieldSel> for Option<Field> {
            /// None for a kind of field that is newer than this program.
            fn from(field: $module::FieldSel) -> Self {
                use $module::{FieldSel as Kind, ProjectV2FieldType as Type};
                let plain = |id: String, name: String| Field {
                    id: NodeId::new(id),
                    name: FieldName::new(name),
                    r#type: None,
                    options: Vec::new(),
                };
                match field {
                    Kind::ProjectV2Field(it) => {
                        let r#type = match it.data_type {
                            // A field that mirrors an organisation's issue field is written through the issue.
                            _ if it.is_issue_field => None,
                            Type::TEXT => Some(FieldType::Text),
                            Type::NUMBER => Some(FieldType::Number),
                            Type::DATE => Some(FieldType::Date),
                            _ => None,
                        };
                        Some(Field { r#type, ..plain(it.id, it.name) })
                    }
                    Kind::ProjectV2SingleSelectField(it) => {
                        let options = it.options.into_iter().map(|option| SelectOption {
                            id: OptionId::new(option.id),
                            name: OptionName::new(option.name),
                            color: option.color.into(),
                            description: option.description,
                        });
                        let r#type = (!it.is_issue_field).then_some(FieldType::SingleSelect);
                        Some(Field { r#type, options: options.collect(), ..plain(it.id, it.name) })
                    }
                    Kind::ProjectV2IterationField(it) => Some(plain(it.id, it.name)),
                    Kind::ProjectV2MultiSelectField(it) => Some(plain(it.id, it.name)),
                    Kind::Unknown => None,
                }
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
    ($module:ident) => {
        impl From<&OptionWrite> for $module::ProjectV2SingleSelectFieldOptionInput {
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

field_of!(fields);
field_of!(create_field);
field_of!(update_field);
option_for!(create_field);
option_for!(update_field);

impl Reader {
    /// The fields of a board, built-in ones too, in GitHub's order. A kind of field that is newer than this program is
    /// left out: it has neither id nor name that could be asked for.
    ///
    /// # Errors
    /// When the board isn't there, or GitHub doesn't say.
    pub async fn fields(&self, project: &NodeId) -> Result<Vec<Field>, Failure> {
        let found =
            all("fields", None, LARGEST, |first, after| self.fields_page(project, first, after)).await?;
        Ok(found.into_iter().filter_map(Option::<Field>::from).collect())
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
) -> create_field::CreateProjectV2FieldInput {
    use create_field::ProjectV2CustomFieldType as Wire;
    let data_type = match r#type {
        FieldType::Text => Wire::TEXT,
        FieldType::Number => Wire::NUMBER,
        FieldType::Date => Wire::DATE,
        FieldType::SingleSelect => Wire::SINGLE_SELECT,
    };
    let options = (r#type == FieldType::SingleSelect).then(|| options.iter().map(Into::into).collect());
    create_field::CreateProjectV2FieldInput {
        client_mutation_id: None,
        data_type,
        iteration_configuration: None,
        multi_select_options: None,
        name: name.as_str().to_owned(),
        project_id: project.as_str().to_owned(),
        single_select_options: options,
    }
}

pub(crate) fn update(
    field: &NodeId,
    name: Option<&FieldName>,
    options: Option<&[OptionWrite]>,
) -> update_field::UpdateProjectV2FieldInput {
    update_field::UpdateProjectV2FieldInput {
        client_mutation_id: None,
        field_id: field.as_str().to_owned(),
        iteration_configuration: None,
        multi_select_options: None,
        name: name.map(|name| name.as_str().to_owned()),
        single_select_options: options.map(|options| options.iter().map(Into::into).collect()),
    }
}

pub(crate) fn created(payload: create_field::CreateFieldSel) -> Option<Field> {
    payload.project_v2_field?.into()
}

pub(crate) fn updated(payload: update_field::UpdateFieldSel) -> Option<Field> {
    payload.project_v2_field?.into()
}
