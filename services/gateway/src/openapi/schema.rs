//! JSON Schemas of messages and enums, as OpenAPI 3.1 components.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{
    DynamicMessage, EnumDescriptor, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor,
    Value,
};
use serde_json::{Map, Value as Json, json};

use super::comments::Comments;

/// Collects the schemas of everything that is mentioned.
pub struct Schemas<'a> {
    comments: &'a Comments,
    rules: Option<ExtensionDescriptor>,
    done: BTreeMap<String, Json>,
    queued: BTreeSet<String>,
    messages: Vec<MessageDescriptor>,
    enums: Vec<EnumDescriptor>,
}

impl<'a> Schemas<'a> {
    /// No schemas yet.
    pub fn new(comments: &'a Comments, rules: Option<ExtensionDescriptor>) -> Self {
        Self {
            comments,
            rules,
            done: BTreeMap::new(),
            queued: BTreeSet::new(),
            messages: Vec::new(),
            enums: Vec::new(),
        }
    }

    /// A reference to the schema of a message.
    pub fn message(&mut self, message: &MessageDescriptor) -> Json {
        match message.full_name() {
            "google.protobuf.Timestamp" => json!({"type": "string", "format": "date-time"}),
            "google.protobuf.Duration" => {
                json!({"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?s$"})
            }
            name => {
                if self.queued.insert(name.to_owned()) {
                    self.messages.push(message.clone());
                }
                reference(name)
            }
        }
    }

    /// Schema of one field as JSON shows it.
    pub fn field(&mut self, field: &FieldDescriptor) -> Json {
        let rules = self.rules_of(field);
        let mut item = self.kind(&field.kind());
        if field.is_map() {
            if let Kind::Message(entry) = field.kind()
                && let Some(value) = entry.get_field_by_name("value")
            {
                let value = self.kind(&value.kind());
                item = json!({"type": "object", "additionalProperties": value});
            }
        } else if field.is_list() {
            apply_scalar_rules(&mut item, &rules);
            item = json!({"type": "array", "items": item, "maxItems": positive(&rules, "max_items").unwrap_or(1_000)});
            if let Some(min) = positive(&rules, "min_items") {
                item["minItems"] = min.into();
            }
        } else {
            apply_scalar_rules(&mut item, &rules);
        }
        if let Some(text) = self.comments.of_field(field)
            && item.get("$ref").is_none()
        {
            item["description"] = text.into();
        }
        item
    }

    /// Whether the field must be sent.
    pub fn is_required(&self, field: &FieldDescriptor) -> bool {
        let rules = self.rules_of(field);
        let required = rules
            .as_ref()
            .and_then(|r| r.get_field_by_name("required"))
            .and_then(|v| v.as_bool());
        required == Some(true) || positive(&rules, "min_items").is_some()
    }

    /// All schemas by name.
    pub fn finish(mut self) -> BTreeMap<String, Json> {
        loop {
            if let Some(message) = self.messages.pop() {
                let schema = self.object(&message);
                self.done.insert(component(message.full_name()), schema);
            } else if let Some(item) = self.enums.pop() {
                let values: Vec<String> = item.values().map(|v| v.name().to_owned()).collect();
                let mut schema = json!({"type": "string", "enum": values});
                if let Some(text) = self.comments.of(item.full_name()) {
                    schema["description"] = text.into();
                }
                self.done.insert(component(item.full_name()), schema);
            } else {
                return self.done;
            }
        }
    }

    fn object(&mut self, message: &MessageDescriptor) -> Json {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in message.fields() {
            let schema = self.field(&field);
            properties.insert(field.json_name().to_owned(), schema);
            if self.is_required(&field) {
                required.push(field.json_name().to_owned());
            }
        }
        let mut schema =
            json!({"type": "object", "properties": properties, "additionalProperties": false});
        if !required.is_empty() {
            schema["required"] = required.into();
        }
        if let Some(text) = self.comments.of(message.full_name()) {
            schema["description"] = text.into();
        }
        schema
    }

    fn kind(&mut self, kind: &Kind) -> Json {
        match kind {
            Kind::Bool => json!({"type": "boolean"}),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
                json!({"type": "integer", "format": "int32"})
            }
            Kind::Uint32 | Kind::Fixed32 => {
                json!({"type": "integer", "format": "int64", "minimum": 0, "maximum": u32::MAX})
            }
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
                json!({"type": "string", "format": "int64", "pattern": "^-?[0-9]+$"})
            }
            Kind::Uint64 | Kind::Fixed64 => {
                json!({"type": "string", "format": "uint64", "pattern": "^[0-9]+$"})
            }
            Kind::Float | Kind::Double => json!({"type": "number"}),
            Kind::String => json!({"type": "string"}),
            Kind::Bytes => json!({"type": "string", "contentEncoding": "base64"}),
            Kind::Enum(item) => {
                if self.queued.insert(item.full_name().to_owned()) {
                    self.enums.push(item.clone());
                }
                reference(item.full_name())
            }
            Kind::Message(message) => self.message(message),
        }
    }

    fn rules_of(&self, field: &FieldDescriptor) -> Option<DynamicMessage> {
        let extension = self.rules.as_ref()?;
        let options = field.options();
        options
            .has_extension(extension)
            .then(|| options.get_extension(extension).as_message().cloned())
            .flatten()
    }
}

fn apply_scalar_rules(schema: &mut Json, rules: &Option<DynamicMessage>) {
    match schema["type"].as_str() {
        Some("string")
            if schema.get("pattern").is_none() && schema.get("contentEncoding").is_none() =>
        {
            let format = number(rules, "format").unwrap_or(0);
            let id = rules
                .as_ref()
                .and_then(|r| r.get_field_by_name("id"))
                .and_then(|v| v.as_str().map(str::to_owned));
            if let Some(id) = id.filter(|id| !id.is_empty()) {
                schema["pattern"] = format!("^({id}_[0-9a-f]{{32}})?$").into();
                return;
            }
            match format {
                1 => schema["pattern"] = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$".into(),
                2 => schema["pattern"] = "^([0-2][0-9]:[0-5][0-9])?$".into(),
                3 => schema["format"] = "uuid".into(),
                _ => {}
            }
            if rules.is_some() && format != 3 {
                schema["maxLength"] = positive(rules, "max_len").unwrap_or(1_000).into();
            }
            let required = rules
                .as_ref()
                .and_then(|r| r.get_field_by_name("required"))
                .and_then(|v| v.as_bool());
            if let Some(min) = positive(rules, "min_len").or((required == Some(true)).then_some(1))
            {
                schema["minLength"] = min.into();
            }
        }
        Some("integer") => {
            for (name, keyword) in [("min", "minimum"), ("max", "maximum")] {
                if rules.as_ref().is_some_and(|r| r.has_field_by_name(name))
                    && let Some(bound) = number(rules, name)
                {
                    schema[keyword] = bound.into();
                }
            }
        }
        _ => {}
    }
}

fn number(rules: &Option<DynamicMessage>, name: &str) -> Option<i64> {
    match rules.as_ref()?.get_field_by_name(name)?.into_owned() {
        Value::U32(v) => Some(v.into()),
        Value::I64(v) => Some(v),
        Value::EnumNumber(v) => Some(v.into()),
        _ => None,
    }
}

fn positive(rules: &Option<DynamicMessage>, name: &str) -> Option<i64> {
    number(rules, name).filter(|n| *n > 0)
}

fn reference(full_name: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{}", component(full_name))})
}

/// `zhurnal.grading.v1.Mark` → `grading.v1.Mark`.
pub fn component(full_name: &str) -> String {
    full_name
        .strip_prefix("zhurnal.")
        .unwrap_or(full_name)
        .to_owned()
}
