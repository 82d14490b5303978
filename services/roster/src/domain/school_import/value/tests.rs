//! One spelling per value: what is written out is read in as the same.

use jiff::civil::{Date, Time, date};
use proptest::prelude::*;

use super::*;
use crate::domain::text;

/// If the text is a value at all, its canonical spelling is tidy, is the same value, and is its own
/// canonical spelling.
fn settles<T: Value>(raw: &str) {
    let Ok(value) = T::parse(&text::tidy(raw)) else {
        return;
    };
    let canonical = value.canonical();
    assert_eq!(text::tidy(&canonical), canonical, "{raw:?}");
    let again = T::parse(&canonical)
        .unwrap_or_else(|p| panic!("{raw:?} gave {canonical:?}, which is refused: {p:?}"));
    assert_eq!(again.canonical(), canonical, "{raw:?}");
}

fn all_settle(raw: &str) {
    settles::<Date>(raw);
    settles::<Time>(raw);
    settles::<NamePart>(raw);
    settles::<ClassName>(raw);
    settles::<GroupName>(raw);
    settles::<Code>(raw);
    settles::<Phone>(raw);
    settles::<Email>(raw);
    settles::<Snils>(raw);
    settles::<Subject>(raw);
    settles::<Room>(raw);
    settles::<Label>(raw);
    settles::<Post>(raw);
    settles::<AcademicYear>(raw);
    settles::<StudyWeek>(raw);
    settles::<ZoneName>(raw);
    settles::<PeriodName>(raw);
    settles::<GradeSet>(raw);
    settles::<LessonNumber>(raw);
    settles::<WeeklyHours>(raw);
    settles::<Sex>(raw);
    settles::<StudyForm>(raw);
    settles::<Relation>(raw);
    settles::<Informing>(raw);
    settles::<Level>(raw);
    settles::<DayName>(raw);
    settles::<YesNo>(raw);
}

proptest! {
    #[test]
    fn every_value_has_one_spelling(raw in "\\PC{0,24}") {
        all_settle(&raw);
    }

    #[test]
    fn names_and_groups_have_one_spelling(
        name in "[А-Яа-яЁёA-Za-z '’–-]{1,20}",
        group in "[0-9]{1,2}[ -]?[А-Яа-яA-Ca-c]{1,2}( [А-Яа-я()]{1,12}){0,2}( гр\\.?[0-9]| группа [0-9]| [0-9] подгр\\.)?",
    ) {
        all_settle(&name);
        all_settle(&group);
    }

    #[test]
    fn numbers_have_one_spelling(
        digits in "[0-9]{1,4}([.,:/ -][0-9]{1,4}){0,3}( г\\.)?",
        phone in "(\\+7|8|7)?[ (]{0,2}[0-9]{3}[ )-]{0,2}[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}",
        grades in "[0-9]{1,2}(-[0-9]{1,2})?(, ?[0-9]{1,2}(-[0-9]{1,2})?){0,3}",
    ) {
        all_settle(&digits);
        all_settle(&phone);
        all_settle(&grades);
    }

    #[test]
    fn a_date_is_read_as_it_was_written(days in 0i32..60_000) {
        let day = date(1930, 1, 1).saturating_add(jiff::Span::new().days(days));
        for form in ["%d.%m.%Y", "%d/%m/%Y", "%-d.%-m.%Y", "%Y-%m-%d", "%d-%m-%Y г."] {
            prop_assert_eq!(Date::parse(&day.strftime(form).to_string()).ok(), Some(day));
        }
    }
}

#[test]
fn a_class_is_not_read_out_of_something_else() {
    for text in [
        "5",
        "А",
        "5-",
        "-А",
        "5-АБВ",
        "5-А/Б",
        "05.09.2026",
        "5-D",
        "0-А",
        "100-А",
        "5 А Б",
    ] {
        assert!(ClassName::parse(text).is_err(), "{text}");
    }
}

#[test]
fn groups_share_pupils_by_class_and_number() {
    let group = |text| GroupName::parse(text).unwrap();
    let (whole, first, second) = (
        group("5-А"),
        group("5-А Алгебра гр.1"),
        group("5-А Музыка гр.2"),
    );
    assert!(
        whole.shares_pupils_with(&first) && first.shares_pupils_with(&group("5-А Музыка гр.1"))
    );
    assert!(!first.shares_pupils_with(&second) && !whole.shares_pupils_with(&group("5-Б")));
}

#[test]
fn check_digits_follow_the_rule_of_the_fund() {
    let fits = |text| Snils::parse(text).unwrap().check_digits_fit();
    assert!(fits("112-233-445 95") && fits("087-654-303 00") && fits("001-001-998 99"));
    assert!(!fits("112-233-445 94") && !fits("001-001-999 99"));
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let snils = Snils::parse("112-233-445 95").unwrap();
    let phone = Phone::parse("+7 978 146-48-01").unwrap();
    let email = Email::parse("a@b.ru").unwrap();
    let name = NamePart::parse("Ёлкина").unwrap();
    assert_eq!(
        format!("{snils:?} {phone:?} {email:?} {name:?}"),
        "Snils Phone Email NamePart"
    );
    assert_eq!(Snils::mask("112-233-445 95"), "•••-•••-••• 95");
}

#[test]
fn a_school_year_lasts_from_september_to_august() {
    let year = AcademicYear::parse("2026/27").unwrap();
    assert_eq!(
        (year.first_day(), year.last_day()),
        (date(2026, 9, 1), date(2027, 8, 31))
    );
    assert!(year.contains(date(2027, 8, 31)) && !year.contains(date(2027, 9, 1)));
    for text in ["2026", "2026/2028", "2026/2026", "26/27", "2027/2026"] {
        assert!(AcademicYear::parse(text).is_err(), "{text}");
    }
}

#[test]
fn sets_of_grades_are_written_in_runs() {
    for (text, canonical) in [
        ("1-9", "1-9"),
        ("10, 11", "10-11"),
        ("1;3;5-7", "1, 3, 5-7"),
        ("5", "5"),
        ("9-9", "9"),
    ] {
        assert_eq!(GradeSet::parse(text).unwrap().canonical(), canonical);
    }
    for text in ["", "0-3", "9-1", "12", "1-", "а"] {
        assert!(GradeSet::parse(text).is_err(), "{text}");
    }
}

#[test]
fn eastern_patronymics_keep_their_small_particle() {
    assert_eq!(
        NamePart::parse("МАМЕД ОГЛЫ").unwrap().as_str(),
        "Мамед оглы"
    );
    assert_eq!(
        NamePart::parse("Мамед оглы").unwrap().as_str(),
        "Мамед оглы"
    );
}
