//! The Russian text of notices. No surnames: a notice may be read over a shoulder.

use super::cell::Absence;

/// A mark: `Алгебра, 20.11: отметка 5`.
pub fn mark(subject: &str, date: &str, value: &str) -> String {
    format!("{subject}, {}: отметка {value}", short_date(date))
}

/// An absence or lateness. The reason is restricted data and never in a notice.
pub fn absence(subject: &str, date: &str, kind: Absence) -> String {
    let what = match kind {
        Absence::Away => "отсутствие на уроке",
        Absence::Late => "опоздание",
    };
    format!("{subject}, {}: {what}", short_date(date))
}

/// A correction request that waits for a decision.
pub fn correction_asked() -> String {
    "Новый запрос на исправление ждёт решения".to_owned()
}

/// A decided correction request.
pub fn correction_decided(approved: bool) -> String {
    if approved {
        "Запрос на исправление одобрен"
    } else {
        "В исправлении отказано"
    }
    .to_owned()
}

/// `2026-11-20` → `20.11`.
fn short_date(date: &str) -> String {
    match (date.get(8..10), date.get(5..7)) {
        (Some(day), Some(month)) => format!("{day}.{month}"),
        _ => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_names_subject_day_and_value_but_nobody() {
        assert_eq!(
            mark("Алгебра", "2026-11-20", "4/5"),
            "Алгебра, 20.11: отметка 4/5"
        );
        assert_eq!(
            absence("История", "2026-09-01", Absence::Late),
            "История, 01.09: опоздание"
        );
    }
}
