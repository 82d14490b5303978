use std::collections::HashMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, EnrolmentId, GroupId, OrderId, PersonId, SchoolId};

use super::*;
use crate::domain::record::{Enrolment, Group, GroupKind, GroupMembership, SchoolClass};

const TODAY: Date = date(2026, 11, 22);
const YEAR: &str = "2026/2027";
const FIRST: Date = date(2026, 10, 1);

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn school() -> SchoolId {
    SchoolId::from_uuid(id(900))
}

fn class_id(n: u128) -> ClassId {
    ClassId::from_uuid(id(100 + n))
}

fn group_id(n: u128) -> GroupId {
    GroupId::from_uuid(id(200 + n))
}

fn pupil() -> PersonId {
    PersonId::from_uuid(id(1))
}

fn class(n: u128, year: &str) -> SchoolClass {
    SchoolClass {
        id: class_id(n),
        academic_year: year.into(),
        grade: 5,
        letter: "А".into(),
        title: format!("5-{n}"),
        shift: 1,
        class_teacher_id: None,
    }
}

fn group(n: u128, kind: GroupKind, class: Option<u128>) -> Group {
    Group {
        id: group_id(n),
        academic_year: YEAR.into(),
        title: format!("группа {n}"),
        kind,
        class_id: class.map(class_id),
        place: None,
        unmarked: false,
        ends_on: None,
    }
}

fn member(n: u128, starts_on: Date, ends_on: Option<Date>) -> GroupMembership {
    GroupMembership {
        group_id: group_id(n),
        pupil_id: pupil(),
        starts_on,
        ends_on,
    }
}

fn enrolment(ends_on: Option<Date>) -> Enrolment {
    Enrolment {
        id: EnrolmentId::from_uuid(id(300)),
        pupil_id: pupil(),
        class_id: class_id(1),
        form: EducationForm::Home,
        starts_on: date(2026, 9, 1),
        ends_on,
        order_id: OrderId::from_uuid(id(400)),
    }
}

/// Classes 1 and 2 with whole-class groups 1 and 2, halves 3 of class 1 and 4 of class 2,
/// a club 5 of several classes. The pupil is in 1, 3 and 5.
fn facts() -> Facts {
    let groups = [
        group(1, GroupKind::Class, Some(1)),
        group(2, GroupKind::Class, Some(2)),
        group(3, GroupKind::Subgroup, Some(1)),
        group(4, GroupKind::Subgroup, Some(2)),
        group(5, GroupKind::Club, None),
    ];
    let from = date(2026, 9, 1);
    let known = Known {
        card: true,
        enrolments: vec![enrolment(None)],
        memberships: [1, 3, 5].map(|n| member(n, from, None)).to_vec(),
        ..Known::default()
    };
    Facts {
        year: YEAR.into(),
        classes: [class(1, YEAR), class(2, YEAR), class(3, "2025/2026")]
            .into_iter()
            .map(|class| (class.id, class))
            .collect(),
        groups: groups.into_iter().map(|group| (group.id, group)).collect(),
        pupils: HashMap::from([(pupil(), known)]),
        ..Facts::default()
    }
}

fn order(kind: OrderKind, entry: Entry) -> Order {
    Order {
        id: OrderId::from_uuid(id(500)),
        number: "П-1".into(),
        date: TODAY,
        kind,
        effective_on: FIRST,
        basis: "Заявление".into(),
        pupils: vec![entry],
    }
}

fn to_class(n: u128) -> Entry {
    Entry {
        class: Some(class_id(n)),
        ..Entry::of(pupil())
    }
}

fn new_pupil() -> NewPupil {
    NewPupil {
        name: Name {
            surname: "Примеров".into(),
            given_name: "Пётр".into(),
            patronymic: String::new(),
        },
        sex: Sex::Male,
        birth_date: date(2015, 5, 15),
    }
}

fn planned(order: &Order, facts: &Facts) -> Result<Movement, &'static str> {
    let mut next = 1_000;
    let made = plan(order, facts, &mut || {
        next += 1;
        id(next)
    });
    made.map(|mut all| all.remove(0))
        .map_err(|obstacles| obstacles[0].rule)
}

fn groups_of<'a>(memberships: impl IntoIterator<Item = &'a GroupMembership>) -> Vec<GroupId> {
    memberships.into_iter().map(|one| one.group_id).collect()
}

#[test]
fn a_transfer_leaves_the_groups_of_the_class_and_no_others() {
    let facts = facts();
    let moved = planned(&order(OrderKind::Transfer, to_class(2)), &facts).unwrap();
    let last = date(2026, 9, 30);
    assert_eq!(moved.left.as_ref().unwrap().ends_on, Some(last));
    let left: Vec<_> = moved.left_groups.iter().map(|(one, _)| one).collect();
    assert_eq!(groups_of(left.iter().copied()), [group_id(1), group_id(3)]);
    assert!(left.iter().all(|one| one.ends_on == Some(last)));
    assert_eq!(groups_of(&moved.entered_groups), [group_id(2)]);
    let entered = moved.entered.unwrap();
    assert_eq!(
        (entered.class_id, entered.starts_on, entered.form),
        (class_id(2), FIRST, EducationForm::Home),
        "the form of education stays"
    );
}

#[test]
fn chosen_groups_are_entered_beside_that_of_the_class_once() {
    let mut entry = to_class(2);
    entry.groups = vec![group_id(4), group_id(5), group_id(4)];
    let moved = planned(&order(OrderKind::Transfer, entry), &facts()).unwrap();
    assert_eq!(
        groups_of(&moved.entered_groups),
        [group_id(2), group_id(4)],
        "the pupil is in the club already"
    );
}

#[test]
fn an_expulsion_ends_everything_and_takes_away_what_has_not_begun() {
    let mut facts = facts();
    let later = member(4, date(2026, 12, 1), None);
    let known = facts.pupils.get_mut(&pupil()).unwrap();
    known.memberships.push(later.clone());
    known
        .memberships
        .push(member(2, date(2026, 9, 1), Some(date(2026, 9, 20))));
    let moved = planned(&order(OrderKind::Expulsion, Entry::of(pupil())), &facts).unwrap();
    assert_eq!(moved.left_groups.len(), 3, "what has ended stays as it is");
    assert_eq!(moved.removed_groups, [later]);
    assert_eq!((moved.entered, moved.entered_groups.len()), (None, 0));
}

#[test]
fn whoever_leaves_must_be_there() {
    let expel = order(OrderKind::Expulsion, Entry::of(pupil()));
    let with = |enrolments: Vec<Enrolment>, card: bool| {
        let mut facts = facts();
        let known = facts.pupils.get_mut(&pupil()).unwrap();
        (known.enrolments, known.card) = (enrolments, card);
        planned(&expel, &facts).unwrap_err()
    };
    assert_eq!(with(vec![], true), "PUPIL_UNKNOWN");
    assert_eq!(with(vec![enrolment(None)], false), "PUPIL_UNKNOWN");
    let ended = |last| vec![enrolment(Some(last))];
    assert_eq!(with(ended(date(2026, 9, 30)), true), "PUPIL_NOT_ENROLLED");
    assert_eq!(with(ended(date(2026, 10, 1)), true), "PUPIL_LEAVES_ALREADY");
    let mut began = enrolment(None);
    began.starts_on = FIRST;
    assert_eq!(with(vec![began], true), "DATE_BEFORE_ENROLMENT");
}

#[test]
fn the_class_and_its_groups_are_of_this_year_and_fit() {
    let transfer = |entry| planned(&order(OrderKind::Transfer, entry), &facts()).unwrap_err();
    assert_eq!(transfer(to_class(1)), "SAME_CLASS");
    assert_eq!(
        transfer(to_class(3)),
        "CLASS_UNKNOWN",
        "a class of last year"
    );
    assert_eq!(transfer(to_class(9)), "CLASS_UNKNOWN");
    let group = |n| Entry {
        groups: vec![group_id(n)],
        ..to_class(2)
    };
    assert_eq!(transfer(group(3)), "GROUP_OF_OTHER_CLASS");
    assert_eq!(transfer(group(9)), "GROUP_UNKNOWN");
}

#[test]
fn whoever_enters_must_be_nowhere_else() {
    let admit = order(OrderKind::Admission, to_class(2));
    let with = |change: fn(&mut Known)| {
        let mut facts = facts();
        let known = facts.pupils.get_mut(&pupil()).unwrap();
        known.enrolments = vec![enrolment(Some(date(2026, 9, 20)))];
        change(known);
        planned(&admit, &facts)
    };
    assert!(with(|_| {}).is_ok(), "a pupil who comes back");
    let enrolled = with(|known| known.enrolments = vec![enrolment(None)]);
    assert_eq!(enrolled.unwrap_err(), "PUPIL_ENROLLED");
    assert_eq!(
        with(|known| known.card = false).unwrap_err(),
        "PUPIL_UNKNOWN"
    );
    assert_eq!(
        with(|known| known.elsewhere = true).unwrap_err(),
        "PUPIL_IN_OTHER_SCHOOL"
    );
    assert_eq!(
        with(|known| known.waits_elsewhere = true).unwrap_err(),
        "ARRIVAL_WAITS_ELSEWHERE"
    );
    let arrival = |last_day| Arrival {
        order: OrderId::from_uuid(id(600)),
        pupil: pupil(),
        from_school: SchoolId::from_uuid(id(901)),
        from_class: class_id(7),
        last_day,
    };
    let mut facts = facts();
    let known = facts.pupils.get_mut(&pupil()).unwrap();
    *known = Known {
        arrival: Some(arrival(date(2026, 10, 1))),
        ..Known::default()
    };
    assert_eq!(
        planned(&admit, &facts).unwrap_err(),
        "DATE_BEFORE_DEPARTURE"
    );
    let known = facts.pupils.get_mut(&pupil()).unwrap();
    known.arrival = Some(arrival(date(2026, 9, 30)));
    let moved = planned(&admit, &facts).unwrap();
    assert!(moved.copy_card && moved.arrival.is_some() && moved.left.is_none());
}

#[test]
fn a_new_card_is_made_unless_the_school_has_it() {
    let entry = Entry {
        pupil: None,
        new: Some(new_pupil()),
        ..to_class(2)
    };
    let admit = order(OrderKind::Admission, entry);
    let mut facts = facts();
    let moved = planned(&admit, &facts).unwrap();
    assert_eq!(moved.new_card, Some(new_pupil()));
    assert_eq!(moved.entered.unwrap().pupil_id, moved.pupil);
    facts.namesakes.insert(0);
    assert_eq!(planned(&admit, &facts).unwrap_err(), "CARD_EXISTS");
}

fn rules(order: &Order) -> Vec<(String, &'static str)> {
    let broken = order.broken(school(), YEAR, TODAY);
    broken
        .into_iter()
        .map(|(field, rule, _)| (field, rule))
        .collect()
}

#[test]
fn a_draft_says_what_its_kind_needs() {
    let own = |field: &str| format!("pupils[0].{field}");
    let of = |kind, entry| rules(&order(kind, entry));
    let plain = || Entry::of(pupil());
    assert_eq!(
        of(OrderKind::Transfer, plain()),
        [(own("classId"), "REQUIRED")]
    );
    assert_eq!(
        of(OrderKind::Expulsion, plain()),
        [(own("reason"), "REQUIRED")]
    );
    assert_eq!(
        of(OrderKind::Departure, plain()),
        [(own("toSchoolId"), "REQUIRED")]
    );
    let home = Entry {
        to_school: Some(school()),
        ..plain()
    };
    assert_eq!(
        of(OrderKind::Departure, home),
        [(own("toSchoolId"), "OWN_SCHOOL")]
    );
    let both = Entry {
        new: Some(new_pupil()),
        ..to_class(1)
    };
    assert_eq!(
        of(OrderKind::Admission, both.clone()),
        [(own("pupilId"), "CARD_OR_NEW")]
    );
    assert_eq!(
        of(OrderKind::Transfer, both),
        [(own("pupilId"), "CARD_OR_NEW")]
    );
    let mut unborn = new_pupil();
    unborn.birth_date = date(2027, 1, 1);
    let unborn = Entry {
        pupil: None,
        new: Some(unborn),
        ..to_class(1)
    };
    assert_eq!(
        of(OrderKind::Admission, unborn),
        [(own("newPupil.birthDate"), "BIRTH_DATE_IN_FUTURE")]
    );
    assert_eq!(
        of(OrderKind::Graduation, plain()),
        [("kind".to_owned(), "KIND_NOT_DRAFTED")]
    );
}

#[test]
fn days_are_of_the_year_and_nobody_stands_twice() {
    let mut transfer = order(OrderKind::Transfer, to_class(2));
    transfer.date = date(2026, 11, 23);
    transfer.effective_on = date(2027, 9, 1);
    transfer.pupils.push(to_class(2));
    assert_eq!(
        rules(&transfer),
        [
            ("date".to_owned(), "DATE_IN_FUTURE"),
            ("effectiveOn".to_owned(), "EFFECTIVE_OUTSIDE_YEAR"),
            ("pupils[1].pupilId".to_owned(), "PUPIL_TWICE"),
        ]
    );
    transfer.pupils.pop();
    transfer.pupils[0].groups = (0..41).map(group_id).collect();
    (transfer.date, transfer.effective_on) = (TODAY, date(2027, 8, 31));
    assert_eq!(
        rules(&transfer),
        [("pupils[0].groupIds".to_owned(), "TOO_MANY_GROUPS")]
    );
}

#[test]
fn numbers_count_up_by_kind() {
    let taken = ["З-1", "З-9", "З-10", "П-4", "З-х", "17-к", "З-2а"];
    assert_eq!(next_number(OrderKind::Admission, taken), "З-11");
    assert_eq!(next_number(OrderKind::Transfer, taken), "П-5");
    assert_eq!(next_number(OrderKind::Expulsion, taken), "О-1");
}

proptest! {
    /// Whatever groups a pupil is in, a transfer leaves no overlap: on every day the
    /// pupil is in the groups of one class only, and every record keeps a day of its own.
    #[test]
    fn after_a_transfer_no_day_has_groups_of_two_classes(
        starts in prop::collection::vec((0i64..120, prop::option::of(0i64..120), 1u128..6), 0..8),
        day in 2i64..110,
    ) {
        let at = |n: i64| date(2026, 9, 1).checked_add(jiff::Span::new().days(n)).unwrap();
        let mut facts = facts();
        let known = facts.pupils.get_mut(&pupil()).unwrap();
        let mut seen = std::collections::HashSet::new();
        known.memberships = starts
            .into_iter()
            .filter(|(from, _, n)| seen.insert((*from, *n)))
            .filter(|(_, _, n)| *n != 2 && *n != 4)
            .map(|(from, long, n)| member(n, at(from), long.map(|long| at(from + long))))
            .collect();
        let before = known.memberships.clone();
        let mut transfer = order(OrderKind::Transfer, to_class(2));
        transfer.effective_on = at(day);
        let moved = planned(&transfer, &facts).unwrap();
        let gone = |one: &GroupMembership| {
            let key = |other: &GroupMembership| {
                (other.group_id, other.starts_on) == (one.group_id, one.starts_on)
            };
            moved.left_groups.iter().any(|(other, _)| key(other))
                || moved.removed_groups.iter().any(key)
        };
        let after: Vec<GroupMembership> = before
            .iter()
            .filter(|one| !gone(one))
            .cloned()
            .chain(moved.left_groups.iter().map(|(one, _)| one.clone()))
            .chain(moved.entered_groups.clone())
            .collect();
        for one in &after {
            let of = facts.groups[&one.group_id].class_id;
            if of == Some(class_id(1)) {
                prop_assert!(one.ends_on.is_some_and(|last| last < at(day)));
            }
            if of == Some(class_id(2)) {
                prop_assert!(one.starts_on >= at(day));
            }
            prop_assert!(one.ends_on.is_none_or(|last| last >= one.starts_on));
        }
    }
}
