//! Names of people. `Debug` prints none of them.

use std::fmt;

use super::Value;
use crate::domain::{
    school_import::findings::{Problem, Reason},
    text,
};

const LONGEST: usize = 60;
/// Parts of eastern patronymics that are written small.
const PARTICLES: [&str; 5] = ["оглы", "оглу", "кызы", "заде", "угли"];

/// A surname, a given name or a patronymic.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamePart(String);

impl NamePart {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NamePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NamePart")
    }
}

impl Value for NamePart {
    const FORM: Reason = Reason::NameForm;
    const BAD: Reason = Reason::BadName;

    /// Letters, hyphens, apostrophes and spaces. All capitals or all small letters are put right,
    /// and so are Latin letters that look like the Cyrillic ones around them.
    fn parse(raw: &str) -> Result<Self, Problem> {
        let bad = |message: &'static str, hint: &'static str| {
            Err(Problem::new(Reason::BadName, message, hint))
        };
        let mut name = spelled_plainly(raw);
        if text::mixes_alphabets(&name) {
            name = text::latin_lookalikes_to_cyrillic(&name);
        }
        if text::mixes_alphabets(&name) {
            return bad(
                "В имени смешаны русские и латинские буквы",
                "Наберите значение заново в одной раскладке",
            );
        }
        if name.chars().any(char::is_numeric) {
            return bad(
                "В имени есть цифры",
                "Оставьте только буквы, дефис и пробел",
            );
        }
        if !name
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\''))
        {
            return bad(
                "В имени есть посторонние знаки",
                "Оставьте только буквы, дефис и пробел; если значения нет, очистите ячейку",
            );
        }
        if !name.chars().any(char::is_alphabetic)
            || name.starts_with(['-', '\''])
            || name.ends_with('-')
        {
            return bad("Это не имя", "Если значения нет, очистите ячейку");
        }
        if name.chars().count() > LONGEST {
            return bad(
                "Слишком длинно для имени",
                "Проверьте, что в ячейке одно имя",
            );
        }
        Ok(Self(with_capitals(&name)))
    }

    fn canonical(&self) -> String {
        self.0.clone()
    }
}

/// One kind of hyphen without spaces around it, one kind of apostrophe.
fn spelled_plainly(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars().map(text::plain_dash) {
        let c = if matches!(c, '’' | '`' | 'ʼ' | '´' | '‘') {
            '\''
        } else {
            c
        };
        if c == '-' {
            out.truncate(out.trim_end_matches(' ').len());
        }
        if !(c == ' ' && out.ends_with('-')) {
            out.push(c);
        }
    }
    out
}

/// «ИВАНОВ» and «иванов» as «Иванов»; anything that has both kinds of letters stays as it is.
fn with_capitals(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let small = name.chars().filter(|c| c.is_lowercase()).count();
    if letters < 2 || (small > 0 && small < letters) {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len());
    for piece in name.split_inclusive([' ', '-']) {
        let lower = piece.to_lowercase();
        if PARTICLES.contains(&lower.trim_end_matches([' ', '-'])) {
            out.push_str(&lower);
            continue;
        }
        let mut chars = lower.chars();
        out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        out.extend(chars);
    }
    out
}

/// Surname, given name and, where there is one, patronymic.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName {
    /// Фамилия.
    pub surname: NamePart,
    /// Имя.
    pub given: NamePart,
    /// Отчество.
    pub patronymic: Option<NamePart>,
}

impl PersonName {
    /// All parts in the order of Russian papers, one space between.
    pub fn full(&self) -> String {
        let mut full = format!("{} {}", self.surname.0, self.given.0);
        if let Some(patronymic) = &self.patronymic {
            full.push(' ');
            full.push_str(&patronymic.0);
        }
        full
    }

    /// Key to order a list by; see [`text::sort_key`].
    pub fn sort_key(&self) -> String {
        text::sort_key(&self.full())
    }

    /// Key to find a person by; see [`text::search_key`].
    pub fn search_key(&self) -> String {
        text::search_key(&self.full())
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName")
    }
}
