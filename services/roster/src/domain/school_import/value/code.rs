//! Codes by which rows refer to people.

use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

use super::Value;
use crate::domain::{
    school_import::findings::{Problem, Reason},
    text,
};

const LONGEST: usize = 32;

/// `С-001`, `У-0001`. Equal whatever the case and whichever alphabet a look-alike letter is from.
#[derive(Clone, Debug)]
pub struct Code {
    text: String,
    key: String,
}

impl Code {
    /// The code as the row that defines it spells it.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl Eq for Code {}
impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Code {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}
impl Hash for Code {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl Value for Code {
    const FORM: Reason = Reason::CodeForm;
    const BAD: Reason = Reason::BadCode;

    /// Letters, digits and `- _ / .`, without spaces, at most 32 characters.
    fn parse(raw: &str) -> Result<Self, Problem> {
        let code: String = raw
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(text::plain_dash)
            .collect();
        let fits = code
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.'));
        if !fits || code.chars().count() > LONGEST || !code.chars().any(char::is_alphanumeric) {
            return Err(Problem::new(
                Reason::BadCode,
                "Это не код",
                "Код: буквы, цифры и дефис, до 32 знаков, например С-001",
            ));
        }
        let key = text::latin_lookalikes_to_cyrillic(&code.to_uppercase());
        Ok(Self { text: code, key })
    }

    fn canonical(&self) -> String {
        self.text.clone()
    }
}
