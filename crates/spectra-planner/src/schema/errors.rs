//! The validator's errors in the words of the manifest's author, at the author's place.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value as Json;

use super::{Place, Schema};
use crate::code::Code;
use crate::report::{Report, one_of};
use crate::yaml::{Kind, Node};

/// Reports everything that the validator finds and marks it in the tree.
pub(super) fn report(schema: &Schema, json: &Json, root: &mut Node, file: &str, report: &mut Report) {
    let Some(validator) = &schema.validator else { return };
    // To say only whether takes half the time, and it is the rule that nothing is wrong.
    if validator.is_valid(json) {
        return;
    }
    for error in validator.iter_errors(json) {
        let pointer = error.instance_path().as_str().to_owned();
        let Some(node) = root.at_mut(&pointer) else { continue };
        if let ValidationErrorKind::Required { property } = error.kind()
            && !node.readable(property.as_str().unwrap_or_default())
        {
            // Another key stands there by mistake, and that was told.
            continue;
        }
        if let ValidationErrorKind::PropertyNames { error } = error.kind() {
            bad_name(error.instance().as_str().unwrap_or_default(), node, report);
            continue;
        }
        one(&error, &pointer, schema.at(&pointer), node, file, report);
    }
}

/// A key of the author's own that isn't a name as it must be.
fn bad_name(name: &str, node: &Node, report: &mut Report) {
    let span = node.entries().iter().find(|entry| entry.key == name).map_or(node.span, |entry| entry.span);
    let (code, message, help) = ill_formed("id", "", name);
    report.say(code, span, message, help);
}

fn one(
    error: &ValidationError<'_>,
    pointer: &str,
    place: Option<&Place>,
    node: &mut Node,
    file: &str,
    report: &mut Report,
) {
    let key = pointer.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default();
    let definition = place.map_or("", |place| place.definition.as_str());
    let word = node.scalar().map(|scalar| scalar.text.clone()).unwrap_or_default();
    let what = if key.is_empty() {
        file.to_owned()
    } else if pointer.ends_with(key) {
        format!("`{key}`")
    } else {
        format!("an item of `{key}`")
    };
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the schema uses these keywords; a test holds it to them"
    )]
    let (code, message, help) = match error.kind() {
        ValidationErrorKind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            let message = format!("{} needs the key `{property}`", named(definition, node));
            report.say(Code::MissingKey, node.span, message, format!("add `{property}:`"));
            return;
        }
        ValidationErrorKind::Type { .. } => {
            let wanted = place.map_or_else(String::new, wanted);
            let message = format!("{what} must be {wanted}, and {}", is(node, &word));
            let help = if definition == "color" {
                "write six hexadecimal digits without `#`, which would begin a comment".to_owned()
            } else {
                format!("write {wanted} here")
            };
            (Code::WrongType, message, help)
        }
        ValidationErrorKind::Enum { .. } => {
            let words = place.and_then(Place::words).unwrap_or_default();
            let listed = format!("write {}", one_of(words.iter().copied()));
            let help = report.did_you_mean(&word, words.iter().copied(), &listed);
            let code = if definition == "optionColor" { Code::BadColour } else { Code::UnknownWord };
            (code, format!("{what} can't be {}", shown(node, &word)), help)
        }
        ValidationErrorKind::Constant { expected_value } => (
            Code::SchemaVersion,
            format!("{what} is {}, and this version reads {expected_value}", shown(node, &word)),
            format!("write `{key}: {expected_value}`"),
        ),
        ValidationErrorKind::Pattern { .. } => ill_formed(definition, key, &word),
        ValidationErrorKind::Minimum { limit } if key == "projectNumber" => (
            Code::BadProjectNumber,
            format!("{what} is {}, and the least is {limit}", shown(node, &word)),
            "write the number that stands in the board's address".to_owned(),
        ),
        ValidationErrorKind::MaxLength { limit } => (
            Code::BadId,
            format!("id `{word}` has {} characters, and at most {limit} are allowed", word.chars().count()),
            "choose a shorter id".to_owned(),
        ),
        ValidationErrorKind::Minimum { limit } => (
            Code::BadIterations,
            format!("{what} is {}, and at least {limit} is wanted", shown(node, &word)),
            format!("write a whole number from {limit} on"),
        ),
        other => (
            Code::WrongType,
            format!("{what} does not fit `{}` of the schema", other.keyword()),
            String::new(),
        ),
    };
    node.sound = false;
    report.say(code, node.span, message, help);
}

fn ill_formed(definition: &str, key: &str, word: &str) -> (Code, String, String) {
    let (code, message, help) = match definition {
        "color" => {
            let digits = word.trim_start_matches('#');
            let is_meant = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let example = if is_meant { digits } else { "1f6feb" };
            let help = format!("write six hexadecimal digits without `#`, such as {example}");
            return (Code::BadColour, format!("`{word}` is not a colour"), help);
        }
        "repository" => {
            (Code::BadOwnerOrRepository, format!("`{word}` is not a repository"), "write `owner/name`")
        }
        "date" | "dateOrNull" => (
            Code::BadDate,
            format!("`{key}` can't be `{word}`"),
            "write a day as YYYY-MM-DD, such as 2026-02-27",
        ),
        "assignee" => (
            Code::BadAssignee,
            format!("`{word}` is not a login"),
            "write the login as it stands in the address of the person's page, without `@`",
        ),
        "team" => (
            Code::BadLink,
            format!("`{word}` is not a team"),
            "write the team's slug as it stands in the address of its page, without the organisation",
        ),
        "login" => (
            Code::BadOwnerOrRepository,
            format!("`{word}` is not a login"),
            "write it as it stands in the address of the owner's page",
        ),
        "template" => (
            Code::BadId,
            format!("`{word}` is not the name of a template"),
            "write `<name>/<entry>`, such as core/priority",
        ),
        "path" => {
            let meant = as_path(word).unwrap_or_else(|| "discover/define-scope".to_owned());
            let message = format!("`{word}` in `{key}` is not an id or a path of ids");
            return (Code::BadId, message, format!("write ids joined by `/`, such as {meant}"));
        }
        _ => {
            let meant = as_path(word).filter(|id| !id.contains('/'));
            let meant = meant.unwrap_or_else(|| "define-scope".to_owned());
            let help =
                format!("use lower-case letters and digits, joined by single hyphens, such as {meant}");
            return (Code::BadId, format!("`{word}` is not an id"), help);
        }
    };
    (code, message, help.to_owned())
}

/// The path of ids that a text comes nearest to. None where it holds what no id is written with.
fn as_path(text: &str) -> Option<String> {
    let id = |part: &str| {
        let words = part.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
    };
    let ids: Vec<String> = text.split('/').map(id).filter(|id| !id.is_empty()).collect();
    (text.is_ascii() && !ids.is_empty() && is_short(text)).then(|| ids.join("/"))
}

pub(super) fn called(definition: &str) -> String {
    match definition {
        "manifest" => "a manifest".to_owned(),
        "provisioning" => "`projectProvisioning`".to_owned(),
        "owner" => "`owner`".to_owned(),
        "templates" => "a file of templates".to_owned(),
        "initiative" => "the initiative".to_owned(),
        "activity" | "option" | "iteration" => format!("an {definition}"),
        "sort" => "an item of `sortBy`".to_owned(),
        other => format!("a {other}"),
    }
}

/// A thing in a message, by its own name where it has one.
pub(super) fn named(definition: &str, node: &Node) -> String {
    let own = ["id", "name", "title"].iter().filter(|_| !["manifest", "provisioning"].contains(&definition));
    let name = own.filter_map(|key| node.get(key)?.scalar()).find(|scalar| scalar.kind != Kind::Null);
    match name {
        Some(name) if is_short(&name.text) => format!("{definition} `{}`", name.text),
        Some(_) | None => called(definition),
    }
}

/// What stands there, for a message that says what must stand there.
fn is(node: &Node, word: &str) -> String {
    let is_number = node.scalar().is_some_and(|scalar| matches!(scalar.kind, Kind::Number(_)));
    if node.scalar().is_none() || !is_short(word) {
        format!("this is {}", node.noun())
    } else if is_number && word.contains(['.', 'e', 'E']) {
        format!("`{word}` is a number with a point or an exponent")
    } else {
        format!("`{word}` is {}", node.noun())
    }
}

/// Whether a text is short enough to be shown in a message.
fn is_short(text: &str) -> bool {
    !text.is_empty() && text.chars().nth(60).is_none() && !text.contains(char::is_control)
}

fn wanted(place: &Place) -> String {
    if place.takes("array") && place.takes("number") {
        "a single value or a list"
    } else if place.takes("array") {
        "a list"
    } else if place.takes("integer") {
        "a whole number"
    } else if place.takes("boolean") && !place.takes("number") {
        "true or false"
    } else if place.takes("object") {
        "a mapping"
    } else if place.takes("number") && !place.wants_text {
        "a single value"
    } else {
        "text"
    }
    .to_owned()
}

fn shown(node: &Node, word: &str) -> String {
    if node.scalar().is_some() && !word.is_empty() { format!("`{word}`") } else { node.noun().to_owned() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keywords(schema: &Json, found: &mut BTreeSet<String>) {
        match schema {
            Json::Object(members) => {
                for (key, inner) in members {
                    found.insert(key.clone());
                    match key.as_str() {
                        "examples" | "default" => {}
                        "properties" | "$defs" => {
                            inner.as_object().unwrap().values().for_each(|one| keywords(one, found));
                        }
                        _ => keywords(inner, found),
                    }
                }
            }
            Json::Array(items) => items.iter().for_each(|item| keywords(item, found)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }

    #[test]
    fn the_schema_uses_only_keywords_that_have_words() {
        let mut found = BTreeSet::new();
        for text in [super::super::MANIFEST, super::super::FIELDS, super::super::CONFIG] {
            keywords(&serde_json::from_str(text).unwrap(), &mut found);
        }
        let spoken = [
            "$defs",
            "$id",
            "$ref",
            "$schema",
            "additionalProperties",
            "anyOf",
            "const",
            "default",
            "description",
            "enum",
            "examples",
            "items",
            "maxLength",
            "minItems",
            "minimum",
            "pattern",
            "properties",
            "propertyNames",
            "required",
            "title",
            "type",
        ];
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), spoken);
    }
}
