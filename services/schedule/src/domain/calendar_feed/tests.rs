//! The text of a feed, with titles that mean harm.

use jiff::civil::date;
use jiff::tz::TimeZone;
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, LessonId, PersonId, SchoolId, SubjectId};

use super::*;
use crate::domain::bells::TimeOfDay;
use crate::domain::calendar::{DayOff, DayOffSource, Holiday};
use crate::domain::lesson::{Lesson, LessonState, Slot};

fn at(text: &str) -> TimeOfDay {
    text.parse().unwrap()
}

fn an_entry(title: &str) -> Entry {
    Entry {
        uid: "les_1@zhurnal".into(),
        stamp: "2026-09-01T05:30:00Z".parse().unwrap(),
        sequence: 0,
        when: When::Days(date(2026, 12, 31), date(2027, 1, 10)),
        title: title.into(),
        place: String::new(),
        note: String::new(),
        cancelled: false,
    }
}

fn feed(entries: Vec<Entry>) -> Feed {
    Feed {
        title: "Школа, 5-А".into(),
        time_zone: "Europe/Simferopol".into(),
        entries,
    }
}

/// The unfolded value of a property of the only entry.
fn value(text: &str, name: &str) -> String {
    let whole = text.replace("\r\n ", "");
    let entry = whole.split("BEGIN:VEVENT\r\n").nth(1).unwrap();
    let prefix = format!("{name}:");
    let line = entry.split("\r\n").find(|line| line.starts_with(&prefix));
    line.unwrap()[prefix.len()..].to_owned()
}

#[test]
fn a_feed_is_the_same_text_for_the_same_things_in_any_order() {
    let other = Entry {
        uid: "les_2@zhurnal".into(),
        when: When::Days(date(2026, 9, 1), date(2026, 9, 1)),
        ..an_entry("День знаний")
    };
    let text = write(&feed(vec![an_entry("Каникулы"), other.clone()]));
    assert_eq!(text, write(&feed(vec![other, an_entry("Каникулы")])));
    assert_eq!(
        text,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Zhurnal//Timetable//RU\r\nCALSCALE:GREGORIAN\r\n\
         REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n\
         NAME:Школа\\, 5-А\r\nX-WR-CALNAME:Школа\\, 5-А\r\nX-WR-TIMEZONE:Europe/Simferopol\r\n\
         BEGIN:VEVENT\r\nUID:les_2@zhurnal\r\nDTSTAMP:20260901T053000Z\r\nSEQUENCE:0\r\n\
         DTSTART;VALUE=DATE:20260901\r\nDTEND;VALUE=DATE:20260902\r\nSUMMARY:День знаний\r\n\
         TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n\
         BEGIN:VEVENT\r\nUID:les_1@zhurnal\r\nDTSTAMP:20260901T053000Z\r\nSEQUENCE:0\r\n\
         DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270111\r\nSUMMARY:Каникулы\r\n\
         TRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
}

#[test]
fn a_title_cannot_end_its_line_or_begin_another_entry() {
    let hostile = "a,b;c\\d\r\nEND:VEVENT\nX-EVIL:1\r\u{7}\u{0}\tконец";
    let text = write(&feed(vec![an_entry(hostile)]));
    assert_eq!(
        value(&text, "SUMMARY"),
        "a\\,b\\;c\\\\d\\nEND:VEVENT\\nX-EVIL:1\\n конец"
    );
    assert_eq!(text.matches("\r\nEND:VEVENT\r\n").count(), 1);
    assert!(!text.contains("\r\nX-EVIL"));
    let plain = |c: char| !c.is_control() || c == '\r' || c == '\n';
    assert!(text.chars().all(plain));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert_eq!(text.matches('\r').count(), text.matches("\r\n").count());
}

#[test]
fn lines_are_folded_at_75_octets_and_never_inside_a_character() {
    for title in [
        "ы".repeat(200),
        "a".repeat(200),
        "📚".repeat(90),
        " ".repeat(300),
    ] {
        // Every way in which a boundary can meet a character.
        for shift in 0..4 {
            let title = format!("{}{title}", "x".repeat(shift));
            let text = write(&feed(vec![an_entry(&title)]));
            assert_eq!(value(&text, "SUMMARY"), title);
            for line in text.split("\r\n") {
                assert!(line.len() <= 75, "{} octets", line.len());
            }
        }
    }
}

#[test]
fn what_does_not_fit_a_megabyte_is_what_comes_last() {
    let day = |n: i32| date(2026, 9, 1).saturating_add(jiff::Span::new().days(n));
    let entries = (0..2_000).map(|n| Entry {
        uid: format!("{n}@zhurnal"),
        when: When::Days(day(n), day(n)),
        ..an_entry(&"ы".repeat(400))
    });
    let text = write(&feed(entries.collect()));
    assert!(text.len() <= 1_000_000 && text.len() > 990_000);
    assert!(text.contains("UID:0@zhurnal\r\n") && !text.contains("UID:1999@zhurnal\r\n"));
    assert!(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
}

#[test]
fn a_lesson_is_told_by_the_schools_own_clock() {
    let lesson = Lesson {
        id: LessonId::from_uuid(Uuid::from_u128(1)),
        slot: Slot {
            date: date(2026, 9, 7),
            starts_at: at("08:00"),
            ends_at: at("08:40"),
        },
        group: GroupId::from_uuid(Uuid::from_u128(2)),
        subject: SubjectId::from_uuid(Uuid::from_u128(3)),
        teacher: PersonId::from_uuid(Uuid::from_u128(4)),
        state: LessonState::Planned { substitution: None },
        remote: false,
        version: 3,
    };
    let planned = Planned {
        lesson: &lesson,
        stamp: Timestamp::UNIX_EPOCH,
        group: "",
        subject: "Математика",
        room: "",
    };
    for (zone, start) in [
        ("Europe/Simferopol", "20260907T050000Z"),
        ("Asia/Kamchatka", "20260906T200000Z"),
    ] {
        let zone = TimeZone::get(zone).unwrap();
        let entry = super::lesson(planned, Viewer::Pupil, &zone).unwrap();
        let text = write(&feed(vec![entry]));
        assert_eq!(value(&text, "DTSTART"), start);
        assert_eq!(value(&text, "SEQUENCE"), "2");
        assert!(!text.contains("LOCATION") && !text.contains("DESCRIPTION"));
    }
}

#[test]
fn holidays_of_some_grades_are_told_to_those_grades() {
    let school = SchoolId::from_uuid(Uuid::from_u128(9));
    let free = FreeDays {
        gaps: vec![(date(2026, 10, 24), date(2026, 11, 1))],
        own: vec![Holiday {
            title: "Дополнительные каникулы".into(),
            starts_on: date(2027, 2, 15),
            ends_on: date(2027, 2, 21),
            grade_from: 1,
            grade_to: 1,
        }],
        days_off: vec![DayOff {
            date: date(2026, 11, 4),
            title: "День народного единства".into(),
            source: DayOffSource::Regional,
        }],
    };
    let of = |grades: &[u8]| -> Vec<String> {
        let entries = free_days(school, &free, grades).into_iter();
        entries.map(|one| one.title).collect()
    };
    let all = [
        "Каникулы",
        "Дополнительные каникулы",
        "Выходной: День народного единства",
    ];
    assert_eq!(of(&[1]), all);
    assert_eq!(of(&[5]), [all[0], all[2]]);
    assert_eq!(of(&[]), [all[0], all[2]]);
    // Nothing claims to be from the future.
    let stamps = free_days(school, &free, &[1])
        .into_iter()
        .map(|one| one.stamp);
    assert!(stamps.max().unwrap() < "2026-03-01T00:00:00Z".parse().unwrap());
}
