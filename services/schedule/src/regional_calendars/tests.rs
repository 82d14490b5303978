//! Shipped and newer calendars.

use jiff::civil::date;

use super::*;

fn year() -> AcademicYear {
    "2026/2027".parse().unwrap()
}

fn with(days: &str) -> Result<RegionalCalendars, CalendarFileError> {
    let mut calendars = RegionalCalendars::default();
    let head = "region = 'Крым'\nacademic_year = '2026/2027'\nversion = 1\n";
    calendars
        .add("test.toml", &format!("{head}{days}"))
        .map(|()| calendars)
}

#[test]
fn the_shipped_year_has_the_days_that_the_law_names() {
    let calendars = RegionalCalendars::load(None).unwrap();
    let days = calendars.of(year()).unwrap().days_off(StudyWeek::FiveDays);
    for day in [
        date(2026, 11, 4),
        date(2026, 12, 31),
        date(2027, 1, 7),
        date(2027, 3, 18),
        date(2027, 5, 10),
    ] {
        assert!(days.iter().any(|off| off.date == day), "{day}");
    }
    assert_eq!(days.len(), 19);
}

#[test]
fn the_next_year_has_what_the_law_names_without_decrees() {
    let calendars = RegionalCalendars::load(None).unwrap();
    let calendar = calendars.of("2027/2028".parse().unwrap()).unwrap();
    let days = calendar.days_off(StudyWeek::FiveDays);
    let has = |day| days.iter().any(|off| off.date == day);
    assert!(has(date(2027, 11, 4)) && has(date(2028, 3, 18)) && has(date(2028, 5, 9)));
    assert_eq!((calendar.version, days.len()), (1, 15));
}

#[test]
fn a_day_moved_from_saturday_is_worked_in_a_six_day_week() {
    let calendars = RegionalCalendars::load(None).unwrap();
    let days = calendars.of(year()).unwrap().days_off(StudyWeek::SixDays);
    let has = |day| days.iter().any(|off| off.date == day);
    assert!(!has(date(2027, 5, 3)) && has(date(2027, 5, 1)) && has(date(2027, 5, 10)));
}

#[test]
fn a_year_without_a_file_is_not_known() {
    let calendars = RegionalCalendars::load(None).unwrap();
    assert!(calendars.of("2028/2029".parse().unwrap()).is_none());
}

#[test]
fn the_highest_version_from_the_folder_wins() {
    let folder = tempfile::tempdir().unwrap();
    let text = "region = 'Крым'\nacademic_year = '2026/2027'\nversion = 2\n\
                [[day]]\ndate = '2027-03-10'\ntitle = 'Ураза-байрам'\nkind = 'regional'\nbasis = 'указ'\n";
    std::fs::write(
        folder.path().join("regional-calendar-2026-2027-v2.toml"),
        text,
    )
    .unwrap();
    std::fs::write(folder.path().join("readme.txt"), "not a calendar").unwrap();
    let calendars = RegionalCalendars::load(Some(folder.path())).unwrap();
    let calendar = calendars.of(year()).unwrap();
    assert_eq!(
        (
            calendar.version,
            calendar.days_off(StudyWeek::FiveDays).len()
        ),
        (2, 1)
    );
    std::fs::write(folder.path().join("regional-calendar-again.toml"), text).unwrap();
    assert!(matches!(
        RegionalCalendars::load(Some(folder.path())),
        Err(CalendarFileError::Twice(_, 2, _))
    ));
}

#[test]
fn a_file_that_cannot_be_right_is_refused() {
    let day = |rest: &str| format!("[[day]]\ntitle = 'х'\nbasis = 'х'\n{rest}");
    let wrong = [
        day("date = '2027-09-01'\nkind = 'public'"),
        day("date = '2027-05-03'\nkind = 'moved'"),
        day("date = '2027-05-03'\nkind = 'moved'\nmoved_from = '2027-04-30'"),
        day("date = '2027-05-03'\nkind = 'public'\nmoved_from = '2027-05-01'"),
        day("date = '2027-05-03'\nkind = 'public'\nstudy_week_days = 7"),
        day("date = '2027-05-03'\nkind = 'public'\nsurprise = 1"),
        format!("{0}\n{0}", day("date = '2027-05-03'\nkind = 'public'")),
    ];
    for text in wrong {
        assert!(with(&text).is_err(), "{text}");
    }
}
