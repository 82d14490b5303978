use jiff::civil::date;
use uuid::Uuid;
use zhurnal_proto::id::{EnrolmentId, GroupId, OrderId};

use super::*;
use crate::domain::record::EducationForm;
use crate::domain::school_import::value::Value as _;

fn pupil(n: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(n))
}

fn class(n: u128) -> ClassId {
    ClassId::from_uuid(Uuid::from_u128(n))
}

fn club() -> Group {
    Group {
        id: GroupId::from_uuid(Uuid::from_u128(1)),
        academic_year: "2026/2027".into(),
        title: "Шахматы".into(),
        kind: GroupKind::Club,
        class_id: None,
        place: Some(GroupPlace { grade: 5, shift: 1 }),
        unmarked: true,
        ends_on: None,
    }
}

fn enrolled(n: u128, of: u128, starts_on: Date, ends_on: Option<Date>) -> Enrolment {
    Enrolment {
        id: EnrolmentId::from_uuid(Uuid::from_u128(n)),
        pupil_id: pupil(n),
        class_id: class(of),
        form: EducationForm::FullTime,
        starts_on,
        ends_on,
        order_id: OrderId::from_uuid(Uuid::from_u128(9)),
    }
}

fn member(n: u128, starts_on: Date, ends_on: Option<Date>) -> GroupMembership {
    GroupMembership {
        group_id: club().id,
        pupil_id: pupil(n),
        starts_on,
        ends_on,
    }
}

const SEPTEMBER: Date = date(2026, 9, 1);
const NOVEMBER: Date = date(2026, 11, 2);

fn known<'a>(
    group: &'a Group,
    members: &'a [GroupMembership],
    enrolments: &'a [Enrolment],
) -> Known<'a> {
    Known {
        group,
        year: AcademicYear::parse("2026/2027").unwrap(),
        members,
        enrolments,
    }
}

fn adding(known: Known<'_>, pupils: &[PersonId]) -> Result<Changed, Vec<Fault>> {
    let wanted = Wanted {
        from: NOVEMBER,
        add: pupils,
        remove: &[],
    };
    change(known, wanted)
}

fn removing(known: Known<'_>, from: Date, pupils: &[PersonId]) -> Result<Changed, Vec<Fault>> {
    let wanted = Wanted {
        from,
        add: &[],
        remove: pupils,
    };
    change(known, wanted)
}

fn rules(refused: Result<impl std::fmt::Debug, Vec<Fault>>) -> Vec<(String, &'static str)> {
    let faults = refused.unwrap_err().into_iter();
    faults.map(|one| (one.field, one.rule)).collect()
}

#[test]
fn pupils_of_several_classes_join_from_the_day_on() {
    let enrolments = [
        enrolled(1, 5, SEPTEMBER, None),
        enrolled(2, 6, SEPTEMBER, None),
    ];
    let group = club();
    let changed = adding(known(&group, &[], &enrolments), &[pupil(1), pupil(2)]).unwrap();
    assert_eq!(
        changed.joined,
        [member(1, NOVEMBER, None), member(2, NOVEMBER, None)]
    );
}

#[test]
fn a_membership_ends_with_the_enrolment_and_goes_on_over_a_transfer() {
    let (spring, may) = (date(2027, 3, 1), date(2027, 5, 25));
    let moved = |last| {
        [
            enrolled(1, 5, SEPTEMBER, Some(date(2027, 2, 28))),
            enrolled(1, 6, spring, last),
        ]
    };
    let ends = |group: &Group, enrolments: &[Enrolment]| {
        let changed = adding(known(group, &[], enrolments), &[pupil(1)]).unwrap();
        changed.joined[0].ends_on
    };
    assert_eq!(ends(&club(), &moved(None)), None);
    assert_eq!(ends(&club(), &moved(Some(may))), Some(may));
    let of_class = Group {
        class_id: Some(class(5)),
        place: None,
        ..club()
    };
    assert_eq!(ends(&of_class, &moved(None)), Some(date(2027, 2, 28)));
    let until_april = Group {
        ends_on: Some(date(2027, 4, 1)),
        ..club()
    };
    assert_eq!(
        ends(&until_april, &moved(Some(may))),
        Some(date(2027, 4, 1))
    );
}

#[test]
fn who_may_not_join_is_told_why() {
    let left = enrolled(2, 5, SEPTEMBER, Some(date(2026, 10, 1)));
    let enrolments = [
        enrolled(1, 5, SEPTEMBER, None),
        left,
        enrolled(3, 6, SEPTEMBER, None),
    ];
    let members = [member(1, date(2027, 1, 11), None)];
    let of_class = Group {
        class_id: Some(class(5)),
        ..club()
    };
    let everybody = [pupil(1), pupil(2), pupil(3), pupil(4)];
    let refused = adding(known(&of_class, &members, &enrolments), &everybody);
    let expected = [
        "ALREADY_MEMBER",
        "NOT_ENROLLED",
        "OTHER_CLASS",
        "PUPIL_UNKNOWN",
    ];
    let expected = expected.iter().enumerate();
    let expected: Vec<(String, &str)> = expected
        .map(|(at, rule)| (format!("addPupilIds[{at}]"), *rule))
        .collect();
    assert_eq!(rules(refused), expected);
}

#[test]
fn who_leaves_was_in_it_until_the_day_before_or_never() {
    let group = club();
    let members = [member(1, SEPTEMBER, None), member(2, NOVEMBER, None)];
    let changed = removing(
        known(&group, &members, &[]),
        NOVEMBER,
        &[pupil(1), pupil(2)],
    )
    .unwrap();
    assert_eq!(
        changed.ended,
        [member(1, SEPTEMBER, Some(date(2026, 11, 1)))]
    );
    let never = [member(2, NOVEMBER, Some(date(2026, 11, 1)))];
    assert_eq!(changed.withdrawn, never);
    let refused = removing(
        known(&group, &members, &[]),
        date(2026, 10, 1),
        &[pupil(2), pupil(3)],
    );
    let expected = [
        ("removePupilIds[0]".to_owned(), "END_BEFORE_START"),
        ("removePupilIds[1]".to_owned(), "NOT_MEMBER"),
    ];
    assert_eq!(rules(refused), expected);
}

#[test]
fn nobody_twice_nobody_at_all_and_no_day_of_another_year() {
    let group = club();
    let known = known(&group, &[], &[]);
    let refused = change(
        known,
        Wanted {
            from: date(2026, 8, 31),
            add: &[pupil(1), pupil(1)],
            remove: &[pupil(1)],
        },
    );
    let expected = [
        ("from".to_owned(), "OUTSIDE_YEAR"),
        ("addPupilIds[1]".to_owned(), "TWICE"),
        ("removePupilIds[0]".to_owned(), "TWICE"),
    ];
    assert_eq!(rules(refused), expected);
    assert_eq!(
        rules(adding(known, &[])),
        [("addPupilIds".to_owned(), "REQUIRED")]
    );
}

#[test]
fn an_individual_group_has_one_pupil_at_a_time() {
    let group = Group {
        kind: GroupKind::Individual,
        ..club()
    };
    let enrolments = [
        enrolled(1, 5, SEPTEMBER, None),
        enrolled(2, 5, SEPTEMBER, None),
    ];
    let members = [member(1, SEPTEMBER, None)];
    let known = known(&group, &members, &enrolments);
    assert_eq!(
        rules(adding(known, &[pupil(2)])),
        [("addPupilIds".to_owned(), "ONE_PUPIL")]
    );
    let instead = Wanted {
        from: NOVEMBER,
        add: &[pupil(2)],
        remove: &[pupil(1)],
    };
    assert_eq!(
        change(known, instead).unwrap().joined,
        [member(2, NOVEMBER, None)]
    );
}

#[test]
fn ending_ends_every_open_membership_and_none_that_begins_later() {
    let group = club();
    let past = member(1, SEPTEMBER, Some(date(2026, 10, 1)));
    let members = [past, member(2, SEPTEMBER, None)];
    let ended = end(known(&group, &members, &[]), NOVEMBER).unwrap();
    assert_eq!(ended, [member(2, SEPTEMBER, Some(NOVEMBER))]);
    let later = [member(1, date(2026, 12, 1), None)];
    let refused = end(known(&group, &later, &[]), NOVEMBER);
    assert_eq!(rules(refused), [("endsOn".to_owned(), "END_BEFORE_START")]);
    let refused = end(known(&group, &[], &[]), date(2027, 9, 1));
    assert_eq!(rules(refused), [("endsOn".to_owned(), "OUTSIDE_YEAR")]);
}

#[test]
fn grade_and_shift_are_the_classs_or_the_groups_own() {
    use GroupKind::{Club, Subgroup};
    let of_class = Some(class(5));
    assert_eq!(place(Subgroup, of_class, (0, 0)), Ok(None));
    assert_eq!(
        place(Club, None, (5, 2)),
        Ok(Some(GroupPlace { grade: 5, shift: 2 }))
    );
    let faults = |kind, of, numbers| rules(place(kind, of, numbers));
    assert_eq!(
        faults(Subgroup, None, (5, 1)),
        [("classId".to_owned(), "CLASS_NEEDED")]
    );
    assert_eq!(
        faults(Club, of_class, (5, 1)),
        [
            ("grade".to_owned(), "OF_CLASS"),
            ("shift".to_owned(), "OF_CLASS")
        ]
    );
    assert_eq!(
        faults(Club, None, (0, 0)),
        [
            ("grade".to_owned(), "REQUIRED"),
            ("shift".to_owned(), "REQUIRED")
        ]
    );
}

#[test]
fn the_kind_says_whether_marks_may_be_left_out() {
    for kind in [GroupKind::Elective, GroupKind::Club] {
        assert!(marking(kind, true).is_ok() && marking(kind, false).is_ok());
    }
    assert!(marking(GroupKind::ExtendedDay, false).is_err());
    assert!(marking(GroupKind::Subgroup, true).is_err());
    assert!(marking(GroupKind::Individual, true).is_err());
}
