//! Comments of the protos, from the descriptor set's source info.

use std::collections::HashMap;

use prost::Message;
use prost_reflect::FieldDescriptor;
use prost_types::{DescriptorProto, FileDescriptorSet};

/// Comment texts by full name (`zhurnal.grading.v1.Mark.slot`).
#[derive(Debug, Default)]
pub struct Comments {
    by_name: HashMap<String, String>,
}

impl Comments {
    /// Reads the comments of an encoded descriptor set.
    pub fn read(encoded: &[u8]) -> Self {
        let mut comments = Self::default();
        let Ok(set) = FileDescriptorSet::decode(encoded) else {
            return comments;
        };
        for file in set.file {
            let package = file.package().to_owned();
            let Some(info) = &file.source_code_info else {
                continue;
            };
            for location in &info.location {
                let text = location.leading_comments().trim();
                if text.is_empty() {
                    continue;
                }
                let name = match location.path.as_slice() {
                    [4, m] => {
                        message(&file.message_type, *m).map(|d| format!("{package}.{}", d.name()))
                    }
                    [4, m, 2, f] => message(&file.message_type, *m).and_then(|d| {
                        let field = d.field.get(usize::try_from(*f).ok()?)?;
                        Some(format!("{package}.{}.{}", d.name(), field.name()))
                    }),
                    [5, e] => usize::try_from(*e)
                        .ok()
                        .and_then(|e| file.enum_type.get(e))
                        .map(|d| format!("{package}.{}", d.name())),
                    [6, s] => usize::try_from(*s)
                        .ok()
                        .and_then(|s| file.service.get(s))
                        .map(|d| format!("{package}.{}", d.name())),
                    [6, s, 2, m] => usize::try_from(*s)
                        .ok()
                        .and_then(|s| file.service.get(s))
                        .and_then(|d| {
                            let method = d.method.get(usize::try_from(*m).ok()?)?;
                            Some(format!("{package}.{}.{}", d.name(), method.name()))
                        }),
                    _ => None,
                };
                if let Some(name) = name {
                    let lines: Vec<&str> = text.lines().map(str::trim).collect();
                    comments.by_name.insert(name, lines.join(" "));
                }
            }
        }
        comments
    }

    /// Comment of a message, enum, service or RPC.
    pub fn of(&self, full_name: &str) -> Option<&str> {
        self.by_name.get(full_name).map(String::as_str)
    }

    /// Comment of a field.
    pub fn of_field(&self, field: &FieldDescriptor) -> Option<&str> {
        self.of(field.full_name())
    }
}

fn message(list: &[DescriptorProto], index: i32) -> Option<&DescriptorProto> {
    list.get(usize::try_from(index).ok()?)
}
