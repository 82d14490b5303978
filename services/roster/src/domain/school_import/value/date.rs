//! Civil dates: day first, as they are written in Russian.

use jiff::civil::{Date, Time};

use super::{Native, Value};
use crate::domain::school_import::findings::{Problem, Reason};

const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

impl Value for Date {
    const FORM: Reason = Reason::DateForm;
    const BAD: Reason = Reason::BadDate;
    const NATIVE: Native = Native::Date;

    /// ДД.ММ.ГГГГ, also with `/`, `-` or spaces, `12 мая 2015 г.` and ГГГГ-ММ-ДД. The day is always
    /// before the month; a year of two digits is refused, since its century is a guess.
    fn parse(text: &str) -> Result<Self, Problem> {
        let lower = text.to_lowercase();
        let mut rest = lower.as_str();
        for ending in [
            " 00:00:00",
            " 00:00",
            "t00:00:00",
            " года",
            " г.",
            " г",
            "г.",
            "г",
        ] {
            rest = rest.strip_suffix(ending).unwrap_or(rest).trim_end();
        }
        let parts: Vec<&str> = rest
            .split(['.', '/', '-', ' ', ','])
            .filter(|p| !p.is_empty())
            .collect();
        let [first, second, third] = parts.as_slice() else {
            return Err(not_a_date());
        };
        let (day, month, year) = if first.len() == 4 {
            (third, second, first)
        } else {
            (first, second, third)
        };
        let month = match MONTHS.iter().position(|m| m == month) {
            Some(at) => i8::try_from(at + 1).unwrap_or(0),
            None => number(month)
                .and_then(|n| i8::try_from(n).ok())
                .ok_or_else(not_a_date)?,
        };
        if year.len() == 2 && number(year).is_some() {
            return Err(Problem::new(
                Reason::BadDate,
                "Год записан двумя цифрами",
                "Напишите год четырьмя цифрами: 12.05.2015",
            ));
        }
        if year.len() != 4 || day.len() > 2 {
            return Err(not_a_date());
        }
        let day = number(day)
            .and_then(|n| i8::try_from(n).ok())
            .ok_or_else(not_a_date)?;
        let year = number(year)
            .and_then(|n| i16::try_from(n).ok())
            .ok_or_else(not_a_date)?;
        if !(1900..=2100).contains(&year) {
            return Err(Problem::new(
                Reason::BadDate,
                "Год вне разумных пределов",
                "Проверьте год",
            ));
        }
        Self::new(year, month, day).map_err(|_| {
            Problem::new(
                Reason::BadDate,
                "Такого дня нет в календаре",
                "Проверьте число и месяц: сначала день, потом месяц, потом год",
            )
        })
    }

    fn canonical(&self) -> String {
        self.strftime("%d.%m.%Y").to_string()
    }
}

fn not_a_date() -> Problem {
    Problem::new(
        Reason::BadDate,
        "Это не дата",
        "Напишите дату как ДД.ММ.ГГГГ, например 12.05.2015",
    )
}

pub(super) fn number(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

impl Value for Time {
    const FORM: Reason = Reason::TimeForm;
    const BAD: Reason = Reason::BadTime;
    const NATIVE: Native = Native::Time;

    /// ЧЧ:ММ, also with `.` or `-` and with seconds of zero.
    fn parse(text: &str) -> Result<Self, Problem> {
        let bad = || {
            Problem::new(
                Reason::BadTime,
                "Это не время",
                "Напишите время как ЧЧ:ММ, например 08:30",
            )
        };
        let parts: Vec<&str> = text.split([':', '.', '-']).collect();
        let (hour, minute) = match parts.as_slice() {
            [hour, minute] | [hour, minute, "00"] => (*hour, *minute),
            _ => return Err(bad()),
        };
        if hour.len() > 2 || minute.len() != 2 {
            return Err(bad());
        }
        let part = |text| {
            number(text)
                .and_then(|n| i8::try_from(n).ok())
                .ok_or_else(bad)
        };
        Self::new(part(hour)?, part(minute)?, 0, 0).map_err(|_| bad())
    }

    fn canonical(&self) -> String {
        self.strftime("%H:%M").to_string()
    }
}
