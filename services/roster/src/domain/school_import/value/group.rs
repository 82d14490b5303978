//! A teaching group: a whole class, or a numbered part of it for one subject.

use std::fmt;

use super::{ClassName, GroupWord, Subject, Value, date::number};
use crate::domain::school_import::findings::{Problem, Reason};

const WORDS: [&str; 6] = ["гр.", "гр", "группа", "подгруппа", "подгр.", "подгр"];

/// `5-А` or `5-А Информатика гр.1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupName {
    /// The class that the pupils are from.
    pub class: ClassName,
    /// Which of its pupils.
    pub part: Part,
}

/// Which pupils of a class make a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All of them.
    Whole,
    /// Those whose «Подгруппа» is `number`, for one subject.
    Subgroup {
        /// The subject that the class is divided for.
        subject: Subject,
        /// 1, 2 ...
        number: u8,
    },
    /// Those whom the sheet «Группы» lists.
    Titled(Titled),
}

/// A group that has a title of its own and its pupils by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Titled {
    /// Title of the group.
    pub title: String,
    /// What it is for.
    pub kind: GroupWord,
    /// Of several classes: the shift that it has; the class of its name is no class of the school
    /// but says the grade. `None`: a part of the class.
    pub several: Option<u8>,
    /// Its lessons have no marks.
    pub unmarked: bool,
}

impl GroupName {
    /// The whole class.
    pub fn whole(class: ClassName) -> Self {
        Self {
            class,
            part: Part::Whole,
        }
    }

    /// Whether some pupil can be in both groups: one of them is the whole class, or the numbers of
    /// the subgroups are equal. Pupils have one subgroup number for all subjects. Of a group with
    /// pupils of its own choosing nothing is said.
    pub fn shares_pupils_with(&self, other: &Self) -> bool {
        match (&self.part, &other.part) {
            (Part::Titled(_), _) | (_, Part::Titled(_)) => self == other,
            (Part::Subgroup { number: a, .. }, Part::Subgroup { number: b, .. }) => {
                self.class == other.class && a == b
            }
            _ => self.class == other.class,
        }
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.part {
            Part::Whole => write!(f, "{}", self.class),
            Part::Subgroup { subject, number } => {
                write!(f, "{} {} гр.{number}", self.class, subject.as_str())
            }
            Part::Titled(of) => f.write_str(&of.title),
        }
    }
}

impl Value for GroupName {
    const FORM: Reason = Reason::ClassForm;
    const BAD: Reason = Reason::BadGroup;

    /// A class, or a class, a subject and `гр.1` (also `группа 1`, `1 подгруппа`).
    fn parse(raw: &str) -> Result<Self, Problem> {
        let bad = || {
            Problem::new(
                Reason::BadGroup,
                "Это не группа",
                "Напишите класс (5-А) или класс, предмет и номер подгруппы (5-А Информатика гр.1)",
            )
        };
        if let Ok(class) = ClassName::parse(raw) {
            return Ok(Self::whole(class));
        }
        let (class, rest) = ClassName::at_start(raw).ok_or_else(bad)?;
        let (subject, number) = split_number(rest)
            .filter(|(_, n)| (1..=9).contains(n))
            .ok_or_else(bad)?;
        Ok(Self {
            class,
            part: Part::Subgroup {
                subject: Subject::parse(&subject)?,
                number,
            },
        })
    }

    fn canonical(&self) -> String {
        self.to_string()
    }
}

/// «Информатика гр.1» as («Информатика», 1).
fn split_number(rest: &str) -> Option<(String, u8)> {
    let mut words: Vec<&str> = rest.split(' ').collect();
    let last = words.pop()?.to_lowercase();
    let digits =
        |text: &str| number(text.trim_start_matches('№')).and_then(|n| u8::try_from(n).ok());
    let number = if let Some(n) = WORDS
        .iter()
        .find_map(|w| last.strip_prefix(w).and_then(digits))
    {
        n
    } else {
        let before = words.pop()?.to_lowercase();
        if WORDS.contains(&last.as_str()) {
            digits(&before)?
        } else if WORDS.contains(&before.as_str()) {
            digits(&last)?
        } else {
            return None;
        }
    };
    (!words.is_empty()).then(|| (words.join(" "), number))
}
