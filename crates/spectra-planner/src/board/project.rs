//! The board itself, its managed label, and whether its record will fit into the readme.

use spectra_model::Setting;
use spectra_model::board_record::{Applied, Applying, BoardRecord, MAX_BYTES, Readme};
use spectra_model::change::encode;
use spectra_model::id::{LabelName, Login, NodeId, OptionId, RunId};
use spectra_model::limits::{DESCRIPTION_CHARACTERS, LABEL_NAME_CHARACTERS};
use spectra_model::plan::{self, Plan};

use crate::code::Code;
use crate::manifest::{Manifest, Project, Text};
use crate::report::Report;
use crate::span::Span;
use crate::text;

/// The board. None where its title or owner was refused.
pub(super) fn project(manifest: &Manifest, project: &Project, report: &mut Report) -> Option<plan::Project> {
    if let Some(title) = &project.title {
        text::one_line(title, "the board's title", report);
    }
    if let Some(description) = project.description.value() {
        text::no_marker(description, "the board's description", report);
        text::at_most(DESCRIPTION_CHARACTERS, description, "the board's description", report);
    }
    if let Some(readme) = project.readme.value() {
        text::no_marker(readme, "the readme", report);
    }
    if let Some(label) = &project.managed_label {
        text::one_line(label, "the managed label", report);
        text::at_most(LABEL_NAME_CHARACTERS, label, "the managed label", report);
    }
    let owner = manifest.owner.as_ref()?;
    Some(plan::Project {
        title: project.title.as_ref()?.value.clone(),
        description: without_end(&project.description),
        readme: without_end(&project.readme),
        visibility: project.visibility,
        owner: plan::Owner { kind: owner.kind, slug: Login::new(owner.slug.value.clone()) },
        number: None,
        managed_label: managed_label(project)?,
        on_remove: project.on_remove,
        body: project.body,
    })
}

/// The label on every issue of the board.
pub(super) fn managed_label(project: &Project) -> Option<LabelName> {
    let own = project.managed_label.as_ref().map(|label| label.value.clone());
    let name = own.or_else(|| Some(format!("project:{}", project.id.as_ref()?.value)))?;
    Some(LabelName::new(name))
}

/// The line break at the end of a YAML block is the block's, not the text's.
pub(super) fn without_end(text: &Setting<Text>) -> Setting<String> {
    match text {
        Setting::Unmanaged => Setting::Unmanaged,
        Setting::Clear => Setting::Clear,
        Setting::Set(text) => Setting::Set(text.value.trim_end().to_owned()),
    }
}

/// Reports a plan whose board record would pass its limit, reckoned with the longest ids that GitHub has.
pub(super) fn record_fits(plan: &Plan, span: Span, report: &mut Report) {
    let node = || NodeId::new("x".repeat(24));
    let digest = || "x".repeat(64);
    let mut record = BoardRecord::new(
        plan.slug.clone(),
        plan.manifest.clone(),
        node(),
        plan.project.managed_label.clone(),
    );
    record.generation = u64::from(u32::MAX);
    record.repositories = plan.repositories().into_iter().cloned().collect();
    record.made.board = true;
    for field in &plan.fields {
        record.made.fields.insert(field.name.clone(), node());
        let options =
            field.options.iter().map(|option| (option.name.clone(), OptionId::new("x".repeat(24)))).collect();
        record.made.options.insert(field.name.clone(), options);
    }
    for label in &plan.labels {
        let key = format!("{}#{}", label.repository, encode(label.name.as_str()));
        record.made.labels.insert(key, node());
    }
    record.applying = Some(Applying {
        run: RunId::new("x".repeat(40)),
        since: jiff::Timestamp::UNIX_EPOCH,
        beat: u64::from(u32::MAX),
    });
    record.applied = Some(Applied { plan: digest(), evidence: digest() });
    let bytes = Readme { text: String::new(), record: Some(record) }.write().len();
    if bytes > MAX_BYTES {
        report.say(
            Code::RecordTooLarge,
            span,
            format!("the record on the board would need {bytes} bytes, and {MAX_BYTES} are allowed"),
            "declare fewer fields, options or labels, or use fewer repositories",
        );
    }
}
