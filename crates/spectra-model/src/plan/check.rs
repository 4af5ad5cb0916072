//! From bytes to a plan that is whole: right version, every name declared, every value of its field's type.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Field, FieldType, Issue, Link, Plan, SCHEMA_VERSION};
use crate::id::fold;
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
        values_fit(issue, &fields)?;
    }
    let mut children = BTreeSet::new();
    let mut waits = BTreeSet::new();
    for link in &plan.links {
        let (one, other) = match link {
            Link::SubIssue { parent, child } => (parent, child),
            Link::BlockedBy { issue, by } => (issue, by),
        };
        if let Some(key) = [one, other].into_iter().find(|key| !keys.contains(key)) {
            return Err(format!("a link names issue `{key}`, which is not there"));
        }
        match link {
            Link::SubIssue { child, .. } if !children.insert(child) => {
                return Err(format!("issue `{child}` has two parents"));
            }
            Link::BlockedBy { issue, by } if issue == by || !waits.insert((issue, by)) => {
                return Err(format!("issue `{issue}` is blocked by `{by}` twice, or by itself"));
            }
            Link::SubIssue { .. } | Link::BlockedBy { .. } => {}
        }
    }
    parents_first(plan)
}

/// Each issue stands after its parent, so that no chain of parents closes on itself.
fn parents_first(plan: &Plan) -> Result<(), String> {
    let parents: BTreeMap<_, _> =
        plan.links.iter().filter_map(Link::sub_issue).map(|(parent, child)| (child, parent)).collect();
    let mut seen = BTreeSet::new();
    for issue in &plan.issues {
        if let Some(parent) = parents.get(&issue.key).filter(|parent| !seen.contains(**parent)) {
            return Err(format!("issue `{}` stands before its parent `{parent}`", issue.key));
        }
        seen.insert(&issue.key);
    }
    Ok(())
}

fn values_fit(issue: &Issue, fields: &BTreeMap<String, &Field>) -> Result<(), String> {
    for (name, input) in &issue.fields {
        let field = fields
            .get(&fold(name.as_str()))
            .ok_or_else(|| format!("issue `{}` has a value for `{name}`, which is no field", issue.key))?;
        let Some(input) = input else { continue };
        let value = ValueWrite::typed(field.r#type, input).ok_or_else(|| {
            format!("issue `{}` has a value of another type than its field `{name}`", issue.key)
        })?;
        if let ValueWrite::SingleSelect(option) = value
            && field.r#type == FieldType::SingleSelect
            && !field.options.iter().any(|known| known.name == option)
        {
            return Err(format!("issue `{}` has option `{option}`, which field `{name}` has not", issue.key));
        }
    }
    Ok(())
}
