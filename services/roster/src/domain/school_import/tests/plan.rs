//! What the plan holds, and the plan against what the school has.

use super::clean_plan;
use crate::{
    domain::school_import::{
        Counts, RowRef, SchoolPlan, Selection,
        SheetKind::{Guardians, Pupils, School, Staff, Timetable},
        Verdict, preview, to_book,
        value::{Code, Informing, PostKind, Relation},
    },
    testing::SmallSchool,
};

fn plan() -> SchoolPlan {
    clean_plan(&SmallSchool::new().book())
}

fn codes(codes: &[Code]) -> Vec<&str> {
    codes.iter().map(Code::as_str).collect()
}

#[test]
fn everything_in_the_file_is_counted() {
    let expected = Counts {
        staff: 5,
        classes: 2,
        pupils: 6,
        guardians: 6,
        guardian_links: 6,
        loads: 4,
        weekly_lessons: 5,
    };
    assert_eq!(plan().counts(), expected);
    let book = SmallSchool::new().book();
    assert_eq!(preview(&book, None).counts(), expected);
}

#[test]
fn groups_are_whole_classes_and_subgroups_with_their_pupils() {
    let plan = plan();
    let groups: Vec<_> = plan
        .groups
        .iter()
        .map(|g| (g.name.to_string(), codes(&g.members)))
        .collect();
    assert_eq!(
        groups,
        [
            (
                "5-А".to_owned(),
                vec!["У-0001", "У-0002", "У-0003", "У-0004"]
            ),
            ("10-А".to_owned(), vec!["У-0005", "У-0006"]),
            ("5-А Информатика гр.1".to_owned(), vec!["У-0001", "У-0003"]),
            ("5-А Информатика гр.2".to_owned(), vec!["У-0002", "У-0004"]),
        ]
    );
}

#[test]
fn posts_propose_duties_and_subjects() {
    let plan = plan();
    let kinds: Vec<_> = plan.staff.iter().map(|s| s.value.post.kind()).collect();
    assert!(matches!(
        kinds.as_slice(),
        [
            PostKind::Director,
            PostKind::Teacher(Some(_)),
            ..,
            PostKind::Secretary
        ]
    ));
}

#[test]
fn relations_make_legal_representatives_unless_the_file_says_otherwise() {
    let plan = plan();
    let ties: Vec<_> = plan
        .guardians
        .iter()
        .flat_map(|g| &g.children)
        .map(|tie| (tie.value.relation, tie.value.representative))
        .collect();
    assert_eq!(ties.get(3), Some(&(Relation::Guardian, true)));
    assert_eq!(ties.get(4), Some(&(Relation::Grandparent, false)));
    let mut school = SmallSchool::new();
    school.set(Guardians, "I", 6, "да");
    let plan = clean_plan(&school.book());
    assert!(
        plan.guardians
            .iter()
            .flat_map(|g| &g.children)
            .all(|tie| tie.value.representative)
    );
}

#[test]
fn rows_of_one_parent_become_one_person_with_all_children() {
    let mut school = SmallSchool::new();
    // By telephone with the first row; by e-mail with the row before, which has no telephone.
    school.push(
        Guardians,
        &[
            "У-0005",
            "Аблаева",
            "Аза",
            "",
            "мать",
            "8 978 333 44 01",
            "other@family.example",
            "бумажная",
        ],
    );
    school.push(
        Guardians,
        &[
            "У-0003",
            "Аблаева",
            "Аза",
            "",
            "опекун",
            "",
            "OTHER@family.example",
            "электронная",
        ],
    );
    // A namesake with a telephone of her own stays apart.
    school.push(
        Guardians,
        &[
            "У-0004",
            "Аблаева",
            "Аза",
            "",
            "мать",
            "+7 978 333-44-99",
            "",
            "электронная",
        ],
    );
    let plan = clean_plan(&school.book());
    let first = plan.guardians.first().unwrap();
    let children: Vec<_> = first
        .children
        .iter()
        .map(|c| (c.row, c.value.pupil.as_str(), c.value.informing))
        .collect();
    assert_eq!(
        children,
        [
            (2, "У-0001", Informing::Electronic),
            (8, "У-0005", Informing::Paper),
            (9, "У-0003", Informing::Electronic)
        ]
    );
    assert_eq!(first.phone.as_ref().unwrap().e164(), "+79783334401");
    assert_eq!(
        (plan.counts().guardians, plan.counts().guardian_links),
        (7, 9)
    );
}

#[test]
fn what_is_exported_is_imported_again_without_a_finding() {
    let mut school = SmallSchool::new();
    school.push(
        Guardians,
        &[
            "У-0005",
            "Аблаева",
            "Аза",
            "",
            "мать",
            "8 978 333 44 01",
            "",
            "бумажная",
        ],
    );
    let plan = clean_plan(&school.book());
    let book = to_book(&plan);
    let again = preview(&book, Some(&plan));
    assert_eq!(
        (again.errors(), again.warnings(), again.normalisations()),
        (&[][..], &[][..], &[][..])
    );
    assert_eq!(again.choose(&Selection::Everything).unwrap().plan, plan);
    assert!(
        again
            .verdicts()
            .iter()
            .all(|v| v.verdict == Verdict::Unchanged)
    );
}

#[test]
fn a_changed_row_shows_before_and_after_and_a_new_one_is_new() {
    let existing = plan();
    let mut school = SmallSchool::new();
    school
        .set(Pupils, "B", 2, "Попова")
        .set(Pupils, "J", 3, "000-000-009 22");
    school
        .set(School, "B", 3, "Судакский район")
        .set(Timetable, "F", 2, "каб. 13");
    school.push(Staff, &["С-006", "Попов", "Лев", "", "Учитель: Музыка"]);
    let book = school.book();
    let preview = preview(&book, Some(&existing));
    let changed: Vec<_> = preview
        .verdicts()
        .iter()
        .filter_map(|v| match &v.verdict {
            Verdict::Changed(changes) => Some((
                v.at,
                changes
                    .iter()
                    .map(|c| (c.column, c.before.clone(), c.after.clone()))
                    .collect::<Vec<_>>(),
            )),
            _ => None,
        })
        .collect();
    let change =
        |column, before: &str, after: &str| vec![(column, before.to_owned(), after.to_owned())];
    assert_eq!(
        changed,
        [
            (
                RowRef {
                    sheet: School,
                    row: 3
                },
                change("Значение", "Белогорский район", "Судакский район")
            ),
            (
                RowRef {
                    sheet: Pupils,
                    row: 2
                },
                change("Фамилия", "Аблаева", "Попова")
            ),
            (
                RowRef {
                    sheet: Pupils,
                    row: 3
                },
                change("СНИЛС", "•••-•••-••• 11", "•••-•••-••• 22")
            ),
            (
                RowRef {
                    sheet: Timetable,
                    row: 2
                },
                change("Кабинет", "каб. 12", "каб. 13")
            ),
        ]
    );
    let new: Vec<_> = preview
        .verdicts()
        .iter()
        .filter(|v| v.verdict == Verdict::New)
        .map(|v| v.at)
        .collect();
    assert_eq!(
        new,
        [RowRef {
            sheet: Staff,
            row: 7
        }]
    );
    assert!(!format!("{:?}", preview.verdicts()).contains("Попова"));
}

#[test]
fn a_plan_in_a_log_holds_no_name_contact_or_number() {
    let shown = format!("{:?}", plan());
    for secret in ["Аблаева", "Мария", "978", "@", "000-000", "00000000111"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}
