//! Placeholders in the defaults of a level: `{project.id}`, `{activity.id}`, `{stage}`.

use crate::backlog::{Entry, Stage, level_word};
use crate::code::Code;
use crate::manifest::{Project, Text};
use crate::report::{Report, one_of};

const PROJECT: &str = "project.id";
const ACTIVITY: &str = "activity.id";
const STAGE: &str = "stage";

/// The text with its placeholders filled in for an issue. None where one stands for nothing, which is reported.
pub(super) fn fill(
    template: &Text,
    text: &str,
    project: &Project,
    entry: &Entry<'_>,
    report: &mut Report,
) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, following)) = after.split_once('}') else { break };
        filled.push_str(before);
        filled.push_str(one(name, template, project, entry, report)?);
        rest = following;
    }
    filled.push_str(rest);
    Some(filled)
}

fn one<'m>(
    name: &str,
    template: &Text,
    project: &'m Project,
    entry: &Entry<'m>,
    report: &mut Report,
) -> Option<&'m str> {
    let level = level_word(entry.issue.level);
    let (message, help) = match name {
        PROJECT => return project.id.as_ref().map(|id| id.value.as_str()),
        ACTIVITY if entry.activity.is_some() => return entry.activity,
        STAGE => match entry.stage {
            Stage::Known(_, stage) => return Some(stage),
            Stage::Broken => return None,
            Stage::Absent => {
                if let Some((activity, place)) = entry.activity.zip(entry.activity_place) {
                    // One mistake, however many placeholders there are.
                    let message =
                        format!("activity `{activity}` has no stage for `{{{STAGE}}}` to stand for");
                    let template = report.line(template.span, place);
                    let help = format!("write `stage:` here, or leave the placeholder out in {template}");
                    report.say(Code::BadPlaceholder, place, message, help);
                    return None;
                }
                (
                    format!("`{{{STAGE}}}` stands for nothing on an {level}"),
                    "leave the placeholder out".to_owned(),
                )
            }
        },
        // An activity without a readable id was reported.
        ACTIVITY if entry.parent.is_some() => return None,
        ACTIVITY => (
            format!("`{{{ACTIVITY}}}` stands for nothing on an {level}"),
            "leave the placeholder out".to_owned(),
        ),
        other => {
            let known = [PROJECT, ACTIVITY, STAGE];
            let help = report.did_you_mean(other, known, &format!("known are {}", one_of(known)));
            (format!("unknown placeholder `{{{other}}}`"), help)
        }
    };
    report.say(Code::BadPlaceholder, template.span, message, help);
    None
}
