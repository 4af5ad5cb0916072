//! The board itself, its managed label, and whether its record will fit into the readme.

use std::collections::BTreeMap;

use spectra_model::Setting;
use spectra_model::board_record::{Applied, Applying, BoardRecord, Left, MAX_BYTES, Made, Readme};
use spectra_model::change::encode;
use spectra_model::id::{
    IssueKey, IterationId, LabelName, Login, NodeId, OptionId, ProjectSlug, RepoSlug, RunId,
};
use spectra_model::limits::{DESCRIPTION_CHARACTERS, LABEL_NAME_CHARACTERS};
use spectra_model::plan::{self, Link, Plan, Refinement};

use super::boards::BoardOf;
use crate::code::Code;
use crate::manifest::{Manifest, Project, Text};
use crate::report::Report;
use crate::span::Span;
use crate::text;

/// The board. None where its title or owner was refused.
pub(super) fn project(
    manifest: &Manifest,
    board: &BoardOf<'_>,
    refinements: BTreeMap<IssueKey, Refinement>,
    report: &mut Report,
) -> Option<plan::Project> {
    let BoardOf { project, says, .. } = board;
    if let Some(title) = &says.title {
        text::one_line(title, "the board's title", report);
    }
    if let Some(description) = says.description.value() {
        text::no_marker(description, "the board's description", report);
        text::at_most(DESCRIPTION_CHARACTERS, description, "the board's description", report);
    }
    if let Some(readme) = says.readme.value() {
        text::no_marker(readme, "the readme", report);
    }
    if let Some(label) = &says.managed_label {
        text::one_line(label, "the managed label", report);
        text::at_most(LABEL_NAME_CHARACTERS, label, "the managed label", report);
    }
    let owner = manifest.owner.as_ref()?;
    Some(plan::Project {
        title: says.title.as_ref()?.value.clone(),
        description: without_end(&says.description),
        readme: without_end(&says.readme),
        visibility: says.visibility,
        owner: plan::Owner { kind: owner.kind, slug: Login::new(owner.slug.value.clone()) },
        number: None,
        managed_label: managed_label(board)?,
        on_remove: says.on_remove.or(project.board.on_remove).unwrap_or_default(),
        body: says.body.or(project.board.body).unwrap_or_default(),
        refinements,
    })
}

/// The label on every issue of the board.
pub(super) fn managed_label(board: &BoardOf<'_>) -> Option<LabelName> {
    let own = board.says.managed_label.as_ref().map(|label| label.value.clone());
    match own {
        Some(name) => Some(LabelName::new(name)),
        None => Some(managed_by_default(board.slug.as_ref()?.as_str())),
    }
}

/// The label on every issue of a board that doesn't say otherwise.
pub(super) fn managed_by_default(slug: &str) -> LabelName {
    LabelName::new(format!("project:{slug}"))
}

/// The ids that a project had before; reports those that are still in use, by one of its boards too, or claimed twice.
pub(super) fn renamed_from(
    manifest: &Manifest,
    project: &Project,
    boards: &[BoardOf<'_>],
    report: &mut Report,
) -> Vec<ProjectSlug> {
    let mut old_slugs = Vec::new();
    for old in &project.renamed_from {
        let ids = manifest.projects.iter().filter_map(|other| other.id.as_ref());
        let project_with = ids.into_iter().find(|id| id.value == old.value).map(|id| id.span);
        let slugs = || boards.iter().filter_map(|board| Some((board.slug.as_ref()?, board.span)));
        let board_with = || slugs().find(|(slug, _)| slug.as_str() == old.value).map(|(_, span)| span);
        let taken = project_with.or_else(board_with);
        let mut claims = manifest.projects.iter().flat_map(|other| &other.renamed_from);
        let first = claims.find(|claim| claim.value == old.value).filter(|claim| claim.span != old.span);
        let (message, help) = if project.id.as_ref().is_some_and(|id| id.value == old.value) {
            (format!("`{}` is the board's own id", old.value), "name the id that it had before".to_owned())
        } else if let Some(taken) = taken {
            (
                format!("`{}` can't be an old id: a board still has it", old.value),
                format!("it stands in {}", report.line(taken, old.span)),
            )
        } else if let Some(first) = first {
            (
                format!("`{}` is claimed as an old id twice", old.value),
                format!("it is claimed in {} already", report.line(first.span, old.span)),
            )
        } else {
            old_slugs.extend(ProjectSlug::parse(&old.value));
            continue;
        };
        report.say(Code::BadRename, old.span, message, help);
    }
    old_slugs
}

/// The line break at the end of a YAML block is the block's, not the text's.
pub(super) fn without_end(text: &Setting<Text>) -> Setting<String> {
    match text {
        Setting::Unmanaged => Setting::Unmanaged,
        Setting::Clear => Setting::Clear,
        Setting::Set(text) => Setting::Set(text.value.trim_end().to_owned()),
    }
}

/// All that Spectra would have made once the plan is there.
fn made(plan: &Plan, node: &dyn Fn() -> NodeId) -> Made {
    let of_repository =
        |repository: &RepoSlug, name: &str| (format!("{repository}#{}", encode(name)), node());
    let mut made = Made {
        board: true,
        views: plan.views.iter().map(|view| (view.name.clone(), node())).collect(),
        orders: plan.views.iter().map(|view| (view.name.clone(), "x".repeat(8))).collect(),
        arranged: plan.views.iter().map(|view| (view.name.clone(), "x".repeat(8))).collect(),
        unarranged: plan.views.iter().map(|view| view.name.clone()).collect(),
        labels: plan
            .labels
            .iter()
            .map(|label| of_repository(&label.repository, label.name.as_str()))
            .collect(),
        milestones: plan
            .milestones
            .iter()
            .map(|milestone| of_repository(&milestone.repository, milestone.title.as_str()))
            .collect(),
        drafts: plan.drafts.iter().map(|draft| (draft.key.clone(), node())).collect(),
        linked: plan.links.iter().filter_map(Link::repository).cloned().collect(),
        teams: plan.links.iter().filter_map(Link::team).cloned().collect(),
        ..Made::default()
    };
    for field in &plan.fields {
        made.fields.insert(field.name.clone(), node());
        if !field.options.is_empty() {
            let id = || OptionId::new("x".repeat(24));
            let options = field.options.iter().map(|option| (option.name.clone(), id())).collect();
            made.options.insert(field.name.clone(), options);
        }
        if !field.iterations.is_empty() {
            let id = || IterationId::new("x".repeat(24));
            let iterations = field.iterations.iter().map(|one| (one.title.clone(), id())).collect();
            made.iterations.insert(field.name.clone(), iterations);
        }
    }
    made
}

/// The most issues that a board doesn't list yet: GitHub lets so many be made in an hour, and its lists were seen to lag by
/// minutes.
const UNLISTED: usize = 500;

/// Reports a plan whose board record would pass its limit, reckoned with the longest ids that GitHub has.
pub(super) fn record_fits(plan: &Plan, span: Span, report: &mut Report) {
    let node = || NodeId::new("x".repeat(32));
    let digest = || "x".repeat(64);
    let mut record = BoardRecord::new(
        plan.slug.clone(),
        plan.manifest.clone(),
        node(),
        plan.project.managed_label.clone(),
    );
    record.generation = u64::from(u32::MAX);
    record.repositories = plan.repositories().into_iter().cloned().collect();
    record.made = made(plan, &node);
    let of_others = plan.issues.iter().filter(|issue| plan.is_of_another_owner(&issue.repository)).count();
    record.unlisted =
        (0..of_others.min(UNLISTED)).map(|number| NodeId::new(format!("{number:0>32}"))).collect();
    record.applying = Some(Applying {
        run: RunId::new("x".repeat(40)),
        since: jiff::Timestamp::UNIX_EPOCH,
        beat: u64::from(u32::MAX),
        plan: Some(digest()),
    });
    record.applied = Some(Applied { plan: digest(), evidence: digest(), left: Left::Blocked });
    let bytes = Readme { text: String::new(), record: Some(record) }.write().len();
    if bytes > MAX_BYTES {
        report.say(
            Code::RecordTooLarge,
            span,
            format!("the record on the board would need {bytes} bytes, and {MAX_BYTES} are allowed"),
            "declare fewer fields, options, iterations, views, labels, milestones or drafts, use fewer repositories, or file \
             fewer issues under other owners",
        );
    }
}
