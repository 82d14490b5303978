use jiff::civil::date;
use uuid::Uuid;
use zhurnal_proto::id::{EnrolmentId, OrderId};

use super::*;
use crate::domain::record::{EducationForm, GroupKind};
use crate::domain::school_import::value::Value;

fn class_id(n: u128) -> ClassId {
    ClassId::from_uuid(Uuid::from_u128(n))
}

fn group_id(n: u128) -> GroupId {
    GroupId::from_uuid(Uuid::from_u128(n))
}

fn person(n: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(n))
}

/// Class `n` is of grade `n` and has the groups `n` and, a part of it, `100 + n`.
fn class(n: u8) -> SchoolClass {
    SchoolClass {
        id: class_id(n.into()),
        academic_year: "2026/2027".into(),
        grade: n,
        letter: "А".into(),
        title: format!("{n}-А"),
        shift: 1,
        class_teacher_id: Some(person(7_000)),
    }
}

fn group(n: u128, title: String, kind: GroupKind, class: Option<u128>) -> Group {
    Group {
        id: group_id(n),
        academic_year: "2026/2027".into(),
        title,
        kind,
        class_id: class.map(class_id),
        place: None,
        unmarked: false,
        ends_on: None,
    }
}

fn membership(group: u128, pupil: PersonId) -> GroupMembership {
    GroupMembership {
        group_id: group_id(group),
        pupil_id: pupil,
        starts_on: date(2026, 9, 1),
        ends_on: None,
    }
}

/// A class of each grade with the pupils `10 * n` and `10 * n + 1`, the first of them in the
/// part of the class, and a club of everybody.
fn facts(grades: &[u8]) -> Facts {
    let mut facts = Facts {
        year: AcademicYear::parse("2026/2027").unwrap(),
        classes: grades.iter().map(|n| class(*n)).collect(),
        groups: vec![group(500, "Шахматы".into(), GroupKind::Club, None)],
        enrolments: Vec::new(),
        memberships: Vec::new(),
        staff: HashSet::from([person(7_000)]),
        drafts: Vec::new(),
        next_year_taken: false,
        today: date(2027, 6, 10),
    };
    for n in grades.iter().map(|n| u128::from(*n)) {
        let whole = group(n, format!("{n}-А"), GroupKind::Class, Some(n));
        let part = format!("{n}-А Информатика гр.1");
        facts.groups.push(whole);
        facts
            .groups
            .push(group(100 + n, part, GroupKind::Subgroup, Some(n)));
        for pupil in [10 * n, 10 * n + 1] {
            facts.enrolments.push(Enrolment {
                id: EnrolmentId::from_uuid(Uuid::from_u128(pupil)),
                pupil_id: person(pupil),
                class_id: class_id(n),
                form: EducationForm::FullTime,
                starts_on: date(2026, 9, 1),
                ends_on: None,
                order_id: OrderId::from_uuid(Uuid::nil()),
            });
            facts.memberships.push(membership(n, person(pupil)));
            facts.memberships.push(membership(500, person(pupil)));
        }
        facts.memberships.push(membership(100 + n, person(10 * n)));
    }
    facts
}

fn drafted(facts: &Facts) -> Plan {
    let mut n = 10_000;
    draft(facts, &mut || {
        n += 1;
        Uuid::from_u128(n)
    })
}

fn next(plan: &Plan, title: &str) -> ClassId {
    let found = plan.next_classes.iter().find(|one| one.title() == title);
    found.unwrap().id
}

fn rules(passing: &Passing) -> Vec<(&'static str, String, Option<PersonId>)> {
    let obstacles = passing.obstacles.iter();
    obstacles
        .map(|one| (one.rule, one.about.clone(), one.pupil))
        .collect()
}

fn outcome(passing: &Passing, pupil: u128) -> Outcome {
    let mut all = passing.pupils.iter();
    let found = all.find(|one| one.enrolment.pupil_id == person(pupil));
    found.unwrap().outcome
}

#[test]
fn each_class_goes_up_with_its_letter_and_grades_9_and_11_graduate() {
    let facts = facts(&[1, 4, 9, 10, 11]);
    let plan = drafted(&facts);
    let titles: Vec<String> = plan.next_classes.iter().map(NextClass::title).collect();
    assert_eq!(titles, ["1-А", "2-А", "5-А", "10-А", "11-А"]);
    let teachers: Vec<bool> = plan
        .next_classes
        .iter()
        .map(|one| one.class_teacher_id.is_some())
        .collect();
    assert_eq!(
        teachers,
        [false, true, true, false, true],
        "grades 1 and 10 are new"
    );

    let passing = pass(&plan, &facts);
    assert_eq!(passing.obstacles, []);
    assert_eq!(outcome(&passing, 40), Outcome::Promoted(next(&plan, "5-А")));
    assert_eq!(outcome(&passing, 90), Outcome::Graduates);
    assert_eq!(
        outcome(&passing, 100),
        Outcome::Promoted(next(&plan, "11-А"))
    );
    assert_eq!(outcome(&passing, 110), Outcome::Graduates);
}

#[test]
fn ninth_graders_are_chosen_for_grade_10_and_a_pupil_may_stay() {
    let facts = facts(&[4, 5, 9, 10]);
    let mut plan = drafted(&facts);
    for (pupil, to) in [(90, "10-А"), (40, "5-А")] {
        let next = Some(next(&plan, to));
        plan.pupils.push(PupilPassage {
            pupil: person(pupil),
            next,
        });
    }
    // 5-А goes on as 6-А; the one who stays joins the former fourth grade in 5-А.
    let stays = Some(next(&plan, "5-А"));
    plan.pupils.push(PupilPassage {
        pupil: person(50),
        next: stays,
    });
    let passing = pass(&plan, &facts);
    assert_eq!(passing.obstacles, []);
    assert_eq!(
        outcome(&passing, 90),
        Outcome::Promoted(next(&plan, "10-А"))
    );
    assert_eq!(outcome(&passing, 91), Outcome::Graduates);
    assert_eq!(outcome(&passing, 50), Outcome::Stays(next(&plan, "5-А")));
    assert_eq!(outcome(&passing, 51), Outcome::Promoted(next(&plan, "6-А")));
}

#[test]
fn a_part_of_a_class_takes_those_along_who_go_where_the_class_goes() {
    let facts = facts(&[4, 5]);
    let mut plan = drafted(&facts);
    let stays = Some(next(&plan, "5-А"));
    plan.pupils.push(PupilPassage {
        pupil: person(50),
        next: stays,
    });
    let passing = pass(&plan, &facts);
    let part = &passing.carried[&group_id(105)];
    assert_eq!(part.title, "6-А Информатика гр.1");
    let members = |group: GroupId| -> Vec<PersonId> {
        let joined = passing.joined.iter().filter(|one| one.group_id == group);
        joined.map(|one| one.pupil_id).collect()
    };
    assert_eq!(members(part.id), [], "the only member stays in grade 5");
    let other = &passing.carried[&group_id(104)];
    assert_eq!(members(other.id), [person(40)]);
    let club = &passing.carried[&group_id(500)];
    assert_eq!(members(club.id), [], "clubs are joined anew");
    for one in &mut plan.groups {
        one.carry = Carry::WithMembers;
    }
    let passing = pass(&plan, &facts);
    let club = &passing.carried[&group_id(500)];
    let members = passing.joined.iter().filter(|one| one.group_id == club.id);
    assert_eq!(
        members.count(),
        4,
        "a group of several classes takes everybody who goes on"
    );
}

#[test]
fn every_open_membership_ends_with_the_year_or_with_the_graduation() {
    let mut facts = facts(&[8, 9]);
    let over = GroupMembership {
        ends_on: Some(date(2026, 12, 31)),
        ..membership(777, person(80))
    };
    let later = GroupMembership {
        starts_on: date(2027, 7, 1),
        ..membership(777, person(90))
    };
    facts.memberships.extend([over.clone(), later.clone()]);
    let mut plan = drafted(&facts);
    plan.graduates_until = date(2027, 6, 25);
    let passing = pass(&plan, &facts);
    assert_eq!(passing.obstacles, []);
    let last = |group: u128, pupil: u128| {
        let mut all = passing.left.iter();
        let found =
            all.find(|(one, _)| one.group_id == group_id(group) && one.pupil_id == person(pupil));
        found.and_then(|(one, _)| one.ends_on)
    };
    assert_eq!(last(8, 80), Some(date(2027, 8, 31)));
    assert_eq!(last(9, 90), Some(date(2027, 6, 25)));
    assert_eq!(last(777, 80), None, "ended long ago");
    assert_eq!(
        passing.removed,
        [later],
        "had not begun when the pupil left"
    );
}

#[test]
fn what_is_in_the_way_names_class_and_pupil() {
    let mut facts = facts(&[3, 4]);
    facts.today = date(2027, 5, 31);
    facts.drafts = vec!["З-7".into(), "П-2".into()];
    facts.next_year_taken = true;
    facts.staff.clear();
    let mut plan = drafted(&facts);
    plan.classes[0].next = None;
    let too_high = Some(next(&plan, "5-А"));
    plan.pupils.push(PupilPassage {
        pupil: person(30),
        next: too_high,
    });
    let passing = pass(&plan, &facts);
    assert_eq!(
        rules(&passing),
        [
            ("YEAR_NOT_OVER", String::new(), None),
            ("SCHOOL_YEAR_TAKEN", String::new(), None),
            ("DRAFT_ORDERS", "З-7, П-2".into(), None),
            ("CLASS_TEACHER_UNKNOWN", "4-А".into(), None),
            ("CLASS_TEACHER_UNKNOWN", "5-А".into(), None),
            ("PUPIL_GRADE", "3-А".into(), Some(person(30))),
            ("PUPIL_WITHOUT_CLASS", "3-А".into(), Some(person(31))),
        ]
    );

    facts.today = date(2027, 6, 1);
    plan.classes[0].next = too_high;
    let passing = pass(&plan, &facts);
    let found = rules(&passing);
    assert!(
        found.contains(&("CLASS_GRADE", "3-А → 5-А".into(), None)),
        "{found:?}"
    );
    assert!(!found.iter().any(|(rule, ..)| *rule == "YEAR_NOT_OVER"));
}

#[test]
fn two_parts_of_merged_classes_cannot_have_one_title() {
    let mut facts = facts(&[5]);
    let twin = SchoolClass {
        id: class_id(55),
        letter: "Б".into(),
        title: "5-Б".into(),
        ..class(5)
    };
    facts.classes.push(twin);
    let title = "5-Б Информатика гр.1".to_owned();
    facts
        .groups
        .push(group(155, title, GroupKind::Subgroup, Some(55)));
    let mut plan = drafted(&facts);
    assert_eq!(pass(&plan, &facts).obstacles, []);
    let merged = plan.classes[0].next;
    plan.classes[1].next = merged;
    let passing = pass(&plan, &facts);
    let taken = ("GROUP_TITLE_TAKEN", "6-А Информатика гр.1".to_owned(), None);
    assert_eq!(rules(&passing), [taken]);
}

#[test]
fn one_who_was_enrolled_after_the_graduation_is_named() {
    let mut facts = facts(&[9]);
    facts.enrolments[0].starts_on = date(2027, 7, 1);
    let mut plan = drafted(&facts);
    plan.graduates_until = date(2027, 6, 25);
    let found = rules(&pass(&plan, &facts));
    assert_eq!(
        found,
        [(
            "GRADUATION_BEFORE_ENROLMENT",
            "9-А".into(),
            Some(person(90))
        )]
    );
}

#[test]
fn a_plan_that_contradicts_itself_is_refused() {
    let facts = facts(&[3, 4]);
    let mut plan = drafted(&facts);
    assert_eq!(plan.broken(facts.year), []);
    plan.next_classes[0].letter = "а".into();
    plan.next_classes.push(NextClass {
        id: class_id(9_999),
        ..plan.next_classes[1].clone()
    });
    plan.classes[0].next = Some(class_id(1_234));
    for _ in 0..2 {
        plan.pupils.push(PupilPassage {
            pupil: person(30),
            next: Some(class_id(1_234)),
        });
    }
    plan.groups.push(plan.groups[0]);
    plan.graduates_until = date(2027, 9, 1);
    let found: Vec<(String, &str)> = plan
        .broken(facts.year)
        .into_iter()
        .map(|(field, rule, _)| (field, rule))
        .collect();
    let at = |field: &str, rule| (format!("plan.{field}"), rule);
    let groups = plan.groups.len() - 1;
    assert_eq!(
        found,
        [
            at("nextClasses[0].letter", "LETTER"),
            at("nextClasses[2].letter", "CLASS_TWICE"),
            at("classes[0].nextClassId", "NEXT_CLASS_UNKNOWN"),
            at("pupils[0].nextClassId", "NEXT_CLASS_UNKNOWN"),
            at("pupils[1].nextClassId", "NEXT_CLASS_UNKNOWN"),
            at("pupils[1].pupilId", "PUPIL_TWICE"),
            at(&format!("groups[{groups}].groupId"), "GROUP_TWICE"),
            at("graduatesUntil", "DATE_OUTSIDE_YEAR"),
        ]
    );
}

#[test]
fn a_class_that_came_after_the_plan_joins_it() {
    let mut facts = facts(&[3]);
    let mut plan = drafted(&facts);
    facts.classes.push(class(4));
    facts.groups.retain(|one| one.kind != GroupKind::Club);
    let mut n = 20_000;
    catch_up(&mut plan, &facts, &mut || {
        n += 1;
        Uuid::from_u128(n)
    });
    let joined = ClassPassage {
        class: class_id(4),
        next: None,
    };
    assert_eq!(plan.classes.last(), Some(&joined));
    assert!(
        !plan.groups.iter().any(|one| one.group == group_id(500)),
        "the club is gone"
    );
}
