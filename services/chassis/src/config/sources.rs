//! Where values come from and which of them wins.

use std::collections::BTreeMap;
use std::path::Path;

use ::config::{Config, File, FileFormat, Map, Source, Value, ValueKind};
use serde::de::DeserializeOwned;

const PREFIX: &str = "ZHURNAL__";

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key that nothing reads.
    #[error("unknown key `{key}` in {origin}{hint}")]
    Unknown {
        /// Full path of the key.
        key: String,
        /// The file, environment variable or flag.
        origin: String,
        /// Keys that would be known.
        hint: String,
    },
    /// A value of the wrong type or a missing one.
    #[error("{0}")]
    Invalid(String),
    /// A file that cannot be read or is no TOML.
    #[error("configuration file {path}: {reason}")]
    File {
        /// Its path.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Everything that may override the defaults, weakest first.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    layers: Vec<Layer>,
}

#[derive(Debug, Clone)]
struct Layer {
    values: Map<String, Value>,
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ::config::ConfigError> {
        Ok(self.values.clone())
    }
}

impl Sources {
    /// Nothing but the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a TOML file with a table per section.
    pub fn file(self, path: &Path) -> Result<Self, ConfigError> {
        let failed = |reason: String| ConfigError::File {
            path: path.display().to_string(),
            reason,
        };
        let text = std::fs::read_to_string(path).map_err(|e| failed(e.to_string()))?;
        self.toml(&text, &format!("file {}", path.display()))
            .map_err(failed)
    }

    fn toml(mut self, text: &str, origin: &str) -> Result<Self, String> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| e.to_string())?;
        let values = table
            .into_iter()
            .map(|(k, v)| (k, value(origin, v)))
            .collect();
        self.layers.push(Layer { values });
        Ok(self)
    }

    /// Adds variables named `ZHURNAL__<SECTION>__<KEY>[__<KEY>...]`; others are left alone.
    #[must_use]
    pub fn env(mut self, vars: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut values = Map::new();
        for (name, text) in vars {
            let Some(rest) = name.strip_prefix(PREFIX) else {
                continue;
            };
            let path: Vec<String> = rest.split("__").map(str::to_lowercase).collect();
            put(
                &mut values,
                &path,
                scalar(&format!("environment variable {name}"), text),
            );
        }
        self.layers.push(Layer { values });
        self
    }

    /// Adds one value given on the command line: `set("server.grpc", "0.0.0.0:1", "--grpc")`.
    #[must_use]
    pub fn set(mut self, key: &str, text: impl Into<String>, flag: &str) -> Self {
        let mut values = Map::new();
        let path: Vec<String> = key.split('.').map(str::to_owned).collect();
        put(
            &mut values,
            &path,
            scalar(&format!("flag {flag}"), text.into()),
        );
        self.layers.push(Layer { values });
        self
    }

    /// Refuses sections that no service and nobody in the chassis owns.
    pub fn check_sections(&self, known: &[&str]) -> Result<(), ConfigError> {
        for layer in &self.layers {
            for (section, value) in &layer.values {
                if !known.contains(&section.as_str()) {
                    return Err(ConfigError::Unknown {
                        key: section.clone(),
                        origin: first_origin(value).unwrap_or_else(|| "configuration".to_owned()),
                        hint: format!(", sections are: {}", known.join(", ")),
                    });
                }
            }
        }
        Ok(())
    }

    /// One section over its defaults (TOML without the section's header).
    pub fn section<T: DeserializeOwned>(
        &self,
        name: &str,
        defaults: &str,
    ) -> Result<T, ConfigError> {
        let mut builder = Config::builder().add_source(File::from_str(defaults, FileFormat::Toml));
        for layer in self.section_layers(name)? {
            builder = builder.add_source(layer);
        }
        let config = builder.build().map_err(|e| self.explain(name, &e))?;
        config.try_deserialize().map_err(|e| self.explain(name, &e))
    }

    fn section_layers(&self, name: &str) -> Result<Vec<Layer>, ConfigError> {
        let mut layers = Vec::new();
        for layer in &self.layers {
            match layer.values.get(name) {
                None => {}
                Some(Value {
                    kind: ValueKind::Table(values),
                    ..
                }) => {
                    layers.push(Layer {
                        values: values.clone(),
                    });
                }
                Some(other) => {
                    let origin = first_origin(other).unwrap_or_default();
                    return Err(ConfigError::Invalid(format!(
                        "{origin}: `{name}` is not a table"
                    )));
                }
            }
        }
        Ok(layers)
    }

    /// Names the key and its origin in an error of the deserializer.
    fn explain(&self, section: &str, error: &::config::ConfigError) -> ConfigError {
        let text = error.to_string();
        let Some((field, hint)) = unknown_field(&text) else {
            return ConfigError::Invalid(format!("section [{section}]: {text}"));
        };
        let mut found = None;
        for layer in &self.layers {
            if let Some(value) = layer.values.get(section) {
                find(section, value, field, &mut found);
            }
        }
        let (key, origin) =
            found.unwrap_or_else(|| (format!("{section}.{field}"), "the defaults".to_owned()));
        ConfigError::Unknown {
            key,
            origin,
            hint: format!(", {hint}"),
        }
    }
}

/// "unknown field `x`, expected ..." → (`x`, "expected ...").
fn unknown_field(text: &str) -> Option<(&str, &str)> {
    let rest = text.split_once("unknown field `")?.1;
    let (field, rest) = rest.split_once('`')?;
    Some((
        field,
        rest.trim_start_matches(", ")
            .lines()
            .next()
            .unwrap_or_default(),
    ))
}

/// The last place that sets a key named `field`.
fn find(path: &str, value: &Value, field: &str, found: &mut Option<(String, String)>) {
    let ValueKind::Table(table) = &value.kind else {
        return;
    };
    for (key, inner) in table {
        let path = format!("{path}.{key}");
        if key == field {
            let origin = first_origin(inner).unwrap_or_else(|| "configuration".to_owned());
            *found = Some((path.clone(), origin));
        }
        find(&path, inner, field, found);
    }
}

fn first_origin(value: &Value) -> Option<String> {
    if let Some(origin) = value.origin() {
        return Some(origin.to_owned());
    }
    match &value.kind {
        ValueKind::Table(table) => table.values().find_map(first_origin),
        _ => None,
    }
}

/// Texts stay texts (the deserializer turns `"5"` into a number where one is
/// wanted); lists and tables are written as in TOML.
fn scalar(origin: &str, text: String) -> Value {
    if text.starts_with('[') || text.starts_with('{') {
        let parsed: Result<BTreeMap<String, toml::Value>, _> =
            toml::from_str(&format!("value = {text}"));
        if let Ok(mut table) = parsed
            && let Some(parsed) = table.remove("value")
        {
            return value(origin, parsed);
        }
    }
    Value::new(Some(&origin.to_owned()), ValueKind::String(text))
}

fn value(origin: &str, from: toml::Value) -> Value {
    let kind = match from {
        toml::Value::String(s) => ValueKind::String(s),
        toml::Value::Integer(n) => ValueKind::I64(n),
        toml::Value::Float(n) => ValueKind::Float(n),
        toml::Value::Boolean(b) => ValueKind::Boolean(b),
        toml::Value::Datetime(d) => ValueKind::String(d.to_string()),
        toml::Value::Array(items) => {
            ValueKind::Array(items.into_iter().map(|v| value(origin, v)).collect())
        }
        toml::Value::Table(table) => ValueKind::Table(
            table
                .into_iter()
                .map(|(k, v)| (k, value(origin, v)))
                .collect(),
        ),
    };
    Value::new(Some(&origin.to_owned()), kind)
}

fn put(values: &mut Map<String, Value>, path: &[String], leaf: Value) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    if rest.is_empty() {
        values.insert(first.clone(), leaf);
        return;
    }
    let origin = leaf.origin().map(str::to_owned);
    let entry = values
        .entry(first.clone())
        .or_insert_with(|| Value::new(origin.as_ref(), ValueKind::Table(Map::new())));
    if !matches!(entry.kind, ValueKind::Table(_)) {
        entry.kind = ValueKind::Table(Map::new());
    }
    if let ValueKind::Table(table) = &mut entry.kind {
        put(table, rest, leaf);
    }
}
