//! Configuration of a process by key, as environment and as sources.

use std::collections::BTreeMap;
use std::path::Path;

use chassis::config::Sources;

/// Keys as in `zhurnal check-config`: `database.urls.grading` → value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Sets a key.
    pub fn set(&mut self, key: impl Into<String>, value: impl ToString) -> &mut Self {
        self.0.insert(key.into(), value.to_string());
        self
    }

    /// Sets a key to a path.
    pub fn path(&mut self, key: impl Into<String>, value: &Path) -> &mut Self {
        self.set(key, value.display())
    }

    /// These, and over them the others.
    #[must_use]
    pub fn with(&self, others: &Self) -> Self {
        let mut all = self.clone();
        all.0.extend(others.0.clone());
        all
    }

    /// These but for a section.
    #[must_use]
    pub fn without(mut self, section: &str) -> Self {
        self.0.retain(|key, _| {
            !key.strip_prefix(section)
                .is_some_and(|rest| rest.starts_with('.'))
        });
        self
    }

    /// Value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// `ZHURNAL__DATABASE__URLS__GRADING` → value.
    pub fn environment(&self) -> impl Iterator<Item = (String, &str)> {
        self.0.iter().map(|(key, value)| {
            let name = key.to_uppercase().replace('.', "__");
            (format!("ZHURNAL__{name}"), value.as_str())
        })
    }

    /// For a service composed in this process.
    pub fn sources(&self) -> Sources {
        let set = |sources: Sources, (key, value): (&String, &String)| {
            sources.set(key, value.as_str(), "load test")
        };
        self.0.iter().fold(Sources::new(), set)
    }
}

#[cfg(test)]
mod tests {
    use chassis::config::Common;

    use super::*;

    #[test]
    fn both_forms_mean_the_same() {
        let mut settings = Settings::default();
        settings
            .set("database.urls.grading", "postgres://x/grading")
            .set("server.grace_ms", 5);
        let by_sources = Common::load(&settings.sources()).unwrap();
        let environment = settings
            .environment()
            .map(|(name, value)| (name, value.to_owned()));
        let by_environment = Common::load(&Sources::new().env(environment)).unwrap();
        for common in [by_sources, by_environment] {
            assert_eq!(common.server.grace_ms, 5);
            assert_eq!(
                common.database_url("grading").expose(),
                "postgres://x/grading"
            );
        }
    }
}
