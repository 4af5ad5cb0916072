//! From bytes to a plan that is whole: right version, every name declared, every value of its field's type.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Field, FieldInput, Link, Plan, SCHEMA_VERSION};
use crate::id::{FieldName, IssueKey, OptionName, fold};
use crate::step::ValueWrite;

/// Why bytes are not a plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// They aren't JSON of a plan's shape.
    #[error("plan.json is not a plan")]
    Shape(#[source] serde_json::Error),
    /// Another version wrote it.
    #[error(
        "plan.json has schemaVersion {found}, and this program reads {SCHEMA_VERSION}: plan again with this version"
    )]
    Version {
        /// The version it has, or `none`.
        found: String,
    },
    /// It contradicts itself.
    #[error("plan.json is not whole: {0}")]
    Broken(String),
}

pub(super) fn parse(bytes: &[u8]) -> Result<Plan, PlanError> {
    let value: Value = serde_json::from_slice(bytes).map_err(PlanError::Shape)?;
    let version = value.get("schemaVersion");
    if version.and_then(Value::as_u64) != Some(u64::from(SCHEMA_VERSION)) {
        let found = version.map_or_else(|| "none".to_owned(), Value::to_string);
        return Err(PlanError::Version { found });
    }
    let plan: Plan = serde_json::from_value(value).map_err(PlanError::Shape)?;
    whole(&plan).map_err(PlanError::Broken)?;
    Ok(plan)
}

fn whole(plan: &Plan) -> Result<(), String> {
    let mut fields: BTreeMap<String, &Field> = BTreeMap::new();
    for field in &plan.fields {
        if fields.insert(fold(field.name.as_str()), field).is_some() {
            return Err(format!("field `{}` stands there twice", field.name));
        }
    }
    let labels: BTreeSet<(&str, String)> =
        plan.labels.iter().map(|label| (label.repository.as_str(), fold(label.name.as_str()))).collect();
    let mut keys = BTreeSet::new();
    for issue in &plan.issues {
        if !keys.insert(&issue.key) {
            return Err(format!("issue `{}` stands there twice", issue.key));
        }
        if !issue.labels.iter().any(|label| label.same(&plan.project.managed_label)) {
            return Err(format!("issue `{}` has not the managed label", issue.key));
        }
        for label in &issue.labels {
            if !labels.contains(&(issue.repository.as_str(), fold(label.as_str()))) {
                return Err(format!("issue `{}` has label `{label}`, which is not declared", issue.key));
            }
        }
        values_fit(&issue.key, &issue.fields, &fields)?;
    }
    links_fit(plan, &keys)?;
    for draft in &plan.drafts {
        if !keys.insert(&draft.key) {
            return Err(format!("draft `{}` stands there twice", draft.key));
        }
        values_fit(&draft.key, &draft.fields, &fields)?;
    }
    milestones_fit(plan)?;
    views_fit(plan)?;
    parents_first(plan)
}

/// Edges between issues that are there, each once; no child has two parents.
fn links_fit(plan: &Plan, keys: &BTreeSet<&IssueKey>) -> Result<(), String> {
    let mut children = BTreeSet::new();
    let mut waits = BTreeSet::new();
    let mut linked = BTreeSet::new();
    let known = |own: Option<&IssueKey>, other: &IssueKey| {
        let missing = own.into_iter().chain([other]).find(|key| !keys.contains(key));
        missing.map_or(Ok(()), |key| Err(format!("a link names issue `{key}`, which is not there")))
    };
    for link in &plan.links {
        match link {
            Link::SubIssue { parent, child } => {
                known(parent.own(), child)?;
                if !children.insert(child) {
                    return Err(format!("issue `{child}` has two parents"));
                }
            }
            Link::BlockedBy { issue, by } => {
                known(by.own(), issue)?;
                if by.own() == Some(issue) || !waits.insert((issue, by)) {
                    return Err(format!("issue `{issue}` is blocked by `{}` twice, or by itself", by.key()));
                }
            }
            Link::Repository { name } => once(&mut linked, "repository", name.as_str())?,
            Link::Team { name } => once(&mut linked, "team", name.as_str())?,
        }
    }
    Ok(())
}

fn once<'a>(seen: &mut BTreeSet<(&'a str, String)>, what: &'a str, name: &str) -> Result<(), String> {
    if seen.insert((what, fold(name))) { Ok(()) } else { Err(format!("{what} `{name}` stands there twice")) }
}

fn milestones_fit(plan: &Plan) -> Result<(), String> {
    let mut milestones = BTreeSet::new();
    for milestone in &plan.milestones {
        if !milestones.insert((milestone.repository.as_str(), fold(milestone.title.as_str()))) {
            return Err(format!("milestone `{}` stands there twice", milestone.title));
        }
    }
    let undeclared = plan.issues.iter().find_map(|issue| {
        let title = issue.milestone.value()?;
        let there = milestones.contains(&(issue.repository.as_str(), fold(title.as_str())));
        (!there).then(|| format!("issue `{}` has milestone `{title}`, which is not declared", issue.key))
    });
    undeclared.map_or(Ok(()), Err)
}

fn views_fit(plan: &Plan) -> Result<(), String> {
    let mut views = BTreeSet::new();
    plan.views.iter().try_for_each(|view| once(&mut views, "view", view.name.as_str()))
}

/// Each issue stands after its parent, so that no chain of parents closes on itself.
fn parents_first(plan: &Plan) -> Result<(), String> {
    let edges = plan.links.iter().filter_map(Link::sub_issue);
    let parents: BTreeMap<_, _> = edges.filter_map(|(parent, child)| Some((child, parent.own()?))).collect();
    let mut seen = BTreeSet::new();
    for issue in &plan.issues {
        if let Some(parent) = parents.get(&issue.key).filter(|parent| !seen.contains(**parent)) {
            return Err(format!("issue `{}` stands before its parent `{parent}`", issue.key));
        }
        seen.insert(&issue.key);
    }
    Ok(())
}

fn values_fit(
    key: &IssueKey,
    values: &BTreeMap<FieldName, Option<FieldInput>>,
    fields: &BTreeMap<String, &Field>,
) -> Result<(), String> {
    for (name, input) in values {
        let field = fields
            .get(&fold(name.as_str()))
            .ok_or_else(|| format!("issue `{key}` has a value for `{name}`, which is no field"))?;
        let Some(input) = input else { continue };
        let value = ValueWrite::typed(field.r#type, input)
            .ok_or_else(|| format!("issue `{key}` has a value of another type than its field `{name}`"))?;
        if let Some(absent) = absent(field, &value) {
            return Err(format!("issue `{key}` has `{absent}`, which field `{name}` has not"));
        }
    }
    Ok(())
}

/// The option or iteration that a value names and its field hasn't.
fn absent(field: &Field, value: &ValueWrite) -> Option<String> {
    let option = |name: &&OptionName| !field.options.iter().any(|known| known.name == **name);
    match value {
        ValueWrite::SingleSelect(name) => Some(name).filter(option).map(ToString::to_string),
        ValueWrite::MultiSelect(names) => names.iter().find(option).map(ToString::to_string),
        ValueWrite::Iteration(title) => {
            let known = field.iterations.iter().any(|known| known.title == *title);
            (!known).then(|| title.to_string())
        }
        ValueWrite::Text(_) | ValueWrite::Number(_) | ValueWrite::Date(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(parse(&bytes).is_err());
        }

        #[test]
        fn json_that_is_no_plan_is_refused(text in r#"\{"schemaVersion":1(,"[a-z]{1,8}":(null|1|"x"|\[\]|\{\})){0,6}\}"#) {
            prop_assert!(parse(text.as_bytes()).is_err());
        }
    }
}
