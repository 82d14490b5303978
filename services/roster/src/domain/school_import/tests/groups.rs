//! The sheet «Группы»: groups with pupils by name.

use super::{clean_plan, refuses};
use crate::domain::school_import::{Reason as R, SheetKind, preview, to_book};
use crate::testing::SmallSchool;

const CHESS: [&str; 7] = ["Шахматы", "кружок", "", "5", "1", "", "У-0001"];

fn with_chess() -> SmallSchool {
    let mut school = SmallSchool::new();
    school.push(SheetKind::Groups, &CHESS);
    school.push(
        SheetKind::Groups,
        &["Шахматы", "кружок", "", "5", "1", "", "У-0006"],
    );
    school
}

#[test]
fn a_listed_group_has_the_pupils_of_its_rows_and_is_taught_by_its_title() {
    let mut school = with_chess();
    school.push(SheetKind::Loads, &["шахматы", "", "Шахматы", "1", "С-004"]);
    let lesson = ["Среда", "3", "Шахматы", "Шахматы", "С-004"];
    school.push(SheetKind::Timetable, &lesson);
    let plan = clean_plan(&school.book());
    let group = |title: &str| {
        let found = plan.groups.iter().find(|one| one.name.to_string() == title);
        let members = found.unwrap().members.iter();
        members.map(|code| format!("{code:?}")).count()
    };
    assert_eq!((group("Шахматы"), group("5-А"), group("10-А")), (2, 4, 2));
    assert_eq!(
        plan.loads.last().unwrap().value.group.to_string(),
        "Шахматы"
    );
    let again = to_book(&plan);
    let preview = preview(&again, None);
    assert_eq!(
        (preview.errors(), preview.warnings().len()),
        ([].as_slice(), 0)
    );
}

#[test]
fn a_subgroup_that_is_listed_has_these_pupils_whatever_their_numbers() {
    let mut school = SmallSchool::new();
    for code in ["У-0001", "У-0002"] {
        let row = ["5-А Информатика гр.1", "подгруппа", "", "", "", "", code];
        school.push(SheetKind::Groups, &row);
    }
    let plan = clean_plan(&school.book());
    let of = |title: &str| {
        let found = plan
            .groups
            .iter()
            .filter(|one| one.name.to_string() == title);
        found.map(|one| one.members.len()).collect::<Vec<_>>()
    };
    assert_eq!(of("5-А Информатика гр.1"), [2]);
    assert_eq!(of("5-А Информатика гр.2"), [2], "by the number");
}

#[test]
fn a_group_without_pupils_is_there() {
    let mut school = SmallSchool::new();
    school.push(SheetKind::Groups, &["Хор", "кружок", "5-А"]);
    let plan = clean_plan(&school.book());
    let choir = plan.groups.iter().find(|one| one.name.to_string() == "Хор");
    assert!(choir.unwrap().members.is_empty());
}

#[test]
fn what_contradicts_is_refused() {
    let with = |row: &'static [&'static str]| {
        move |school: &mut SmallSchool| {
            school.push(SheetKind::Groups, &CHESS);
            school.push(SheetKind::Groups, row);
        }
    };
    refuses(
        with(&["5-А", "подгруппа", "5-А", "", "", "", "У-0001"]),
        ("Группы", 3, "Группа (A)", "5-А", R::BadGroup),
    );
    refuses(
        with(&["Хор", "кружок", "", "", "", "", "У-0001"]),
        ("Группы", 3, "Класс (C)", "", R::MissingValue),
    );
    refuses(
        with(&["Сильные", "подгруппа", "", "5", "", "", "У-0001"]),
        ("Группы", 3, "Класс (C)", "", R::MissingValue),
    );
    refuses(
        with(&["Хор", "хор", "5-А", "", "", "", "У-0001"]),
        ("Группы", 3, "Вид (B)", "хор", R::BadChoice),
    );
    refuses(
        with(&["Хор", "кружок", "7-Б", "", "", "", "У-0001"]),
        ("Группы", 3, "Класс (C)", "7-Б", R::UnknownClass),
    );
    refuses(
        with(&["Хор", "кружок", "5-А", "", "", "", "У-0999"]),
        ("Группы", 3, "Код ученика (G)", "У-0999", R::UnknownPupil),
    );
    refuses(
        with(&["Шахматы", "факультатив", "", "5", "1", "", "У-0002"]),
        ("Группы", 3, "Группа (A)", "Шахматы", R::GroupMismatch),
    );
    refuses(
        with(&CHESS),
        ("Группы", 3, "Код ученика (G)", "У-0001", R::DuplicateRow),
    );
}
