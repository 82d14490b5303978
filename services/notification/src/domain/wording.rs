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

/// A substitution, for whoever gives the lesson now.
pub fn teacher_gets_lesson(lesson: &LessonNews<'_>) -> String {
    let room = match lesson.room {
        "" => String::new(),
        room => format!(", {room}"),
    };
    format!("Вы ведёте урок: {}{room}", lesson.for_staff())
}

/// A substitution, for whoever gave the lesson before.
pub fn teacher_loses_lesson(lesson: &LessonNews<'_>) -> String {
    format!("Урок ведёт другой учитель: {}", lesson.for_staff())
}

/// A cancelled lesson, for its teacher.
pub fn teacher_lesson_cancelled(lesson: &LessonNews<'_>) -> String {
    format!("Урок отменён: {}. {}", lesson.for_staff(), lesson.reason)
}

/// A substitution, for families.
pub fn family_other_teacher(lesson: &LessonNews<'_>) -> String {
    format!("{}: урок ведёт другой учитель", lesson.for_families())
}

/// A cancelled lesson, for families.
pub fn family_lesson_cancelled(lesson: &LessonNews<'_>) -> String {
    format!("{}: урок отменён. {}", lesson.for_families(), lesson.reason)
}

/// A lesson as far as a notice tells it.
#[derive(Debug, Clone, Copy)]
pub struct LessonNews<'a> {
    /// Date.
    pub date: &'a str,
    /// Lesson number.
    pub number: u32,
    /// Group.
    pub group: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// Room; may be empty.
    pub room: &'a str,
    /// Why it was changed.
    pub reason: &'a str,
}

impl LessonNews<'_> {
    fn for_staff(&self) -> String {
        format!(
            "{}, {}-й урок, {}, {}",
            short_date(self.date),
            self.number,
            self.group,
            self.subject
        )
    }

    fn for_families(&self) -> String {
        format!(
            "{}, {}, {}-й урок",
            self.subject,
            short_date(self.date),
            self.number
        )
    }
}

/// What happens to the lessons of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayNews {
    /// They are cancelled.
    Cancelled,
    /// They are held remotely.
    Remote,
    /// They are as they were.
    Restored,
}

/// A changed day; `numbers` = lessons concerned, none = all.
pub fn day(date: &str, news: DayNews, numbers: &[u32], reason: &str) -> String {
    let date = short_date(date);
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let numbers = numbers.join(", ");
    match (news, numbers.as_str()) {
        (DayNews::Cancelled, "") => format!("{date}: уроков не будет. {reason}"),
        (DayNews::Cancelled, some) => format!("{date}: отменены уроки {some}. {reason}"),
        (DayNews::Remote, "") => format!("{date}: уроки пройдут дистанционно. {reason}"),
        (DayNews::Remote, some) => format!("{date}: дистанционно пройдут уроки {some}. {reason}"),
        (DayNews::Restored, "") => format!("{date}: уроки пройдут по расписанию"),
        (DayNews::Restored, some) => format!("{date}: уроки {some} пройдут по расписанию"),
    }
}

/// What there is to tell of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventNews<'a> {
    /// It is new.
    Published,
    /// It is changed.
    Changed,
    /// It will not take place, for this reason.
    Cancelled(&'a str),
}

/// An event as far as a notice tells it.
#[derive(Debug, Clone, Copy)]
pub struct Happening<'a> {
    /// Title.
    pub title: &'a str,
    /// First day.
    pub starts_on: &'a str,
    /// Last day.
    pub ends_on: &'a str,
    /// Start; empty = the whole day.
    pub starts_at: &'a str,
    /// Room or place; may be empty.
    pub place: &'a str,
}

/// An event of the class or of the school: `23.11, 10:00: Экскурсия (музей)`.
pub fn event(news: EventNews<'_>, what: &Happening<'_>) -> String {
    let mut when = short_date(what.starts_on);
    if what.ends_on != what.starts_on {
        when = format!("{when} – {}", short_date(what.ends_on));
    }
    if !what.starts_at.is_empty() {
        when = format!("{when}, {}", what.starts_at);
    }
    let place = match what.place {
        "" => String::new(),
        place => format!(" ({place})"),
    };
    let about = format!("{when}: {}{place}", what.title);
    match news {
        EventNews::Published => about,
        EventNews::Changed => format!("Изменено. {about}"),
        EventNews::Cancelled(reason) => format!("Отменено. {when}: {}. {reason}", what.title),
    }
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
    fn a_changed_day_says_which_lessons_and_why() {
        let told = |news, numbers: &[u32]| day("2026-11-20", news, numbers, "Карантин");
        assert_eq!(
            told(DayNews::Cancelled, &[]),
            "20.11: уроков не будет. Карантин"
        );
        assert_eq!(
            told(DayNews::Remote, &[5, 6]),
            "20.11: дистанционно пройдут уроки 5, 6. Карантин"
        );
        assert_eq!(
            told(DayNews::Restored, &[]),
            "20.11: уроки пройдут по расписанию"
        );
    }

    #[test]
    fn an_event_says_when_what_and_where() {
        let of = |ends_on, starts_at, place| Happening {
            title: "Экскурсия",
            starts_on: "2026-11-23",
            ends_on,
            starts_at,
            place,
        };
        let hour = of("2026-11-23", "10:00", "музей");
        let days = of("2026-11-25", "", "");
        assert_eq!(
            event(EventNews::Published, &hour),
            "23.11, 10:00: Экскурсия (музей)"
        );
        assert_eq!(
            event(EventNews::Changed, &days),
            "Изменено. 23.11 – 25.11: Экскурсия"
        );
        assert_eq!(
            event(EventNews::Cancelled("Дождь"), &hour),
            "Отменено. 23.11, 10:00: Экскурсия. Дождь"
        );
    }

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
