//! Changes of loads, one by one.

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::*;

fn id<T: zhurnal_proto::id::Id>(number: u128) -> T {
    T::from_uuid(Uuid::from_u128(number))
}

fn year() -> AcademicYear {
    "2026/2027".parse().unwrap()
}

const TODAY: Date = date(2026, 11, 23);

fn load(number: u128, teacher: u128, hours: u32) -> Load {
    Load {
        id: id(number),
        group: id(1),
        subject: id(2),
        teacher: id(teacher),
        weekly_hours_hundredths: hours,
        starts_on: date(2026, 9, 1),
        ends_on: None,
    }
}

fn to(teacher: u128, from: Date) -> Step {
    Step::Change {
        load: id(10),
        from,
        teacher: Some(id(teacher)),
        hours: None,
        new_id: id(11),
    }
}

fn done(present: &[Load], steps: &[Step]) -> Changed {
    change(present, steps, (TODAY, year())).unwrap()
}

fn fault(present: &[Load], step: Step) -> Fault {
    let (at, fault) = change(present, &[step], (TODAY, year())).unwrap_err();
    assert_eq!(at, 0);
    fault
}

#[test]
fn another_teacher_from_a_day_leaves_the_days_before_as_they_were() {
    let before = load(10, 7, 300);
    let from = date(2026, 12, 1);
    let changed = done(&[before], &[to(8, from)]);
    let ended = Load {
        ends_on: Some(date(2026, 11, 30)),
        ..before
    };
    let begun = Load {
        id: id(11),
        teacher: id(8),
        starts_on: from,
        ..before
    };
    assert_eq!(changed.loads, [ended, begun]);
    assert_eq!(changed.from, from);
    let handover = Handover {
        group: id(1),
        subject: id(2),
        from: id(7),
        to: Some(id(8)),
    };
    assert_eq!(changed.handovers, [handover]);
}

#[test]
fn other_hours_keep_the_teacher_and_hand_nothing_over() {
    let step = Step::Change {
        load: id(10),
        from: TODAY,
        teacher: None,
        hours: Some(400),
        new_id: id(11),
    };
    let changed = done(&[load(10, 7, 300)], &[step]);
    let hours: Vec<_> = changed
        .loads
        .iter()
        .map(|one| (one.teacher, one.weekly_hours_hundredths))
        .collect();
    assert_eq!(hours, [(id(7), 300), (id(7), 400)]);
    assert_eq!(changed.handovers, []);
}

#[test]
fn a_load_that_begins_on_the_day_of_the_change_is_replaced_whole() {
    let before = Load {
        starts_on: date(2026, 12, 1),
        ..load(10, 7, 300)
    };
    let changed = done(&[before], &[to(8, date(2026, 12, 1))]);
    assert_eq!(
        changed.loads,
        [Load {
            teacher: id(8),
            ..before
        }]
    );
}

#[test]
fn a_change_ends_where_the_load_ended() {
    let before = Load {
        ends_on: Some(date(2026, 12, 30)),
        ..load(10, 7, 300)
    };
    let changed = done(&[before], &[to(8, date(2026, 12, 1))]);
    assert_eq!(changed.loads[1].ends_on, Some(date(2026, 12, 30)));
}

#[test]
fn a_load_that_ends_on_its_first_day_is_in_force_on_no_day() {
    let before = Load {
        starts_on: date(2026, 12, 1),
        ..load(10, 7, 300)
    };
    let step = Step::End {
        load: id(10),
        from: date(2026, 12, 1),
    };
    let changed = done(&[before], &[step]);
    assert!(changed.loads[0].is_void());
    assert_eq!(changed.handovers[0].to, None);
    // Its teacher may get the load anew.
    let again = Step::Add(Load {
        id: id(12),
        ..before
    });
    assert_eq!(done(&[before], &[step, again]).loads.len(), 2);
}

#[test]
fn steps_follow_each_other_and_name_the_one_that_is_refused() {
    let steps = [
        to(8, date(2026, 12, 1)),
        Step::End {
            load: id(11),
            from: date(2027, 1, 11),
        },
    ];
    let changed = done(&[load(10, 7, 300)], &steps);
    assert_eq!(changed.loads[1].ends_on, Some(date(2027, 1, 10)));
    assert_eq!(changed.from, date(2026, 12, 1));
    let wrong = [
        steps[0],
        Step::End {
            load: id(99),
            from: TODAY,
        },
    ];
    let refused = change(&[load(10, 7, 300)], &wrong, (TODAY, year()));
    assert_eq!(refused, Err((1, Fault::UnknownLoad)));
}

#[test]
fn each_refusal_has_its_reason() {
    let ended = Load {
        ends_on: Some(date(2026, 11, 30)),
        ..load(10, 7, 300)
    };
    let other = load(20, 8, 100);
    let cases = [
        (vec![], to(8, TODAY), Fault::UnknownLoad),
        (
            vec![load(10, 7, 300)],
            to(8, date(2026, 11, 22)),
            Fault::TooEarly,
        ),
        (
            vec![load(10, 7, 300)],
            to(8, date(2027, 9, 1)),
            Fault::OutsideYear,
        ),
        (vec![ended], to(8, date(2026, 12, 1)), Fault::LoadEnded),
        (vec![load(10, 7, 300)], to(7, TODAY), Fault::NothingChanges),
        (vec![load(10, 7, 300), other], to(8, TODAY), Fault::Twice),
    ];
    for (present, step, expected) in cases {
        assert_eq!(fault(&present, step), expected);
    }
    let later = Load {
        starts_on: date(2027, 1, 11),
        ..load(10, 7, 300)
    };
    assert_eq!(fault(&[later], to(8, date(2026, 12, 1))), Fault::TooEarly);
    let outside = Load {
        starts_on: date(2026, 8, 31),
        ..load(30, 7, 100)
    };
    assert_eq!(fault(&[], Step::Add(outside)), Fault::OutsideYear);
    assert_eq!(
        fault(&[load(10, 7, 300)], Step::Add(load(30, 7, 100))),
        Fault::Twice
    );
}
