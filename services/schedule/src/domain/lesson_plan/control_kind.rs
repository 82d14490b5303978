//! Kind of control that a theme's lessons are for: the journal's kinds of work.

use crate::domain::subject::fold_title;

/// Kind of control; numbers are those of the contract and of the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i16)]
pub enum ControlKind {
    /// Ordinary work at the lesson.
    #[default]
    Ordinary = 0,
    /// Answer at the lesson.
    Answer = 1,
    /// Homework.
    Homework = 2,
    /// Independent work (самостоятельная работа).
    IndependentWork = 3,
    /// Control work (контрольная работа).
    ControlWork = 4,
    /// Dictation.
    Dictation = 5,
    /// Laboratory or practical work.
    PracticalWork = 6,
    /// Project.
    Project = 7,
}

const ALL: [ControlKind; 8] = [
    ControlKind::Ordinary,
    ControlKind::Answer,
    ControlKind::Homework,
    ControlKind::IndependentWork,
    ControlKind::ControlWork,
    ControlKind::Dictation,
    ControlKind::PracticalWork,
    ControlKind::Project,
];

/// What teachers write in their tables, folded: whole words, or the beginning of one.
const WRITTEN: &[(&str, ControlKind)] = &[
    ("обычный урок", ControlKind::Ordinary),
    ("урок", ControlKind::Ordinary),
    ("нет", ControlKind::Ordinary),
    ("ответ", ControlKind::Answer),
    ("устный", ControlKind::Answer),
    ("опрос", ControlKind::Answer),
    ("домашн", ControlKind::Homework),
    ("д/р", ControlKind::Homework),
    ("самостоятельн", ControlKind::IndependentWork),
    ("с/р", ControlKind::IndependentWork),
    ("ср", ControlKind::IndependentWork),
    ("тест", ControlKind::IndependentWork),
    ("контрольн", ControlKind::ControlWork),
    ("к/р", ControlKind::ControlWork),
    ("кр", ControlKind::ControlWork),
    ("диктант", ControlKind::Dictation),
    ("контрольный диктант", ControlKind::Dictation),
    ("практическ", ControlKind::PracticalWork),
    ("лабораторн", ControlKind::PracticalWork),
    ("п/р", ControlKind::PracticalWork),
    ("пр", ControlKind::PracticalWork),
    ("л/р", ControlKind::PracticalWork),
    ("лр", ControlKind::PracticalWork),
    ("проект", ControlKind::Project),
];

impl ControlKind {
    /// Number in contract and database.
    pub fn number(self) -> i16 {
        self as i16
    }

    /// Back from the number; `None` for one that no kind has.
    pub fn from_number(number: i32) -> Option<Self> {
        ALL.into_iter()
            .find(|kind| i32::from(kind.number()) == number)
    }

    /// As written in a table; empty and a dash are an ordinary lesson. The longest
    /// word that fits decides: «контрольный диктант» is a dictation.
    pub fn written(text: &str) -> Option<Self> {
        let folded = fold_title(text);
        let folded = folded.trim_end_matches('.');
        if matches!(folded, "" | "-" | "–" | "—") {
            return Some(Self::Ordinary);
        }
        let fits = |word: &str| {
            // Short forms are whole words: «пр», not «праздник».
            if word.chars().count() <= 3 {
                folded.split(' ').next() == Some(word)
            } else {
                folded.starts_with(word)
            }
        };
        WRITTEN
            .iter()
            .filter(|(word, _)| fits(word))
            .max_by_key(|(word, _)| word.len())
            .map(|(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_number() {
        for kind in ALL {
            assert_eq!(
                ControlKind::from_number(i32::from(kind.number())),
                Some(kind)
            );
        }
        assert_eq!(ControlKind::from_number(8), None);
        assert_eq!(ControlKind::from_number(-1), None);
    }

    #[test]
    fn kinds_are_read_as_teachers_write_them() {
        for (text, kind) in [
            ("", ControlKind::Ordinary),
            (" — ", ControlKind::Ordinary),
            ("Контрольная работа", ControlKind::ControlWork),
            ("к/р", ControlKind::ControlWork),
            ("КР №2", ControlKind::ControlWork),
            ("Контрольный диктант", ControlKind::Dictation),
            ("самостоятельная", ControlKind::IndependentWork),
            ("Лабораторная работа", ControlKind::PracticalWork),
            ("Пр.", ControlKind::PracticalWork),
            ("Проект", ControlKind::Project),
            ("Ответ на уроке", ControlKind::Answer),
        ] {
            assert_eq!(ControlKind::written(text), Some(kind), "{text}");
        }
        for text in ["праздник", "??", "крокодил"] {
            assert_eq!(ControlKind::written(text), None, "{text}");
        }
    }
}
