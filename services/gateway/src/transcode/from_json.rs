//! ProtoJSON → wire in one pass over the text. What is wrong is refused with the
//! path of its field and the rule that it breaks.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chassis::status;
use prost::Message as _;
use prost::encoding::{WireType, encode_key, encode_varint};
use prost_types::Timestamp;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tonic::Status;

use super::layout::{Field, Kind, Layout, Message};

/// Seconds of 0001-01-01T00:00:00Z, the first instant of a `Timestamp`.
const FIRST_SECOND: i64 = -62_135_596_800;

/// Encodes a JSON object as the message that a layout describes.
///
/// Refusals name the field (`operations[3].setMark.value`) and the rule:
/// `INVALID_JSON`, `UNKNOWN_FIELD`, `DUPLICATE_FIELD`, `ONEOF_CONFLICT`, `INVALID_VALUE`.
pub fn read(layout: &Layout, json: &[u8]) -> Result<Vec<u8>, Status> {
    let mut reader = Reader {
        messages: layout.messages(),
        out: Vec::with_capacity(json.len()),
        path: Vec::new(),
        refused: None,
    };
    let mut text = serde_json::Deserializer::from_slice(json);
    let seed = Seed {
        reader: &mut reader,
        target: Target::Message(layout.message()),
    };
    match seed.deserialize(&mut text).and_then(|_| text.end()) {
        Ok(()) => Ok(reader.out),
        Err(syntax) => Err(reader.refused.unwrap_or_else(|| {
            status::invalid_field(
                "body",
                "INVALID_JSON",
                &format!(
                    "тело запроса — не JSON: строка {}, символ {}",
                    syntax.line(),
                    syntax.column()
                ),
            )
        })),
    }
}

/// Writes one value given as text (of a path or a query); `None` = not of the field's kind.
pub fn put_text(out: &mut Vec<u8>, field: &Field, text: &str) -> Option<()> {
    match &field.kind {
        Kind::Bool => put_number(out, field, u64::from(text.parse::<bool>().ok()?)),
        Kind::String => put_bytes(out, field.number, text.as_bytes()),
        Kind::Enum(values) => put_number(out, field, enum_number(values, text)?),
        Kind::Int32 | Kind::Uint32 | Kind::Int64 => {
            put_number(out, field, integer(&field.kind, text.parse().ok()?)?);
        }
        Kind::Bytes | Kind::Timestamp | Kind::Message(_) | Kind::StringMap => return None,
    }
    Some(())
}

/// Writes a field of bytes: a string, a file or an encoded message.
pub fn put_bytes(out: &mut Vec<u8>, number: u32, bytes: &[u8]) {
    encode_key(number, WireType::LengthDelimited, out);
    encode_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn put_number(out: &mut Vec<u8>, field: &Field, number: u64) {
    encode_key(field.number, WireType::Varint, out);
    encode_varint(number, out);
}

/// As it goes on the wire: negative numbers are extended to 64 bits.
fn integer(kind: &Kind, number: i128) -> Option<u64> {
    match kind {
        Kind::Int32 | Kind::Enum(_) => i32::try_from(number).ok().map(|n| i64::from(n) as u64),
        Kind::Int64 => i64::try_from(number).ok().map(|n| n as u64),
        Kind::Uint32 => u32::try_from(number).ok().map(u64::from),
        _ => None,
    }
}

fn enum_number(values: &[(i32, String)], text: &str) -> Option<u64> {
    values
        .iter()
        .find(|(_, name)| name == text)
        .map(|&(number, _)| number)
        .or_else(|| text.parse().ok())
        .map(|number: i32| i64::from(number) as u64)
}

fn timestamp(text: &str) -> Option<Timestamp> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    let seconds = at.unix_timestamp();
    (seconds >= FIRST_SECOND).then_some(Timestamp {
        seconds,
        nanos: i32::try_from(at.nanosecond()).ok()?,
    })
}

/// Both alphabets, with or without padding (ProtoJSON).
fn base64(text: &str) -> Option<Vec<u8>> {
    let standard = text
        .trim_end_matches('=')
        .replace('-', "+")
        .replace('_', "/");
    STANDARD_NO_PAD.decode(standard).ok()
}

struct Reader<'l> {
    messages: &'l [Message],
    out: Vec<u8>,
    path: Vec<Step<'l>>,
    refused: Option<Status>,
}

#[derive(Clone, Copy)]
enum Step<'l> {
    Field(&'l str),
    Element(usize),
}

impl<'l> Reader<'l> {
    /// Keeps the refusal; the error only ends the parsing.
    fn refuse<E: Error>(&mut self, last: Option<&str>, rule: &'static str, message: &str) -> E {
        let mut field = String::new();
        let steps = self.path.iter().copied().chain(last.map(Step::Field));
        for step in steps {
            match step {
                Step::Field(name) if field.is_empty() => field.push_str(name),
                Step::Field(name) => {
                    field.push('.');
                    field.push_str(name);
                }
                Step::Element(at) => field.push_str(&format!("[{at}]")),
            }
        }
        if field.is_empty() {
            field.push_str("body");
        }
        self.refused = Some(status::invalid_field(&field, rule, message));
        E::custom("refused")
    }

    /// Writes what `write` gives as one field with its length before it.
    fn nested<T, E>(
        &mut self,
        field: &Field,
        write: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        encode_key(field.number, WireType::LengthDelimited, &mut self.out);
        let start = self.out.len();
        let done = write(self)?;
        let mut length = Vec::with_capacity(10);
        encode_varint((self.out.len() - start) as u64, &mut length);
        self.out.splice(start..start, length);
        Ok(done)
    }
}

/// What the next JSON value is to become.
#[derive(Clone, Copy)]
enum Target<'l> {
    /// The members of the message at hand.
    Message(&'l Message),
    /// A field.
    Field(&'l Field),
    /// An element of a list.
    Element(&'l Field),
}

/// Reads one value; gives whether it set anything (`null` does not).
struct Seed<'r, 'l> {
    reader: &'r mut Reader<'l>,
    target: Target<'l>,
}

impl<'l> Seed<'_, 'l> {
    /// The field that a single value fills.
    fn single(&self) -> Option<&'l Field> {
        match self.target {
            Target::Field(field) if !field.repeated => Some(field),
            Target::Element(field) => Some(field),
            _ => None,
        }
    }

    fn wrong<E: Error>(&mut self) -> E {
        let expected = match self.target {
            Target::Message(_) => Cow::Borrowed("объект"),
            Target::Field(field) if field.repeated => Cow::Borrowed("список"),
            Target::Field(field) | Target::Element(field) => expected(&field.kind),
        };
        self.reader
            .refuse(None, "INVALID_VALUE", &format!("ожидается {expected}"))
    }

    fn number<E: Error>(mut self, number: i128) -> Result<bool, E> {
        let written = self
            .single()
            .and_then(|f| integer(&f.kind, number).map(|n| (f, n)));
        let Some((field, number)) = written else {
            return Err(self.wrong());
        };
        put_number(&mut self.reader.out, field, number);
        Ok(true)
    }

    fn text(&mut self, text: &str) -> Option<()> {
        let field = self.single()?;
        let out = &mut self.reader.out;
        match &field.kind {
            Kind::Bool => return None,
            Kind::Enum(values) => {
                let (number, _) = values.iter().find(|(_, name)| name == text)?;
                put_number(out, field, i64::from(*number) as u64);
            }
            Kind::Bytes => put_bytes(out, field.number, &base64(text)?),
            Kind::Timestamp => {
                put_bytes(out, field.number, &timestamp(text)?.encode_to_vec());
            }
            _ => put_text(out, field, text)?,
        }
        Some(())
    }
}

fn expected(kind: &Kind) -> Cow<'static, str> {
    Cow::Borrowed(match kind {
        Kind::Bool => "true или false",
        Kind::Int32 => "целое число от -2147483648 до 2147483647",
        Kind::Uint32 => "целое число от 0 до 4294967295",
        Kind::Int64 => "целое число до 19 знаков",
        Kind::String => "строка",
        Kind::Bytes => "строка base64",
        Kind::Timestamp => "время вида 2026-09-01T08:00:00Z",
        Kind::Message(_) | Kind::StringMap => "объект",
        Kind::Enum(values) => {
            let names: Vec<&str> = values.iter().map(|(_, name)| name.as_str()).collect();
            return Cow::Owned(format!("одно из: {}", names.join(", ")));
        }
    })
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, 'l> Visitor<'de> for Seed<'_, 'l> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the field")
    }

    fn visit_unit<E: Error>(mut self) -> Result<bool, E> {
        match self.target {
            Target::Field(_) => Ok(false),
            _ => Err(self.wrong()),
        }
    }

    fn visit_bool<E: Error>(mut self, value: bool) -> Result<bool, E> {
        match self.single() {
            Some(field) if matches!(field.kind, Kind::Bool) => {
                put_number(&mut self.reader.out, field, u64::from(value));
                Ok(true)
            }
            _ => Err(self.wrong()),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<bool, E> {
        self.number(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
        self.number(value.into())
    }

    /// `1.0` and `1e3` are whole numbers too (ProtoJSON), as far as a double is exact.
    fn visit_f64<E: Error>(mut self, value: f64) -> Result<bool, E> {
        let is_enum = matches!(self.single().map(|f| &f.kind), Some(Kind::Enum(_)));
        if !is_enum && value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 {
            self.number(value as i128)
        } else {
            Err(self.wrong())
        }
    }

    fn visit_str<E: Error>(mut self, value: &str) -> Result<bool, E> {
        match self.text(value) {
            Some(()) => Ok(true),
            None => Err(self.wrong()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<bool, A::Error> {
        let field = match self.target {
            Target::Field(field) if field.repeated => field,
            _ => return Err(self.wrong()),
        };
        for at in 0.. {
            self.reader.path.push(Step::Element(at));
            let element = Seed {
                reader: self.reader,
                target: Target::Element(field),
            };
            if list.next_element_seed(element)?.is_none() {
                self.reader.path.pop();
                break;
            }
            self.reader.path.pop();
        }
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<bool, A::Error> {
        if let Target::Message(message) = self.target {
            return members(self.reader, message, map).map(|()| true);
        }
        match self.single().map(|field| (field, &field.kind)) {
            Some((field, Kind::Message(at))) => {
                let message = &self.reader.messages[*at];
                self.reader
                    .nested(field, |reader| members(reader, message, map))?;
                Ok(true)
            }
            Some((field, Kind::StringMap)) => string_map(self.reader, field, map),
            _ => Err(self.wrong()),
        }
    }
}

fn members<'de, 'l, A: MapAccess<'de>>(
    reader: &mut Reader<'l>,
    message: &'l Message,
    mut map: A,
) -> Result<(), A::Error> {
    let (mut seen, mut chosen) = (0_u64, 0_u64);
    while let Some(name) = map.next_key::<Key<'de>>()? {
        let Some(field) = message.field(&name.0) else {
            return Err(reader.refuse(Some(&name.0), "UNKNOWN_FIELD", "такого поля нет"));
        };
        reader.path.push(Step::Field(&field.json_name));
        if seen & (1 << field.at) != 0 {
            return Err(reader.refuse(None, "DUPLICATE_FIELD", "поле указано дважды"));
        }
        seen |= 1 << field.at;
        let set = map.next_value_seed(Seed {
            reader,
            target: Target::Field(field),
        })?;
        if let (true, Some(of)) = (set, field.oneof) {
            if chosen & (1 << of) != 0 {
                let message = "указано вместе с другим полем, из которых возможно одно";
                return Err(reader.refuse(None, "ONEOF_CONFLICT", message));
            }
            chosen |= 1 << of;
        }
        reader.path.pop();
    }
    Ok(())
}

fn string_map<'de, A: MapAccess<'de>>(
    reader: &mut Reader<'_>,
    field: &Field,
    mut map: A,
) -> Result<bool, A::Error> {
    while let Some(key) = map.next_key::<Key<'de>>()? {
        let Ok(Key(value)) = map.next_value::<Key<'de>>() else {
            return Err(reader.refuse(Some(&key.0), "INVALID_VALUE", "ожидается строка"));
        };
        reader.nested(field, |reader| {
            put_bytes(&mut reader.out, 1, key.0.as_bytes());
            put_bytes(&mut reader.out, 2, value.as_bytes());
            Ok(())
        })?;
    }
    Ok(true)
}

/// A string, borrowed from the text where it has no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
