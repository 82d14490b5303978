//! Writes `impl Validate` for every request message and what it contains.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write;

use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value,
};

/// Rust source with one `impl crate::validate::Validate` per message.
pub fn generate(pool: &DescriptorPool) -> Result<String, Box<dyn Error>> {
    let rules = pool
        .get_extension_by_name("zhurnal.validate.v1.field")
        .ok_or("zhurnal.validate.v1.field is not defined")?;
    let mut seen = BTreeSet::new();
    let mut queue: Vec<MessageDescriptor> = pool
        .services()
        .flat_map(|s| s.methods().map(|m| m.input()).collect::<Vec<_>>())
        .collect();
    let mut source = String::new();
    while let Some(message) = queue.pop() {
        if !message.full_name().starts_with("zhurnal.")
            || !seen.insert(message.full_name().to_owned())
        {
            continue;
        }
        let mut body = String::new();
        for field in message.fields() {
            if let Kind::Message(inner) = field.kind()
                && !field.is_map()
            {
                queue.push(inner);
            }
            let options = field.options();
            let options = options.get_extension(&rules);
            let rule = options
                .as_message()
                .cloned()
                .ok_or("field rules are a message")?;
            write_field(&mut body, &message, &field, &rule)?;
        }
        writeln!(
            source,
            "impl crate::validate::Validate for {} {{\n    #[allow(unused_variables)]\n    fn validate(&self, at: &mut crate::validate::Violations) {{\n{body}    }}\n}}",
            rust_path(message.full_name())
        )?;
    }
    Ok(source)
}

fn write_field(
    body: &mut String,
    message: &MessageDescriptor,
    field: &FieldDescriptor,
    rule: &DynamicMessage,
) -> Result<(), Box<dyn Error>> {
    if field.is_map() {
        return Ok(());
    }
    let name = field.json_name();
    let ident = rust_ident(field.name());
    let rules = rules_literal(rule)?;
    if field.is_list() {
        writeln!(
            body,
            "        at.items(\"{name}\", self.{ident}.len(), &{rules});"
        )?;
        match field.kind() {
            Kind::Message(inner) if inner.full_name().starts_with("zhurnal.") => {
                writeln!(
                    body,
                    "        for (i, item) in self.{ident}.iter().enumerate() {{ at.index(\"{name}\", i, |at| item.validate(at)); }}"
                )?;
            }
            Kind::String => {
                writeln!(
                    body,
                    "        for (i, item) in self.{ident}.iter().enumerate() {{ at.index(\"{name}\", i, |at| at.item_string(item, &{rules})); }}"
                )?;
            }
            _ => {}
        }
        return Ok(());
    }
    if let Some(oneof) = field.containing_oneof().filter(|o| !o.is_synthetic()) {
        if let Kind::Message(_) = field.kind() {
            let module = rust_ident(&snake(message.name()));
            let parent = rust_path(message.full_name());
            let parent = parent
                .rsplit_once("::")
                .map_or("crate", |(p, _)| p)
                .to_owned();
            writeln!(
                body,
                "        if let Some({parent}::{module}::{}::{}(inner)) = &self.{} {{ at.field(\"{name}\", |at| inner.validate(at)); }}",
                camel(oneof.name()),
                camel(field.name()),
                rust_ident(oneof.name())
            )?;
        }
        return Ok(());
    }
    match field.kind() {
        Kind::String => writeln!(
            body,
            "        at.string(\"{name}\", &self.{ident}, &{rules});"
        )?,
        Kind::Bytes => writeln!(
            body,
            "        at.bytes(\"{name}\", self.{ident}.len(), &{rules});"
        )?,
        Kind::Enum(e) => writeln!(
            body,
            "        at.enumeration(\"{name}\", self.{ident}, {}::try_from(self.{ident}).is_ok(), &{rules});",
            rust_path(e.full_name())
        )?,
        Kind::Message(inner) => {
            writeln!(
                body,
                "        at.presence(\"{name}\", self.{ident}.is_some(), &{rules});"
            )?;
            if inner.full_name().starts_with("zhurnal.") {
                writeln!(
                    body,
                    "        if let Some(inner) = &self.{ident} {{ at.field(\"{name}\", |at| inner.validate(at)); }}"
                )?;
            }
        }
        Kind::Int32 | Kind::Int64 | Kind::Uint32 => {
            writeln!(
                body,
                "        at.integer(\"{name}\", i64::from(self.{ident}), &{rules});"
            )?;
        }
        _ => {}
    }
    Ok(())
}

fn rules_literal(rule: &DynamicMessage) -> Result<String, Box<dyn Error>> {
    let get = |name: &str| rule.get_field_by_name(name).map(|v| v.into_owned());
    let number = |name: &str| match get(name) {
        Some(Value::U32(v)) => v,
        _ => 0,
    };
    let bound = |name: &str| match get(name) {
        Some(Value::I64(v)) if rule.has_field_by_name(name) => format!("Some({v})"),
        _ => "None".to_owned(),
    };
    let format = match get("format") {
        Some(Value::EnumNumber(n)) => n,
        _ => 0,
    };
    let id = match get("id") {
        Some(Value::String(s)) => s,
        _ => String::new(),
    };
    Ok(format!(
        "crate::validate::Rules {{ required: {}, min_len: {}, max_len: {}, format: {format}, id: \"{id}\", min: {}, max: {}, min_items: {}, max_items: {}, max_bytes: {} }}",
        matches!(get("required"), Some(Value::Bool(true))),
        number("min_len"),
        number("max_len"),
        bound("min"),
        bound("max"),
        number("min_items"),
        number("max_items"),
        number("max_bytes"),
    ))
}

fn rust_path(full_name: &str) -> String {
    let mut path = String::from("crate");
    for part in full_name.split('.') {
        path.push_str("::");
        path.push_str(&rust_ident(part));
    }
    path
}

fn rust_ident(name: &str) -> String {
    match name {
        "type" | "use" | "move" | "match" | "ref" => format!("r#{name}"),
        _ => name.to_owned(),
    }
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

fn camel(name: &str) -> String {
    name.split('_')
        .map(|part| {
            let mut chars = part.chars();
            chars.next().map_or_else(String::new, |c| {
                c.to_uppercase().collect::<String>() + chars.as_str()
            })
        })
        .collect()
}
