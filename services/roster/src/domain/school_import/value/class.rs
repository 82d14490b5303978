//! A class: grade and letter.

use std::fmt;

use super::Value;
use crate::domain::{
    school_import::findings::{Problem, Reason},
    text,
};

/// `5-А`. Ordered by grade, then letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassName {
    grade: u8,
    letter: String,
}

impl ClassName {
    /// What a group of several classes has instead of a class: a grade whose periods it has.
    pub fn of_grade(grade: u8) -> Self {
        Self {
            grade,
            letter: String::new(),
        }
    }

    /// The grade. Whether the school has such a grade is another question.
    pub fn grade(&self) -> u8 {
        self.grade
    }

    /// One or two capital Cyrillic letters.
    pub fn letter(&self) -> &str {
        &self.letter
    }

    /// A class at the start of the text, and what follows it.
    pub(super) fn at_start(raw: &str) -> Option<(Self, &str)> {
        let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
        let grade: u8 = raw
            .get(..digits)?
            .parse()
            .ok()
            .filter(|g| (1..=99).contains(g))?;
        let rest = raw.get(digits..)?;
        let rest = rest.trim_start_matches(|c: char| {
            c == ' ' || text::plain_dash(c) == '-' || matches!(c, '«' | '"' | '„' | '“' | '\'')
        });
        let end = rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        let letter = text::latin_lookalikes_to_cyrillic(&rest.get(..end)?.to_uppercase());
        if !(1..=2).contains(&letter.chars().count()) || !letter.chars().all(text::is_cyrillic) {
            return None;
        }
        let rest = rest
            .get(end..)?
            .trim_start_matches(['»', '"', '”', '“', '\'']);
        if !(rest.is_empty() || rest.starts_with(' ')) {
            return None;
        }
        Some((Self { grade, letter }, rest.trim_start()))
    }
}

impl fmt::Display for ClassName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.grade, self.letter)
    }
}

impl Value for ClassName {
    const FORM: Reason = Reason::ClassForm;
    const BAD: Reason = Reason::BadClass;

    /// `5-А`, also `5 а`, `5А`, `5 «А»`, `05-A` with a Latin letter, `5а класс`.
    fn parse(raw: &str) -> Result<Self, Problem> {
        match Self::at_start(raw) {
            Some((class, "" | "класс" | "кл" | "кл.")) => Ok(class),
            _ => Err(Problem::new(
                Reason::BadClass,
                "Это не класс",
                "Напишите номер и букву через дефис: 5-А",
            )),
        }
    }

    fn canonical(&self) -> String {
        self.to_string()
    }
}
