//! Admissions of the small school.

use std::collections::BTreeSet;

use jiff::civil::date;

use super::*;
use crate::domain::duty::Duty;
use crate::domain::school_import::{Selection, SheetKind, preview};
use crate::testing::SmallSchool;

fn admitted(school: &SmallSchool, day: Date) -> Admission {
    let book = school.book();
    let plan = preview(&book, None)
        .choose(&Selection::Everything)
        .unwrap()
        .plan;
    let mut next = 0u128;
    admit(&plan, day, &mut || {
        next += 1;
        Uuid::from_u128(next)
    })
}

#[test]
fn every_pupil_is_enrolled_from_the_first_of_september_by_one_order() {
    let new = admitted(&SmallSchool::new(), date(2026, 11, 22));
    let order = new.order.unwrap();
    assert_eq!(
        (order.number.as_str(), order.date, order.pupils.len()),
        ("З-1", date(2026, 11, 22), 6)
    );
    assert_eq!(new.enrolments.len(), 6);
    assert!(
        new.enrolments
            .iter()
            .all(|e| e.starts_on == date(2026, 9, 1) && e.order_id == order.id)
    );
    assert!(
        new.memberships
            .iter()
            .all(|m| m.starts_on == date(2026, 9, 1))
    );
}

#[test]
fn staff_and_guardians_are_in_force_from_an_import_in_august() {
    let new = admitted(&SmallSchool::new(), date(2026, 8, 20));
    assert!(new.staff.iter().all(|s| s.starts_on == date(2026, 8, 20)));
    assert!(
        new.guardian_links
            .iter()
            .all(|l| l.starts_on == date(2026, 8, 20))
    );
    assert!(
        new.enrolments
            .iter()
            .all(|e| e.starts_on == date(2026, 9, 1))
    );
    let late = admitted(&SmallSchool::new(), date(2026, 11, 22));
    assert!(late.staff.iter().all(|s| s.starts_on == date(2026, 9, 1)));
}

#[test]
fn nothing_refers_to_what_is_not_there() {
    let new = admitted(&SmallSchool::new(), date(2026, 9, 1));
    let people: BTreeSet<PersonId> = new.people.iter().map(|p| p.id).collect();
    let classes: BTreeSet<ClassId> = new.classes.iter().map(|c| c.id).collect();
    let groups: BTreeSet<GroupId> = new.groups.iter().map(|g| g.id).collect();
    assert_eq!(people.len(), new.people.len());
    assert!(new.staff.iter().all(|s| people.contains(&s.person_id)));
    assert!(
        new.classes
            .iter()
            .all(|c| c.class_teacher_id.is_none_or(|t| people.contains(&t)))
    );
    assert!(
        new.groups
            .iter()
            .all(|g| g.class_id.is_some_and(|c| classes.contains(&c)))
    );
    assert!(
        new.enrolments
            .iter()
            .all(|e| people.contains(&e.pupil_id) && classes.contains(&e.class_id))
    );
    assert!(
        new.memberships
            .iter()
            .all(|m| people.contains(&m.pupil_id) && groups.contains(&m.group_id))
    );
    assert!(
        new.guardian_links
            .iter()
            .all(|l| people.contains(&l.pupil_id) && people.contains(&l.guardian_id))
    );
}

#[test]
fn a_pupil_is_in_the_class_and_in_the_own_subgroup() {
    let new = admitted(&SmallSchool::new(), date(2026, 9, 1));
    let maria = new
        .people
        .iter()
        .find(|p| p.search_key.starts_with("аблаева мария"))
        .unwrap()
        .id;
    let mut titles: Vec<&str> = new
        .memberships
        .iter()
        .filter(|m| m.pupil_id == maria)
        .filter_map(|m| new.groups.iter().find(|g| g.id == m.group_id))
        .map(|g| g.title.as_str())
        .collect();
    titles.sort_unstable();
    assert_eq!(titles, ["5-А", "5-А Информатика гр.1"]);
}

#[test]
fn duties_follow_from_posts_and_load() {
    let mut school = SmallSchool::new();
    school.push(
        SheetKind::Staff,
        &["С-010", "Белый", "Олег", "", "Библиотекарь", "", ""],
    );
    let new = admitted(&school, date(2026, 9, 1));
    let duties: Vec<&[Duty]> = new.staff.iter().map(|s| s.duties.as_slice()).collect();
    assert_eq!(
        duties,
        [
            [Duty::Director].as_slice(),
            &[Duty::Teacher],
            &[Duty::Teacher],
            &[Duty::Teacher],
            &[Duty::Secretary],
            &[]
        ]
    );
}

#[test]
fn deputies_share_the_grades_of_the_school() {
    let mut school = SmallSchool::new();
    school.push(
        SheetKind::Staff,
        &[
            "С-011",
            "Зорина",
            "Ада",
            "",
            "Заместитель директора по УВР",
            "",
            "",
        ],
    );
    school.push(
        SheetKind::Staff,
        &[
            "С-012",
            "Зимина",
            "Ида",
            "",
            "Заместитель директора по АХЧ",
            "",
            "",
        ],
    );
    school.push(
        SheetKind::Staff,
        &[
            "С-013",
            "Вешняя",
            "Яна",
            "",
            "Заместитель директора по ВР",
            "",
            "",
        ],
    );
    let new = admitted(&school, date(2026, 9, 1));
    let grades: Vec<(u8, u8)> = new
        .supervisions
        .iter()
        .map(|s| (s.grade_from, s.grade_to))
        .collect();
    assert_eq!(grades, [(5, 7), (8, 10)]);
    assert!(
        admitted(&SmallSchool::new(), date(2026, 9, 1))
            .supervisions
            .is_empty()
    );
}
