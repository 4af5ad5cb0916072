//! Three things an author can say of a value: nothing, "empty it", or what it shall be.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Absent is not managed; null is cleared.
///
/// On the wire the three are an absent key, `null` and the value. Members of this type carry
/// `#[serde(default, skip_serializing_if = "Setting::is_unmanaged")]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Setting<T> {
    /// The author wrote nothing: people's value stands.
    #[default]
    Unmanaged,
    /// The author wrote null: it is emptied.
    Clear,
    /// The author wrote a value.
    Set(T),
}

impl<T> Setting<T> {
    /// Whether the author wrote nothing.
    pub fn is_unmanaged(&self) -> bool {
        matches!(self, Self::Unmanaged)
    }

    /// The value, where there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Unmanaged | Self::Clear => None,
        }
    }
}

impl Setting<String> {
    /// The text, which is empty where there is none.
    pub fn text(&self) -> &str {
        self.value().map_or("", String::as_str)
    }
}

impl<T: Serialize> Serialize for Setting<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Setting<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
        it: Setting<u8>,
    }

    #[test]
    fn the_three_survive_the_wire() {
        for (text, it) in
            [("{}", Setting::Unmanaged), (r#"{"it":null}"#, Setting::Clear), (r#"{"it":3}"#, Setting::Set(3))]
        {
            let holder: Holder = serde_json::from_str(text).unwrap();
            assert_eq!(holder.it, it);
            assert_eq!(serde_json::to_string(&holder).unwrap(), text);
        }
    }
}
