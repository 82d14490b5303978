//! Tests.

use jiff::civil::date;

use super::send::Presence;
use super::*;

const TODAY: jiff::civil::Date = date(2026, 10, 1);

fn said(number: &str) -> Statement {
    Statement {
        number: number.into(),
        percent: 0,
        due_on: None,
        presence: None,
        note: String::new(),
    }
}

fn line(kind: Kind, facts: &Facts, number: &str) -> Line {
    let mut lines = lines(kind, facts);
    let at = lines.iter().position(|line| line.title.number == number);
    lines.swap_remove(at.expect("a line of the form"))
}

fn rules(broken: &[Broken]) -> Vec<(&str, &str)> {
    broken
        .iter()
        .map(|(at, rule, _)| (at.as_str(), *rule))
        .collect()
}

#[test]
fn both_forms_have_every_line_of_the_order_once() {
    let numbers = |kind| {
        titles(kind)
            .iter()
            .map(|one| one.number)
            .collect::<Vec<_>>()
    };
    for kind in [Kind::Databases, Kind::Documents] {
        let mut once = numbers(kind);
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), numbers(kind).len());
    }
    let points = |kind: Kind| {
        let of = |number: &&str| number.split('.').next().and_then(|n| n.parse::<u8>().ok());
        let mut all: Vec<u8> = numbers(kind).iter().filter_map(of).collect();
        all.dedup();
        all
    };
    assert_eq!(points(Kind::Databases), (1..=19).collect::<Vec<_>>());
    assert_eq!(points(Kind::Documents), (1..=5).collect::<Vec<_>>());
}

#[test]
fn a_per_cent_is_rounded_down_and_nothing_to_do_is_all() {
    assert_eq!(Of::new(199, 200).percent(), 99, "100 means all");
    assert_eq!(Of::new(200, 200).percent(), 100);
    assert_eq!(Of::new(0, 0).percent(), 100);
    assert_eq!(
        Of::new(0, 0).of_some().percent(),
        0,
        "an empty list is no list"
    );
    assert_eq!(Of::new(30, 20).percent(), 150, "more devices than teachers");
    assert_eq!(Of::new(u32::MAX, 1).percent(), u32::MAX);
}

#[test]
fn nobody_taught_at_home_is_said_and_complete() {
    let facts = Facts::default();
    let none = line(Kind::Databases, &facts, "11");
    assert_eq!(
        (none.percent(None), none.found.as_str()),
        (100, "На дому никто не обучается")
    );
    let facts = Facts {
        home_pupils: Of::new(1, 2),
        home_timetables: Of::new(1, 2),
        ..facts
    };
    let some = line(Kind::Databases, &facts, "11");
    assert_eq!((some.percent(None), some.found.as_str()), (50, ""));
}

#[test]
fn a_document_is_there_when_it_was_found_or_the_school_says_so() {
    let act = Act {
        title: "Положение об оценивании".into(),
        number: "7".into(),
        dated_on: Some(date(2026, 8, 28)),
        link: "https://school.example/7".into(),
    };
    let unpublished = Act {
        link: String::new(),
        ..act.clone()
    };
    let of = |acts: Vec<Act>| {
        line(
            Kind::Documents,
            &Facts {
                assessment_acts: acts,
                ..Facts::default()
            },
            "2",
        )
    };
    assert_eq!(
        of(vec![unpublished]).presence(None),
        Some(Presence::No),
        "the form asks for a link"
    );
    let found = of(vec![act]);
    assert_eq!(found.presence(None), Some(Presence::Yes));
    assert_eq!(
        found.found,
        "Положение об оценивании № 7 от 28.08.2026, https://school.example/7"
    );
    let denied = Statement {
        presence: Some(Presence::No),
        ..said("2")
    };
    assert_eq!(
        found.presence(Some(&denied)),
        Some(Presence::No),
        "what the school says goes first"
    );
    assert_eq!(
        (found.percent(None), found.percent(Some(&denied))),
        (100, 0)
    );
}

#[test]
fn orders_and_posts_are_named() {
    let named = Responsible {
        post: "заместитель директора".into(),
        order: "17-к".into(),
        ordered_on: Some(date(2026, 8, 20)),
    };
    let facts = Facts {
        administrators: vec![named.clone(), named.clone()],
        health_sheet: vec![Responsible {
            post: "медсестра".into(),
            ..Responsible::default()
        }],
        ..Facts::default()
    };
    assert_eq!(
        line(Kind::Documents, &facts, "4").found,
        "Приказ № 17-к от 20.08.2026"
    );
    assert_eq!(line(Kind::Documents, &facts, "4.1").found, "медсестра");
    assert_eq!(
        line(Kind::Documents, &facts, "4.2").presence(None),
        Some(Presence::No)
    );
}

#[test]
fn statements_fit_their_form() {
    let wrong = vec![
        Statement {
            percent: 50,
            ..said("2.1")
        },
        said("20"),
        said("15"),
        said("15"),
        Statement {
            presence: Some(Presence::Yes),
            ..said("4.2")
        },
    ];
    assert_eq!(
        rules(&broken(Kind::Databases, &wrong)),
        [
            ("statements[0].percent", "PERCENT_COUNTED"),
            ("statements[1].number", "LINE_UNKNOWN"),
            ("statements[3].number", "LINE_TWICE"),
            ("statements[4].presence", "PRESENCE_NOT_ASKED"),
        ]
    );
    let term = Statement {
        due_on: Some(TODAY),
        percent: 1,
        ..said("1")
    };
    assert_eq!(
        rules(&broken(Kind::Documents, &[term])),
        [
            ("statements[0].percent", "PERCENT_COUNTED"),
            ("statements[0].dueOn", "TERM_NOT_ASKED")
        ]
    );
}

#[test]
fn what_is_below_needs_a_term_and_what_is_stated_a_word() {
    let facts = Facts {
        pupils: Of::new(9, 10),
        staff: Of::new(5, 5),
        ..Facts::default()
    };
    let of = |number: &str, said: &[Statement]| {
        let one = [line(Kind::Databases, &facts, number)];
        incomplete(&one, said, TODAY).pop().map(|(_, rule, _)| rule)
    };
    assert_eq!(of("2.1", &[]), None);
    assert_eq!(of("2.3", &[]), Some("TERM_REQUIRED"));
    let due = |day| {
        [Statement {
            due_on: Some(day),
            ..said("2.3")
        }]
    };
    assert_eq!(of("2.3", &due(date(2026, 9, 30))), Some("TERM_PAST"));
    assert_eq!(of("2.3", &due(TODAY)), None);
    assert_eq!(of("4.2", &[]), Some("STATEMENT_REQUIRED"));
    assert_eq!(
        of("4.2", &[said("4.2")]),
        Some("TERM_REQUIRED"),
        "0 % was said"
    );
    assert_eq!(
        of(
            "4.2",
            &[Statement {
                percent: 100,
                ..said("4.2")
            }]
        ),
        None
    );
    let place = Statement {
        percent: 100,
        ..said("15")
    };
    assert_eq!(
        of("15", std::slice::from_ref(&place)),
        Some("NOTE_REQUIRED")
    );
    assert_eq!(
        of(
            "15",
            &[Statement {
                note: "кабинет 12".into(),
                ..place
            }]
        ),
        None
    );
}

#[test]
fn a_document_that_the_journal_does_not_know_is_named_by_the_school() {
    let facts = Facts::default();
    let of = |number: &str, said: &[Statement]| {
        let one = [line(Kind::Documents, &facts, number)];
        incomplete(&one, said, TODAY).pop().map(|(_, rule, _)| rule)
    };
    assert_eq!(of("1", &[]), Some("STATEMENT_REQUIRED"));
    assert_eq!(of("2", &[]), None, "not found is «нет»");
    let yes = Statement {
        presence: Some(Presence::Yes),
        ..said("2")
    };
    assert_eq!(of("2", std::slice::from_ref(&yes)), Some("NOTE_REQUIRED"));
    assert_eq!(
        of(
            "2",
            &[Statement {
                note: "сайт школы".into(),
                ..yes
            }]
        ),
        None
    );
    assert_eq!(
        of(
            "1",
            &[Statement {
                presence: Some(Presence::No),
                ..said("1")
            }]
        ),
        None
    );
}

#[test]
fn totals_count_what_is_full() {
    let facts = Facts {
        staff: Of::new(1, 1),
        ..Facts::default()
    };
    let all = lines(Kind::Documents, &facts);
    let total = total(&all, &[]);
    assert_eq!(
        (total.lines, total.full, total.percent),
        (9, 2, 22),
        "terms of entry are always there"
    );
    assert_eq!(super::total(&[], &[]), Total::default());
}
