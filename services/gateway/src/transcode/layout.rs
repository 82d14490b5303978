//! What the gateway knows of a message to carry it between JSON and the wire: a
//! table made once from the descriptors, so that no call walks them.

use std::collections::HashMap;
use std::sync::Arc;

use prost_reflect::{FieldDescriptor, Kind as DescriptorKind, MessageDescriptor};

/// A message of the contract that the gateway cannot carry.
#[derive(Debug, thiserror::Error)]
#[error("{0}: the gateway does not carry {1}")]
pub struct Uncarried(String, String);

/// One message and those that it is made of.
#[derive(Debug, Clone)]
pub struct Layout {
    messages: Arc<[Message]>,
    at: usize,
}

impl Layout {
    /// The message itself.
    pub fn message(&self) -> &Message {
        &self.messages[self.at]
    }

    /// Table that `Kind::Message` points into.
    pub(super) fn messages(&self) -> &[Message] {
        &self.messages
    }
}

/// Fields of one message.
#[derive(Debug, Default)]
pub struct Message {
    /// In the order of their numbers.
    fields: Vec<Field>,
    /// By JSON name and by proto name (ProtoJSON takes both).
    names: HashMap<String, usize>,
}

/// One field.
#[derive(Debug)]
pub struct Field {
    /// Number on the wire.
    pub number: u32,
    /// lowerCamelCase name.
    pub json_name: String,
    /// What it holds.
    pub kind: Kind,
    /// It is a list.
    pub repeated: bool,
    /// It can be set to its default (`optional`, `oneof`).
    pub explicit: bool,
    /// The `oneof` that it belongs to.
    pub oneof: Option<usize>,
    /// Its place among the message's fields.
    pub at: usize,
}

/// What a field holds: as much of protobuf as the contract uses.
#[derive(Debug)]
pub enum Kind {
    /// `bool`.
    Bool,
    /// `int32`.
    Int32,
    /// `uint32`.
    Uint32,
    /// `int64`: a decimal string in JSON.
    Int64,
    /// `string`.
    String,
    /// `bytes`: base64 in JSON.
    Bytes,
    /// An enum, with numbers and names of its values.
    Enum(Vec<(i32, String)>),
    /// `google.protobuf.Timestamp`: RFC 3339 in JSON.
    Timestamp,
    /// Another message, by its place in the table.
    Message(usize),
    /// `map<string, string>`.
    StringMap,
}

impl Message {
    /// Field of a JSON or proto name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.names.get(name).map(|&at| &self.fields[at])
    }

    /// Field of a number.
    pub fn numbered(&self, number: u32) -> Option<&Field> {
        self.fields
            .binary_search_by_key(&number, |f| f.number)
            .ok()
            .map(|at| &self.fields[at])
    }
}

/// All layouts of the contract; messages that several requests share are kept once.
#[derive(Debug)]
pub struct Layouts {
    places: HashMap<String, usize>,
    messages: Arc<[Message]>,
}

impl Layouts {
    /// Layouts of messages and of all that they are made of.
    pub fn of(messages: impl IntoIterator<Item = MessageDescriptor>) -> Result<Self, Uncarried> {
        let mut builder = Builder::default();
        for message in messages {
            builder.add(&message)?;
        }
        Ok(Self {
            places: builder.places,
            messages: builder.messages.into(),
        })
    }

    /// Layout of a message by its full name.
    pub fn get(&self, full_name: &str) -> Option<Layout> {
        self.places.get(full_name).map(|&at| Layout {
            messages: self.messages.clone(),
            at,
        })
    }
}

#[derive(Default)]
struct Builder {
    places: HashMap<String, usize>,
    messages: Vec<Message>,
}

impl Builder {
    fn add(&mut self, descriptor: &MessageDescriptor) -> Result<usize, Uncarried> {
        if let Some(&place) = self.places.get(descriptor.full_name()) {
            return Ok(place);
        }
        let place = self.messages.len();
        self.places.insert(descriptor.full_name().to_owned(), place);
        // Taken before its fields are known: a message may hold itself.
        self.messages.push(Message::default());
        let mut descriptors: Vec<_> = descriptor.fields().collect();
        descriptors.sort_by_key(FieldDescriptor::number);
        if descriptors.len() > 64 {
            return Err(uncarried(descriptor.full_name(), "more than 64 fields"));
        }
        let mut message = Message::default();
        for (at, field) in descriptors.iter().enumerate() {
            message.names.insert(field.name().to_owned(), at);
            message.names.insert(field.json_name().to_owned(), at);
            message.fields.push(self.field(at, field)?);
        }
        self.messages[place] = message;
        Ok(place)
    }

    fn field(&mut self, at: usize, field: &FieldDescriptor) -> Result<Field, Uncarried> {
        Ok(Field {
            at,
            number: field.number(),
            json_name: field.json_name().to_owned(),
            kind: self.kind(field)?,
            repeated: field.is_list(),
            explicit: field.supports_presence(),
            oneof: field
                .containing_oneof()
                .and_then(|of| field.parent_message().oneofs().position(|o| o == of)),
        })
    }

    fn kind(&mut self, field: &FieldDescriptor) -> Result<Kind, Uncarried> {
        if field.is_map() {
            return match field.kind() {
                DescriptorKind::Message(entry)
                    if entry.map_entry_key_field().kind() == DescriptorKind::String
                        && entry.map_entry_value_field().kind() == DescriptorKind::String =>
                {
                    Ok(Kind::StringMap)
                }
                _ => Err(uncarried(field.full_name(), "maps of other than strings")),
            };
        }
        Ok(match field.kind() {
            DescriptorKind::Bool => Kind::Bool,
            DescriptorKind::Int32 => Kind::Int32,
            DescriptorKind::Uint32 => Kind::Uint32,
            DescriptorKind::Int64 => Kind::Int64,
            DescriptorKind::String => Kind::String,
            DescriptorKind::Bytes => Kind::Bytes,
            DescriptorKind::Enum(values) => Kind::Enum(
                values
                    .values()
                    .map(|v| (v.number(), v.name().to_owned()))
                    .collect(),
            ),
            DescriptorKind::Message(inner) => match inner.full_name() {
                "google.protobuf.Timestamp" => Kind::Timestamp,
                name if name.starts_with("google.protobuf.") => {
                    return Err(uncarried(field.full_name(), name));
                }
                _ => Kind::Message(self.add(&inner)?),
            },
            other => return Err(uncarried(field.full_name(), &format!("{other:?}"))),
        })
    }
}

fn uncarried(name: &str, what: &str) -> Uncarried {
    Uncarried(name.to_owned(), what.to_owned())
}
