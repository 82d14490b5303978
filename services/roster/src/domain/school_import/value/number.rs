//! Small numbers, each with its own range.

use super::{Value, date::number};
use crate::domain::school_import::findings::{Problem, Reason};

macro_rules! small_number {
    ($(#[$doc:meta])* $name:ident, $bad:ident, $range:expr, $message:literal, $hint:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u8);

        impl $name {
            /// The number.
            pub fn get(self) -> u8 {
                self.0
            }
        }

        impl Value for $name {
            const FORM: Reason = Reason::NumberForm;
            const BAD: Reason = Reason::$bad;

            fn parse(text: &str) -> Result<Self, Problem> {
                number(text)
                    .and_then(|n| u8::try_from(n).ok())
                    .filter(|n| $range.contains(n))
                    .map(Self)
                    .ok_or_else(|| Problem::new(Reason::$bad, $message, $hint))
            }

            fn canonical(&self) -> String {
                self.0.to_string()
            }
        }
    };
}

small_number!(
    /// The number of a lesson in the day, from 1.
    LessonNumber, BadLessonNumber, (1..=20), "Номера урока с таким значением нет", "Уроки нумеруются с 1, номер берётся из листа «Звонки»"
);
small_number!(
    /// A grade (параллель), 1 to 11.
    Grade, BadClass, (1..=11), "Такой параллели нет", "Параллель: число от 1 до 11"
);
small_number!(
    /// A shift (смена), 1 to 3.
    Shift, BadNumber, (1..=3), "Такой смены нет", "Смена: 1, 2 или 3"
);
small_number!(
    /// The part of a divided class that a pupil belongs to, 1 to 9.
    SubgroupNumber, BadNumber, (1..=9), "Такой подгруппы нет", "Подгруппа: 1, 2 или пусто"
);

impl Shift {
    /// The shift of a school that has only one.
    pub const FIRST: Self = Self(1);
}

/// Hours a week, kept in halves: schools plan half an hour a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WeeklyHours {
    halves: u16,
}

impl WeeklyHours {
    /// In half hours, so that sums are exact.
    pub fn halves(self) -> u16 {
        self.halves
    }

    /// `5` or `0,5`.
    pub(in crate::domain::school_import) fn shown(halves: u32) -> String {
        if halves.is_multiple_of(2) {
            (halves / 2).to_string()
        } else {
            format!("{},5", halves / 2)
        }
    }
}

impl Value for WeeklyHours {
    const FORM: Reason = Reason::NumberForm;
    const BAD: Reason = Reason::BadHours;

    fn parse(text: &str) -> Result<Self, Problem> {
        let (whole, half) = match text.split_once([',', '.']) {
            Some((whole, "5" | "50")) => (whole, 1),
            Some((whole, "0" | "00")) => (whole, 0),
            Some(_) => ("", 0),
            None => (text, 0),
        };
        number(whole)
            .and_then(|n| u16::try_from(n).ok())
            .filter(|n| *n <= 40)
            .map(|n| n * 2 + half)
            .filter(|halves| *halves > 0)
            .map(|halves| Self { halves })
            .ok_or_else(|| {
                Problem::new(
                    Reason::BadHours,
                    "Это не число часов в неделю",
                    "Число от 0,5 до 40 с шагом в половину часа",
                )
            })
    }

    fn canonical(&self) -> String {
        Self::shown(u32::from(self.halves))
    }
}
