//! Free text: names of schools, places, days.

use super::Value;
use crate::domain::school_import::findings::{Problem, Reason};

const LONGEST: usize = 250;

/// One line of free text, tidy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(String);

impl Label {
    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Value for Label {
    const FORM: Reason = Reason::Spaces;
    const BAD: Reason = Reason::BadChoice;

    fn parse(text: &str) -> Result<Self, Problem> {
        if text.chars().count() > LONGEST {
            return Err(Problem::new(
                Reason::TooLong,
                "Слишком длинный текст",
                "Сократите до 250 знаков",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    fn canonical(&self) -> String {
        self.0.clone()
    }
}
