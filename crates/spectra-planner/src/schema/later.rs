//! What the contract has and this version doesn't build yet: refused by name, never as an unknown key.

/// Keys, by the definition of the schema that they belong to.
const KEYS: &[(&str, &[&str])] = &[
    ("activity", &["projectProvisioning"]),
];

/// What a key of a later version gives in place of other keys.
const GIVES: &[(&str, &str, &[&str])] = &[];

/// Whether a later version will read this key here.
pub(super) fn key(definition: &str, key: &str) -> bool {
    KEYS.iter().any(|(name, listed)| *name == definition && listed.contains(&key))
}

/// The keys that needn't stand beside this one.
pub(super) fn gives(definition: &str, key: &str) -> &'static [&'static str] {
    GIVES.iter().find(|(name, one, _)| *name == definition && *one == key).map_or(&[], |(_, _, keys)| keys)
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
    }
}
