//! `ProjectV2Field`, `ProjectV2SingleSelectField`, `ProjectV2MultiSelectField`, `ProjectV2IterationField`.

use apollo_compiler::resolvers::ResolveInfo;
use std::rc::Rc;

use super::args;
use super::context::{Context, Resolved};
use super::object::{Handle, Out, Record, html, leaf, not_modelled, null, object, record, records, time};
use crate::world::World;
use crate::world::field::{Field, FieldType};
use crate::world::ids::NodeId;
use crate::world::iteration::Iteration;
use crate::world::option::SelectOption;

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let field = world.fields.find(id)?;
    match (info.field_name(), field.data_type) {
        ("id", _) => leaf(field.id.as_str()),
        ("databaseId", _) => leaf(field.database_id),
        ("name", _) => leaf(field.name.as_str()),
        ("dataType", _) => leaf(field.data_type.as_str()),
        ("createdAt", _) => time(field.created_at),
        ("updatedAt", _) => time(field.updated_at),
        ("project", _) => object(ctx, Handle::Project(field.project.clone())),
        // Fields of the organisation are not modelled, so no field of a project mirrors one.
        ("isIssueField", _) => leaf(false),
        ("issueField", _) => null(),
        ("options", FieldType::SingleSelect) => {
            records(ctx, options("ProjectV2SingleSelectFieldOption", field, info))
        }
        ("multiSelectOptions", FieldType::MultiSelect) => {
            records(ctx, options("ProjectV2MultiSelectFieldOption", field, info))
        }
        ("configuration", FieldType::Iteration) => record(ctx, configuration(ctx, field)),
        _ => not_modelled("ProjectV2Field", info),
    }
}

/// Fields in the order that the arguments ask for.
pub(super) fn sorted(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Vec<Handle> {
    let mut rows: Vec<_> = ids.iter().filter_map(|id| world.fields.get(id)).collect();
    match args::order(info) {
        Some(("NAME", descending)) => args::sort_by(&mut rows, descending, |row| row.name.to_lowercase()),
        Some(("CREATED_AT", descending)) => args::sort_by(&mut rows, descending, |row| row.database_id),
        Some((_, true)) => rows.reverse(),
        Some((_, false)) | None => {}
    }
    rows.into_iter().map(|row| Handle::Field(row.id.clone())).collect()
}

/// An option as an object.
pub(super) fn option(type_name: &str, option: &SelectOption) -> Record {
    let fields = vec![
        ("id", Out::leaf(option.id.as_str())),
        ("name", Out::leaf(option.name.as_str())),
        ("nameHTML", Out::leaf(html(&option.name))),
        ("color", Out::leaf(option.color.as_str())),
        ("description", Out::leaf(option.description.as_str())),
        ("descriptionHTML", Out::leaf(html(&option.description))),
    ];
    Record::new(type_name, fields)
}

fn options(type_name: &str, field: &Field, info: &ResolveInfo<'_>) -> Vec<Record> {
    let names = args::texts(args::get(info, "names"));
    let wanted = |option: &&SelectOption| names.as_ref().is_none_or(|names| names.contains(&option.name));
    field.options.iter().filter(wanted).map(|row| option(type_name, row)).collect()
}

fn configuration(ctx: &Context<'_>, field: &Field) -> Record {
    let today = ctx.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let setup = field.iterations.as_ref();
    let all = setup.map_or(&[][..], |setup| setup.all.as_slice());
    let (past, open): (Vec<_>, Vec<_>) = all.iter().partition(|iteration| iteration.is_over(today));
    let as_records =
        |rows: Vec<&Iteration>| Out::Records(rows.into_iter().map(|row| Rc::new(iteration(row))).collect());
    let start = setup.map_or(today, |setup| setup.start_date);
    let fields = vec![
        ("duration", Out::leaf(setup.map_or(14, |setup| setup.duration))),
        ("startDay", Out::leaf(i32::from(start.weekday().to_monday_one_offset()))),
        ("iterations", as_records(open)),
        // GitHub: newest first (observed in recorded responses).
        ("completedIterations", as_records(past.into_iter().rev().collect())),
    ];
    Record::new("ProjectV2IterationFieldConfiguration", fields)
}

fn iteration(row: &Iteration) -> Record {
    let fields = vec![
        ("id", Out::leaf(row.id.as_str())),
        ("title", Out::leaf(row.title.as_str())),
        ("titleHTML", Out::leaf(html(&row.title))),
        ("startDate", Out::leaf(row.start_date.to_string())),
        ("duration", Out::leaf(row.duration)),
    ];
    Record::new("ProjectV2IterationFieldIteration", fields)
}
