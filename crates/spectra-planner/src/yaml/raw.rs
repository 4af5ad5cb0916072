//! What the YAML crate reads into, before the source text is asked what was written: values with their places, in as little
//! space as may be, since a file may hold very many.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Location, Spanned};

/// What the YAML crate reads into: the tree without the source text.
pub(super) enum Raw {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Placed<Raw>>),
    Map(Vec<(Placed<RawKey>, Placed<Raw>)>),
}

/// A key: its text where it is text, else to be taken from the source.
pub(super) struct RawKey(pub(super) Option<String>);

/// A value with its place, in less space than the crate's own: a file may hold very many.
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// Where a value stands. A file is far shorter than these can count.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) line: u32,
    pub(super) column: u32,
    /// In characters.
    pub(super) start: u32,
    pub(super) length: u32,
    /// What stands there, by bytes.
    pub(super) own: Bytes,
    /// What it means, by bytes: another place where it is an alias.
    pub(super) meant: Bytes,
    /// Where that begins, in characters.
    pub(super) meant_start: u32,
}

/// The first byte and how many there are.
pub(super) type Bytes = (u32, u32);

impl<T> Placed<T> {
    pub(super) fn of(spanned: Spanned<T>) -> Self {
        let Spanned { value, referenced, defined } = spanned;
        let place = Place {
            line: small(referenced.line()),
            column: small(referenced.column()),
            start: small(referenced.span().offset()),
            length: small(referenced.span().len()),
            own: bytes(&referenced),
            meant: bytes(&defined),
            meant_start: small(defined.span().offset()),
        };
        Self { value, place }
    }
}

fn bytes(location: &Location) -> Bytes {
    let span = location.span();
    let found = span.byte_offset().zip(span.byte_len());
    found.map_or((0, 0), |(start, length)| (small(start), small(length)))
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Raw, E> {
        number(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Raw, E> {
        number(value)
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Raw, E> {
        number(value)
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Raw, E> {
        number(value)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(Placed::of(item));
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry()? {
            entries.push((Placed::of(key), Placed::of(value)));
        }
        Ok(Raw::Map(entries))
    }
}

/// The nearest double. Whether that is exact is checked where a number is wanted.
fn number<T: fmt::Display, E: serde::de::Error>(value: T) -> Result<Raw, E> {
    value.to_string().parse().map(Raw::Number).map_err(E::custom)
}

impl<'de> Deserialize<'de> for RawKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Raw::deserialize(deserializer)? {
            Raw::Text(text) => Ok(Self(Some(text))),
            Raw::Null | Raw::Bool(_) | Raw::Number(_) => Ok(Self(None)),
            Raw::List(_) | Raw::Map(_) => Err(D::Error::custom("a list or a mapping can't be a key")),
        }
    }
}
