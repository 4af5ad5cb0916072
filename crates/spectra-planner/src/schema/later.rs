//! What the contract has and this version doesn't build yet: refused by name, never as an unknown key.

/// Keys, by the definition of the schema that they belong to.
const KEYS: &[(&str, &[&str])] = &[
    ("manifest", &["milestones"]),
    ("project", &["renamedFrom"]),
    ("provisioning", &["repositories", "teams", "views"]),
    ("field", &["start", "duration", "count", "iterations"]),
    ("level", &["issueType", "milestone", "assignees"]),
    ("initiative", &["issueType", "milestone", "assignees"]),
    ("activity", &["issueType", "milestone", "assignees", "projectProvisioning"]),
    ("task", &["issueType", "milestone", "assignees", "draft"]),
];

/// Words, by the definition of the schema that they belong to.
const WORDS: &[(&str, &[&str])] =
    &[("fieldType", &["iteration", "multiSelect"]), ("onRemove", &["archive", "delete"])];

/// What a key of a later version gives in place of other keys.
const GIVES: &[(&str, &str, &[&str])] = &[("task", "draft", &["repository"])];

/// The keys of a field that belong to a type of a later version.
const OF_A_TYPE: &[&str] = &["start", "duration", "count", "iterations"];

/// Whether a later version will read this key here.
pub(super) fn key(definition: &str, key: &str) -> bool {
    listed(KEYS, definition, key)
}

/// The keys that needn't stand beside this one.
pub(super) fn gives(definition: &str, key: &str) -> &'static [&'static str] {
    GIVES.iter().find(|(name, one, _)| *name == definition && *one == key).map_or(&[], |(_, _, keys)| keys)
}

/// Whether a key belongs to what another key of the same mapping says.
pub(super) fn belongs(definition: &str, key: &str, to: &str) -> bool {
    definition == "field" && to == "type" && OF_A_TYPE.contains(&key)
}

/// Whether a later version will read this word here.
pub(super) fn word(definition: &str, word: &str) -> bool {
    listed(WORDS, definition, word)
}

fn listed(table: &[(&str, &[&str])], definition: &str, what: &str) -> bool {
    table.iter().any(|(name, listed)| *name == definition && listed.contains(&what))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_comes_later_is_not_in_the_schema_yet() {
        let schema: Value = serde_json::from_str(super::super::MANIFEST).unwrap();
        for (definition, keys) in KEYS {
            let properties = schema["$defs"][definition]["properties"].as_object().unwrap();
            for key in *keys {
                assert!(!properties.contains_key(*key), "{definition}.{key}");
            }
        }
        for (definition, words) in WORDS {
            let listed = schema["$defs"][definition]["enum"].as_array().unwrap();
            assert!(words.iter().all(|word| !listed.iter().any(|known| known == word)), "{definition}");
        }
    }
}
