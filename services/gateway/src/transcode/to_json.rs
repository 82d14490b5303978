//! Wire → ProtoJSON in one pass over the bytes: fields in their order, those at
//! their default left out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prost::Message as _;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use prost_types::Timestamp;
use serde::ser::{Error, Serialize, SerializeMap, Serializer};

use super::layout::{Field, Kind, Layout, Message};

/// Deepest nesting of messages that is written.
const DEEPEST: u8 = 64;

/// The answer cannot be read as its message.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not protobuf.
    #[error(transparent)]
    Wire(#[from] prost::DecodeError),
    /// A field of another wire type, or cut short.
    #[error("field {0} is not of its kind")]
    Field(String),
}

/// An encoded message that serialises itself as ProtoJSON.
#[derive(Clone, Copy)]
pub struct Encoded<'a> {
    messages: &'a [Message],
    message: &'a Message,
    bytes: &'a [u8],
    depth: u8,
}

/// One occurrence of a field.
pub struct Occurrence<'a> {
    field: &'a Field,
    value: Value<'a>,
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Encoded<'a> {
    /// A message of a layout.
    pub fn new(layout: &'a Layout, bytes: &'a [u8]) -> Self {
        Self {
            messages: layout.messages(),
            message: layout.message(),
            bytes,
            depth: 0,
        }
    }

    /// The first field that is set, when it is a message.
    pub fn first_message(&self) -> Result<Option<Self>, Unreadable> {
        let first = self.occurrences()?.into_iter().next();
        Ok(first.and_then(|o| match (&o.field.kind, o.value) {
            (Kind::Message(at), Value::Bytes(bytes)) if !o.field.repeated => {
                Some(self.inner(*at, bytes))
            }
            _ => None,
        }))
    }

    /// Text of a field by its name; the last one counts.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, Unreadable> {
        let Some(field) = self.message.field(name) else {
            return Ok(None);
        };
        let last = self
            .occurrences()?
            .into_iter()
            .rfind(|o| o.field.number == field.number);
        match (&field.kind, last.map(|o| o.value)) {
            (Kind::String, Some(Value::Bytes(bytes))) => std::str::from_utf8(bytes)
                .map(Some)
                .map_err(|_| unreadable(field)),
            _ => Ok(None),
        }
    }

    fn inner(&self, at: usize, bytes: &'a [u8]) -> Self {
        Self {
            message: &self.messages[at],
            bytes,
            depth: self.depth + 1,
            ..*self
        }
    }

    /// All known fields, those of one number together; unknown ones are of a newer
    /// version and are passed over.
    fn occurrences(&self) -> Result<Vec<Occurrence<'a>>, Unreadable> {
        let mut bytes = self.bytes;
        let mut found: Vec<Occurrence<'a>> = Vec::with_capacity(16);
        while !bytes.is_empty() {
            let (number, wire) = decode_key(&mut bytes)?;
            let Some(field) = self.message.numbered(number) else {
                skip_field(wire, number, &mut bytes, DecodeContext::default())?;
                continue;
            };
            match (wire, field.kind.is_number()) {
                (WireType::Varint, true) => {
                    let value = Value::Number(decode_varint(&mut bytes)?);
                    found.push(Occurrence { field, value });
                }
                (WireType::LengthDelimited, false) => {
                    let value = Value::Bytes(delimited(&mut bytes, field)?);
                    found.push(Occurrence { field, value });
                }
                (WireType::LengthDelimited, true) if field.repeated => {
                    let mut packed = delimited(&mut bytes, field)?;
                    while !packed.is_empty() {
                        let value = Value::Number(decode_varint(&mut packed)?);
                        found.push(Occurrence { field, value });
                    }
                }
                _ => return Err(unreadable(field)),
            }
        }
        if !found.is_sorted_by_key(|o| o.field.number) {
            found.sort_by_key(|o| o.field.number);
        }
        Ok(found)
    }

    fn element(self, occurrence: &Occurrence<'a>) -> Element<'a> {
        Element {
            of: self,
            field: occurrence.field,
            value: occurrence.value,
        }
    }
}

impl Serialize for Encoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.depth > DEEPEST {
            return Err(S::Error::custom("nested too deep"));
        }
        let occurrences = self.occurrences().map_err(S::Error::custom)?;
        let mut members = serializer.serialize_map(None)?;
        for same in occurrences.chunk_by(|a, b| a.field.number == b.field.number) {
            let Some(last) = same.last() else { continue };
            let field = last.field;
            if field.repeated {
                let list = List { of: *self, same };
                members.serialize_entry(&field.json_name, &list)?;
            } else if matches!(field.kind, Kind::StringMap) {
                members.serialize_entry(&field.json_name, &StringMap(same))?;
            } else if field.explicit || !last.value.is_default() {
                members.serialize_entry(&field.json_name, &self.element(last))?;
            }
        }
        members.end()
    }
}

/// All elements of a repeated field.
struct List<'s, 'a> {
    of: Encoded<'a>,
    same: &'s [Occurrence<'a>],
}

impl Serialize for List<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.same.iter().map(|o| self.of.element(o)))
    }
}

/// One value.
struct Element<'a> {
    of: Encoded<'a>,
    field: &'a Field,
    value: Value<'a>,
}

impl Serialize for Element<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (&self.field.kind, self.value) {
            (Kind::Bool, Value::Number(n)) => serializer.serialize_bool(n != 0),
            (Kind::Int32, Value::Number(n)) => serializer.serialize_i32(n as i32),
            (Kind::Uint32, Value::Number(n)) => serializer.serialize_u32(n as u32),
            (Kind::Int64, Value::Number(n)) => serializer.collect_str(&(n as i64)),
            (Kind::Enum(values), Value::Number(n)) => {
                match values.iter().find(|(number, _)| *number == n as i32) {
                    Some((_, name)) => serializer.serialize_str(name),
                    None => serializer.serialize_i32(n as i32),
                }
            }
            (Kind::String, Value::Bytes(bytes)) => match std::str::from_utf8(bytes) {
                Ok(text) => serializer.serialize_str(text),
                Err(_) => Err(S::Error::custom(unreadable(self.field))),
            },
            (Kind::Bytes, Value::Bytes(bytes)) => serializer.serialize_str(&STANDARD.encode(bytes)),
            (Kind::Timestamp, Value::Bytes(bytes)) => {
                let at = Timestamp::decode(bytes).map_err(S::Error::custom)?;
                serializer.collect_str(&at)
            }
            (Kind::Message(at), Value::Bytes(bytes)) => {
                self.of.inner(*at, bytes).serialize(serializer)
            }
            _ => Err(S::Error::custom(unreadable(self.field))),
        }
    }
}

/// A map's entries.
struct StringMap<'s, 'a>(&'s [Occurrence<'a>]);

/// An entry of a map on the wire.
#[derive(Clone, PartialEq, prost::Message)]
struct Entry {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(string, tag = "2")]
    value: String,
}

impl Serialize for StringMap<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        for occurrence in self.0 {
            if let Value::Bytes(bytes) = occurrence.value {
                let entry = Entry::decode(bytes).map_err(S::Error::custom)?;
                members.serialize_entry(&entry.key, &entry.value)?;
            }
        }
        members.end()
    }
}

impl Value<'_> {
    fn is_default(self) -> bool {
        match self {
            Value::Number(n) => n == 0,
            Value::Bytes(bytes) => bytes.is_empty(),
        }
    }
}

impl Kind {
    /// A number on the wire.
    fn is_number(&self) -> bool {
        matches!(
            self,
            Kind::Bool | Kind::Int32 | Kind::Uint32 | Kind::Int64 | Kind::Enum(_)
        )
    }
}

fn delimited<'a>(bytes: &mut &'a [u8], field: &Field) -> Result<&'a [u8], Unreadable> {
    let length = usize::try_from(decode_varint(bytes)?).map_err(|_| unreadable(field))?;
    let (taken, rest) = bytes
        .split_at_checked(length)
        .ok_or_else(|| unreadable(field))?;
    *bytes = rest;
    Ok(taken)
}

fn unreadable(field: &Field) -> Unreadable {
    Unreadable::Field(field.json_name.clone())
}
