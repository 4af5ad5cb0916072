//! The writer of canonical JSON: it goes over a value once and sorts the members of each object when it has written
//! them, so that no copy of the value is made on the way. Types that a large plan has many of declare their members in
//! that order: then there is nothing to move.
//!
//! Texts and numbers are written as `serde_json` writes them; a float that stands for a whole number is written as that.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;
use serde::ser::{self, Error as _, SerializeMap as _, SerializeSeq as _};
use serde_json::Error;

/// How many spaces members stand in from their object.
const INDENT: usize = 2;

/// Where line breaks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// A member a line.
    Document,
    /// None.
    Line,
}

/// A value in canonical form, which takes about so many bytes.
pub(super) fn written<T: Serialize + ?Sized>(
    value: &T,
    layout: Layout,
    bytes: usize,
) -> Result<String, Error> {
    let mut writer = Writer { out: Vec::with_capacity(bytes), layout, depth: 0, members: Vec::new() };
    value.serialize(&mut writer)?;
    String::from_utf8(writer.out).map_err(Error::custom)
}

struct Writer {
    out: Vec<u8>,
    layout: Layout,
    depth: usize,
    /// What was written of the objects that are open, the innermost last: one list for all, which grows once.
    members: Vec<Member>,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn new_line(&mut self) {
        if self.layout == Layout::Document {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + self.depth * INDENT, b' ');
        }
    }

    /// As `serde_json` writes it.
    fn plain<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        serde_json::to_writer(&mut self.out, value)
    }

    fn text(&mut self, text: &str) -> Result<(), Error> {
        let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        // Without a way out of the loop it is done for many bytes at once. Most texts are names, keys and words.
        if text.bytes().fold(false, |any, byte| any | is_escaped(byte)) {
            return self.plain(text);
        }
        self.out.reserve(text.len() + 2);
        self.push("\"");
        self.push(text);
        self.push("\"");
        Ok(())
    }

    /// The one member of an object that says which variant of an enum its value is.
    fn variant<T: Serialize + ?Sized>(&mut self, variant: &'static str, value: &T) -> Result<(), Error> {
        let mut object = Object::begin(self);
        object.member(variant, value)?;
        object.finish()
    }
}

/// An array while it is written.
struct Array<'w> {
    writer: &'w mut Writer,
    is_empty: bool,
    /// Whether it is the value of a variant, within an object of its own.
    in_variant: bool,
}

impl<'w> Array<'w> {
    fn begin(writer: &'w mut Writer, variant: Option<&'static str>) -> Result<Self, Error> {
        if let Some(variant) = variant {
            open_variant(writer, variant)?;
        }
        writer.push("[");
        writer.depth += 1;
        Ok(Self { writer, is_empty: true, in_variant: variant.is_some() })
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if !self.is_empty {
            self.writer.push(",");
        }
        self.is_empty = false;
        self.writer.new_line();
        value.serialize(&mut *self.writer)
    }

    fn finish(self) {
        self.writer.depth -= 1;
        if !self.is_empty {
            self.writer.new_line();
        }
        self.writer.push("]");
        if self.in_variant {
            close_variant(self.writer);
        }
    }
}

fn open_variant(writer: &mut Writer, variant: &str) -> Result<(), Error> {
    writer.push("{");
    writer.depth += 1;
    writer.new_line();
    writer.text(variant)?;
    writer.push(colon(writer.layout));
    Ok(())
}

fn close_variant(writer: &mut Writer) {
    writer.depth -= 1;
    writer.new_line();
    writer.push("}");
}

fn colon(layout: Layout) -> &'static str {
    match layout {
        Layout::Document => ": ",
        Layout::Line => ":",
    }
}

/// A member that was written: the whole of it, its line break included, and its key between the quotes.
struct Member {
    all: Range<usize>,
    key: Range<usize>,
}

/// An object while it is written.
struct Object<'w> {
    writer: &'w mut Writer,
    start: usize,
    /// Where its members begin in the writer's list.
    first: usize,
    in_variant: bool,
}

impl<'w> Object<'w> {
    fn begin(writer: &'w mut Writer) -> Self {
        writer.push("{");
        writer.depth += 1;
        let (start, first) = (writer.out.len(), writer.members.len());
        Self { writer, start, first, in_variant: false }
    }

    fn of_variant(writer: &'w mut Writer, variant: &'static str) -> Result<Self, Error> {
        open_variant(writer, variant)?;
        Ok(Self { in_variant: true, ..Self::begin(writer) })
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        if self.writer.members.len() > self.first {
            self.writer.push(",");
        }
        let start = self.writer.out.len();
        self.writer.new_line();
        let quote = self.writer.out.len();
        key.serialize(&mut *self.writer)?;
        let end = self.writer.out.len();
        if self.writer.out.get(quote) != Some(&b'"') {
            return Err(Error::custom("the key of an object is no text"));
        }
        self.writer.members.push(Member { all: start..start, key: quote + 1..end - 1 });
        self.writer.push(colon(self.writer.layout));
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.writer)?;
        let end = self.writer.out.len();
        if let Some(member) = self.writer.members.last_mut() {
            member.all.end = end;
        }
        Ok(())
    }

    fn member<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Error> {
        self.key(key)?;
        self.value(value)
    }

    fn finish(self) -> Result<(), Error> {
        let Self { writer, start, first, in_variant } = self;
        let members = writer.members.get(first..).unwrap_or_default();
        let is_empty = members.is_empty();
        if is_in_order(&writer.out, members) {
            writer.members.truncate(first);
        } else {
            let members = writer.members.split_off(first);
            sort(&mut writer.out, start, members)?;
        }
        writer.depth -= 1;
        if !is_empty {
            writer.new_line();
        }
        writer.push("}");
        if in_variant {
            close_variant(writer);
        }
        Ok(())
    }
}

/// Whether members stand in the order of their keys, as is usual; not told of keys with escaped characters, which sort as
/// what they stand for.
fn is_in_order(out: &[u8], members: &[Member]) -> bool {
    let mut before: &[u8] = &[];
    members.iter().all(|member| {
        let key = out.get(member.key.clone()).unwrap_or_default();
        let follows = before <= key && !key.contains(&b'\\');
        before = key;
        follows
    })
}

/// Brings the members of an object, which begin at `start`, into the order of what their keys stand for.
fn sort(out: &mut Vec<u8>, start: usize, members: Vec<Member>) -> Result<(), Error> {
    let bytes = |range: Range<usize>| out.get(range).unwrap_or_default();
    let mut keyed: Vec<(Cow<'_, [u8]>, Range<usize>)> = members
        .into_iter()
        .map(|Member { all, key }| {
            let written = bytes(key.clone());
            if !written.contains(&b'\\') {
                return Ok((Cow::Borrowed(written), all));
            }
            let decoded: String = serde_json::from_slice(bytes(key.start - 1..key.end + 1))?;
            Ok((Cow::Owned(decoded.into_bytes()), all))
        })
        .collect::<Result<_, Error>>()?;
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut sorted = Vec::with_capacity(out.len() - start);
    for (_, all) in keyed {
        if !sorted.is_empty() {
            sorted.push(b',');
        }
        sorted.extend_from_slice(bytes(all));
    }
    out.truncate(start);
    out.extend_from_slice(&sorted);
    Ok(())
}

/// The whole number that a float stands for, where that is exact: `3.0` is written `3`.
fn whole(float: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if float.fract() == 0.0 && float.abs() < EXACT { float.to_string().parse().ok() } else { None }
}

macro_rules! as_serde_json_has_it {
    ($($method:ident($type:ty)),* $(,)?) => {
        $(fn $method(self, value: $type) -> Result<(), Error> {
            self.plain(&value)
        })*
    };
}

impl<'w> ser::Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Array<'w>;
    type SerializeTuple = Array<'w>;
    type SerializeTupleStruct = Array<'w>;
    type SerializeTupleVariant = Array<'w>;
    type SerializeMap = Object<'w>;
    type SerializeStruct = Object<'w>;
    type SerializeStructVariant = Object<'w>;

    as_serde_json_has_it!(
        serialize_bool(bool),
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_i128(i128),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_u64(u64),
        serialize_u128(u128),
        serialize_char(char),
        serialize_bytes(&[u8]),
    );

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.text(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        match whole(value) {
            Some(whole) => self.plain(&whole),
            None => self.plain(&value),
        }
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.push("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.variant(variant, value)
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Array<'w>, Error> {
        Array::begin(self, None)
    }

    fn serialize_tuple(self, _length: usize) -> Result<Array<'w>, Error> {
        Array::begin(self, None)
    }

    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Result<Array<'w>, Error> {
        Array::begin(self, None)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Array<'w>, Error> {
        Array::begin(self, Some(variant))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Object<'w>, Error> {
        Ok(Object::begin(self))
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Object<'w>, Error> {
        Ok(Object::begin(self))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Object<'w>, Error> {
        Object::of_variant(self, variant)
    }
}

impl ser::SerializeSeq for Array<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTuple for Array<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleStruct for Array<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.serialize_element(value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleVariant for Array<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Object<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeStruct for Object<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.member(key, value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeStructVariant for Object<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.serialize_entry(key, value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeStruct::end(self)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    #[derive(Serialize)]
    enum Any {
        Unit,
        New(u8),
        Tuple(u8, f64),
        Struct { z: Option<u8>, a: char },
    }

    /// A value with its maps in the order of their keys.
    struct Sorted<'v>(&'v Value);

    impl Serialize for Sorted<'_> {
        fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0 {
                Value::Object(members) => {
                    let members: BTreeMap<&String, Sorted<'_>> =
                        members.iter().map(|(key, value)| (key, Sorted(value))).collect();
                    members.serialize(serializer)
                }
                Value::Array(items) => serializer.collect_seq(items.iter().map(Sorted)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                    self.0.serialize(serializer)
                }
            }
        }
    }

    /// A map in an order that is not its keys'.
    struct Unsorted<'k>(&'k [&'k str]);

    impl Serialize for Unsorted<'_> {
        fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.iter().map(|key| (key, key.len())))
        }
    }

    #[test]
    fn each_shape_is_what_serde_json_makes_of_it() {
        let shapes = (
            [Any::Unit, Any::New(1), Any::Tuple(2, 2.5), Any::Struct { z: None, a: 'é' }],
            BTreeMap::from([("empty", json!({})), ("none", json!([])), ("text", json!("\"\u{1}\n"))]),
            (i128::from(i64::MIN), u64::MAX, (), 0.1_f32),
        );
        let line = written(&shapes, Layout::Line, 0).unwrap();
        let document = written(&shapes, Layout::Document, 0).unwrap();
        let value = serde_json::to_value(&shapes).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), value);
        assert_eq!(serde_json::from_str::<Value>(&document).unwrap(), value);
        // Other crates of a build may have `serde_json` keep the order of insertion.
        let sorted = Sorted(&value);
        assert_eq!(line, serde_json::to_string(&sorted).unwrap());
        assert_eq!(document, serde_json::to_string_pretty(&sorted).unwrap());
    }

    #[test]
    fn members_are_sorted_by_what_their_keys_stand_for() {
        let keys = ["b", "\"", "a", "\u{1}", "é", "ab", "\\", "~", "Z"];
        let sorted: BTreeMap<&str, usize> = keys.iter().map(|key| (*key, key.len())).collect();
        assert_eq!(written(&Unsorted(&keys), Layout::Document, 0).unwrap(), format!("{:#}", json!(sorted)));
        let plain = ["b", "a", "ab"];
        assert_eq!(written(&Unsorted(&plain), Layout::Line, 0).unwrap(), r#"{"a":1,"ab":2,"b":1}"#);
    }

    #[test]
    fn a_key_is_text() {
        assert!(written(&BTreeMap::from([(1, 2)]), Layout::Line, 0).is_err());
    }
}
