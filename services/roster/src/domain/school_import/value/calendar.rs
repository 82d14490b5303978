//! The academic year and its parts.

use jiff::civil::{Date, date};

use super::{Value, date::number};
use crate::domain::{
    school_import::findings::{Problem, Reason},
    text,
};

/// From 1 September to 31 August.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AcademicYear {
    starts: i16,
}

impl AcademicYear {
    /// The calendar year of its first of September.
    pub fn starts_in(self) -> i16 {
        self.starts
    }

    /// 1 September.
    pub fn first_day(self) -> Date {
        date(self.starts, 9, 1)
    }

    /// 31 August of the next year, inclusive.
    pub fn last_day(self) -> Date {
        date(self.starts + 1, 8, 31)
    }

    /// Whether the day is in the year.
    pub fn contains(self, day: Date) -> bool {
        (self.first_day()..=self.last_day()).contains(&day)
    }
}

impl Value for AcademicYear {
    const FORM: Reason = Reason::NumberForm;
    const BAD: Reason = Reason::BadAcademicYear;

    /// `2026/2027`, also `2026-2027`, `2026/27`, `2026/2027 учебный год`.
    fn parse(raw: &str) -> Result<Self, Problem> {
        let bad = || {
            Problem::new(
                Reason::BadAcademicYear,
                "Это не учебный год",
                "Два года подряд через косую черту: 2026/2027",
            )
        };
        let plain: String = raw.to_lowercase().chars().map(text::plain_dash).collect();
        let years = plain
            .split(' ')
            .next()
            .filter(|first| first.len() >= 7)
            .unwrap_or(&plain);
        let (first, second) = years.split_once(['/', '-']).ok_or_else(bad)?;
        let starts = number(first.trim())
            .filter(|y| (2000..=2099).contains(y))
            .ok_or_else(bad)?;
        let second = second.trim();
        let ends = match second.len() {
            2 => number(second).map(|y| starts / 100 * 100 + y + if y == 0 { 100 } else { 0 }),
            _ => number(second),
        };
        if ends != Some(starts + 1) {
            return Err(bad());
        }
        Ok(Self {
            starts: i16::try_from(starts).map_err(|_| bad())?,
        })
    }

    fn canonical(&self) -> String {
        format!("{}/{}", self.starts, self.starts + 1)
    }
}

/// Study days in a week, 5 or 6, from Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StudyWeek(u8);

impl StudyWeek {
    /// 5 or 6.
    pub fn days(self) -> u8 {
        self.0
    }
}

impl Value for StudyWeek {
    const FORM: Reason = Reason::NumberForm;
    const BAD: Reason = Reason::BadNumber;

    /// `5` or `6`, also `5-дневная`, `пятидневная`.
    fn parse(raw: &str) -> Result<Self, Problem> {
        let key = text::search_key(raw);
        let days = match key.split(' ').next() {
            Some("5" | "пятидневка" | "пятидневная") => 5,
            Some("6" | "шестидневка" | "шестидневная") => 6,
            _ => {
                return Err(Problem::new(
                    Reason::BadNumber,
                    "Учебная неделя бывает из 5 или 6 дней",
                    "Напишите 5 или 6",
                ));
            }
        };
        Ok(Self(days))
    }

    fn canonical(&self) -> String {
        self.0.to_string()
    }
}

/// A time zone of the IANA list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneName(String);

impl ZoneName {
    /// `Europe/Simferopol`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for ZoneName {
    const FORM: Reason = Reason::NumberForm;
    const BAD: Reason = Reason::BadTimeZone;

    fn parse(raw: &str) -> Result<Self, Problem> {
        // The bundled list: what the school's zone is called must not depend on the machine.
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(raw).ok();
        let name = zone
            .as_ref()
            .and_then(|zone| zone.iana_name())
            .filter(|name| name.contains('/'));
        name.map(|name| Self(name.to_owned())).ok_or_else(|| {
            Problem::new(
                Reason::BadTimeZone,
                "Такого часового пояса нет",
                "Название из мирового списка, например Europe/Simferopol",
            )
        })
    }

    fn canonical(&self) -> String {
        self.0.clone()
    }
}

/// What a study period is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodKind {
    /// Четверть, 1 to 4.
    Quarter,
    /// Триместр, 1 to 3.
    Trimester,
    /// Полугодие, 1 and 2.
    HalfYear,
}

impl PeriodKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Quarter => "четверть",
            Self::Trimester => "триместр",
            Self::HalfYear => "полугодие",
        }
    }

    const fn count(self) -> u8 {
        match self {
            Self::Quarter => 4,
            Self::Trimester => 3,
            Self::HalfYear => 2,
        }
    }
}

/// `1 четверть`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeriodName {
    /// What it is a part of.
    pub kind: PeriodKind,
    /// Which one, from 1.
    pub ordinal: u8,
}

impl Value for PeriodName {
    const FORM: Reason = Reason::NumberForm;
    const BAD: Reason = Reason::BadPeriod;

    /// `1 четверть`, also `I четверть`, `1-я четверть`, `2 Полугодие`.
    fn parse(raw: &str) -> Result<Self, Problem> {
        let key = text::search_key(raw);
        let mut words = key.split(' ');
        let ordinal = match words.next() {
            Some("1" | "i" | "і" | "первая" | "первое" | "первый") => 1,
            Some("2" | "ii" | "іі" | "вторая" | "второе" | "второй") => 2,
            Some("3" | "iii" | "ііі" | "третья" | "третий") => 3,
            Some("4" | "iv" | "іv" | "четвертая") => 4,
            _ => 0,
        };
        let word = words.find(|w| !matches!(*w, "я" | "е" | "ое" | "ая" | "й" | "ый" | "ий"));
        [
            PeriodKind::Quarter,
            PeriodKind::Trimester,
            PeriodKind::HalfYear,
        ]
        .into_iter()
        .find(|kind| word == Some(kind.word()) && (1..=kind.count()).contains(&ordinal))
        .filter(|_| words.next().is_none())
        .map(|kind| Self { kind, ordinal })
        .ok_or_else(|| {
            Problem::new(
                Reason::BadPeriod,
                "Такого учебного периода нет",
                "1–4 четверть, 1–3 триместр, 1–2 полугодие",
            )
        })
    }

    fn canonical(&self) -> String {
        format!("{} {}", self.ordinal, self.kind.word())
    }
}

/// Some of the grades 1 to 11.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GradeSet(u16);

impl GradeSet {
    /// Whether the grade is among them.
    pub fn contains(self, grade: u8) -> bool {
        (1..=11).contains(&grade) && self.0 >> grade & 1 == 1
    }

    /// Whether some grade is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The grades, ascending.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (1..=11).filter(move |grade| self.contains(*grade))
    }
}

impl Value for GradeSet {
    const FORM: Reason = Reason::NumberForm;
    const BAD: Reason = Reason::BadGrades;

    /// `1-9`, `10-11`, `1,3,5-7`, also with longer dashes and spaces.
    fn parse(raw: &str) -> Result<Self, Problem> {
        let bad = || {
            Problem::new(
                Reason::BadGrades,
                "Это не параллели",
                "Номера параллелей от 1 до 11: 1-9 или 10, 11",
            )
        };
        let plain: String = raw
            .chars()
            .filter(|c| *c != ' ')
            .map(text::plain_dash)
            .collect();
        let mut bits = 0u16;
        for part in plain.split([',', ';']) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let grade = |text| {
                number(text)
                    .filter(|g| (1..=11).contains(g))
                    .ok_or_else(bad)
            };
            let (first, last) = (grade(first)?, grade(last)?);
            if first > last {
                return Err(bad());
            }
            bits |= (first..=last).fold(0, |bits, grade| bits | 1 << grade);
        }
        Ok(Self(bits))
    }

    /// Runs of three and more with a hyphen, and so are two neighbours: `1-9`, `10-11`.
    fn canonical(&self) -> String {
        let mut parts: Vec<(u8, u8)> = Vec::new();
        for grade in self.iter() {
            match parts.last_mut() {
                Some((_, last)) if *last + 1 == grade => *last = grade,
                _ => parts.push((grade, grade)),
            }
        }
        let shown: Vec<String> = parts
            .iter()
            .map(|(a, b)| {
                if a == b {
                    a.to_string()
                } else {
                    format!("{a}-{b}")
                }
            })
            .collect();
        shown.join(", ")
    }
}
