//! What GitHub has no API for, with the clicks that remain: only what concerns this plan.
//!
//! From GitHub's GraphQL schema and OpenAPI description: a workflow can be read and deleted, not made or switched; a
//! view's grouping, sorting and columns are given once, when it is made; slices, column limits, a roadmap's dates and
//! charts can't be set at all; who may see a board can be written and not read.

use std::collections::BTreeMap;

use spectra_model::change::Action;
use spectra_model::id::fold;
use spectra_model::limits::STATUS;
use spectra_model::plan::{Layout, Link, OwnerType, Plan, View};

use super::{escape, push};

/// How many names are listed at most.
const NAMES: usize = 8;
/// Names are cut here.
const NAME_CHARACTERS: usize = 60;
/// Reasons are cut here.
const REASON_CHARACTERS: usize = 300;

/// The section.
pub(super) fn section(plan: &Plan) -> String {
    let mut out =
        "## What GitHub will not let Spectra manage\n\nThese clicks remain, on the board's page:\n\n"
            .to_owned();
    out.push_str(
        "- **Workflows** can't be switched or configured from outside. _⋯ → Workflows_: review those that are on; a \
         new board has some on from the start.\n",
    );
    status(plan, &mut out);
    views(plan, &mut out);
    issue_types(plan, &mut out);
    steps(plan, &mut out);
    out.push_str(
        "- **Who may see and change the board** is not in the manifest. _⋯ → Settings → Manage access_: give people \
         and teams their role",
    );
    if plan.links.iter().any(|link| matches!(link, Link::Team { .. })) {
        out.push_str(", those too that the board is linked to");
    }
    out.push_str(".\n- **Charts**: _Insights → New chart_.\n\n");
    out
}

fn status(plan: &Plan, out: &mut String) {
    let Some(status) = plan.fields.iter().find(|field| fold(field.name.as_str()) == fold(STATUS)) else {
        return;
    };
    let first = status.options.first().map(|option| name(option.name.as_str())).unwrap_or_default();
    push(
        out,
        format_args!(
            "- **Status of new items**: the workflow _Item added to project_ sets a status by itself. Check that it \
             names the option you want, such as {first}.\n"
        ),
    );
}

fn views(plan: &Plan, out: &mut String) {
    if plan.views.is_empty() {
        out.push_str(
            "- **Views**: the board keeps the view that GitHub makes. Its columns, grouping and sorting: _▾ beside \
             the view's name_, then _Save_.\n",
        );
        return;
    }
    let arranged = |view: &View| {
        view.group_by.value().is_some() || view.sort_by.value().is_some() || view.column_by.value().is_some()
    };
    if let Some(names) = listed(plan, arranged) {
        let also = match plan.project.owner.kind {
            OwnerType::Org => "",
            OwnerType::User => " With the token of a GitHub App they can't be set on a user's board at all.",
        };
        push(
            out,
            format_args!(
                "- **Grouping, sorting and columns** of {names} are set when the view is made. Changed later they need \
                 a new view in its place, or: _▾ beside the view's name → Group by, Sort by, Column by_, then \
                 _Save_.{also}\n"
            ),
        );
    }
    if let Some(names) = listed(plan, |view| view.layout == Layout::Roadmap) {
        push(
            out,
            format_args!(
                "- **Dates of a roadmap**: {names}. _Date fields_: choose what bars begin and end with; _Markers_ and \
                 _Zoom level_ beside it.\n"
            ),
        );
    }
    if let Some(names) = listed(plan, |view| view.layout == Layout::Board) {
        push(
            out,
            format_args!("- **Limits of columns**: {names}. _⋯ beside a column's name → Set limit_.\n"),
        );
    }
    out.push_str(
        "- **Slices and sums** of views: _▾ beside the view's name → Slice by, Field sum_, then _Save_.\n",
    );
}

/// The views that something applies to; None where it applies to none.
fn listed(plan: &Plan, applies: impl Fn(&View) -> bool) -> Option<String> {
    let names: Vec<&str> =
        plan.views.iter().filter(|view| applies(view)).map(|view| view.name.as_str()).collect();
    several(&names)
}

fn issue_types(plan: &Plan, out: &mut String) {
    let named = plan.issues.iter().filter_map(|issue| issue.issue_type.value());
    let types: BTreeMap<String, &str> = named.map(|name| (fold(name.as_str()), name.as_str())).collect();
    let Some(names) = several(&types.into_values().collect::<Vec<_>>()) else { return };
    push(
        out,
        format_args!(
            "- **Issue types** belong to the organisation, and Spectra doesn't make them: {names}. On the \
             organisation's page, _Settings → Planning → Issue types_: see that they are there and enabled.\n"
        ),
    );
}

/// The steps for a person that the preview holds, with their reasons.
fn steps(plan: &Plan, out: &mut String) {
    let manual = || plan.operations.iter().filter(|change| change.action == Action::Manual);
    for change in manual().take(NAMES) {
        let what = format!("{} {}", change.kind, change.key);
        let reason = change.reason.as_deref().unwrap_or("GitHub has no way to do it from outside");
        let reason = escape::text(&escape::cut(reason, REASON_CHARACTERS));
        push(out, format_args!("- **By hand**: {}: {reason}\n", name(&what)));
    }
    let more = manual().count().saturating_sub(NAMES);
    if more > 0 {
        push(out, format_args!("- **By hand**: {more} more, see `operations` of plan.json.\n"));
    }
}

fn several(names: &[&str]) -> Option<String> {
    let shown: Vec<String> = names.iter().take(NAMES).map(|one| name(one)).collect();
    let more = names.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!shown.is_empty()).then(|| format!("{}{more}", shown.join(", ")))
}

fn name(text: &str) -> String {
    escape::code(&escape::cut(text, NAME_CHARACTERS))
}
