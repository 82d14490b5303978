//! Packages of OneRoster: what they become, and every fault by its name.

use zhurnal_proto::roster::v1 as pb;

use crate::domain::school_import::SchoolPlan;
use crate::import::check::{Checked, NotChosen, check_file, plan_of_file};
use crate::testing::ForeignPackage;

/// A slip put into a package.
type Change = fn(&mut ForeignPackage);

fn plan(package: &ForeignPackage) -> SchoolPlan {
    plan_of_file(&package.bytes().unwrap(), false).unwrap()
}

fn checked(change: impl FnOnce(&mut ForeignPackage)) -> Checked {
    let mut package = ForeignPackage::new();
    change(&mut package);
    check_file(&package.bytes().unwrap()).unwrap()
}

/// (file, line, column, rule) of every error.
fn errors(of: &Checked) -> Vec<(&str, u32, &str, &str)> {
    let place = |it: &zhurnal_proto::types::v1::TableIssue| {
        assert!(!it.message.is_empty(), "{it:?}");
        (
            it.sheet.clone(),
            it.row,
            it.column.clone(),
            it.reason.clone(),
        )
    };
    let all = of.findings.errors.iter().map(place);
    all.map(|(file, row, column, rule)| {
        let leak = |text: String| -> &str { text.leak() };
        (leak(file), row, leak(column), leak(rule))
    })
    .collect()
}

fn rules(list: &[zhurnal_proto::types::v1::TableIssue]) -> Vec<&str> {
    let mut rules: Vec<&str> = list.iter().map(|it| it.reason.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[test]
fn a_package_of_another_system_is_a_school() {
    let found = checked(|_| {});
    assert_eq!(errors(&found), []);
    let plan = plan(&ForeignPackage::new());
    assert_eq!(plan.school.full_name, "МБОУ «Школа № 1»");
    assert_eq!(plan.school.municipality, "Белогорский район");
    assert_eq!(plan.school.year.first_day().to_string(), "2026-09-01");
    let classes: Vec<String> = plan
        .classes
        .iter()
        .map(|it| it.value.name.to_string())
        .collect();
    assert_eq!(
        classes,
        ["5-А", "10-А"],
        "the second is a letter with a grade"
    );
    let teacher = plan.classes[0].value.teacher.clone();
    assert_eq!(teacher.unwrap(), plan.staff[1].value.code);
    let posts: Vec<&str> = plan.staff.iter().map(|it| it.value.post.title()).collect();
    assert_eq!(posts, ["Директор", "Учитель", "Помощник учителя"]);
    let born: Vec<String> = plan
        .pupils
        .iter()
        .map(|it| it.value.born.to_string())
        .collect();
    assert_eq!(born, ["2015-05-15", "2015-02-01", "2010-02-28"]);
    let relations: Vec<&str> = plan
        .guardians
        .iter()
        .flat_map(|it| &it.children)
        .map(|tie| tie.value.relation.word())
        .collect();
    assert_eq!(relations, ["мать", "опекун"], "by sex, by role");
    let groups: Vec<(String, usize)> = plan
        .groups
        .iter()
        .map(|it| (it.name.to_string(), it.members.len()))
        .collect();
    let group = |title: &str, members| (title.to_owned(), members);
    assert_eq!(
        groups,
        [
            group("5-А", 2),
            group("10-А", 1),
            group("5-А Информатика гр.1", 1),
            group("Робототехника", 2)
        ]
    );
    assert_eq!(plan.periods.len(), 3);
    let said = rules(&found.findings.notices);
    for rule in ["GRADES_ASSUMED", "LOAD_NOT_TAKEN", "POST_ASSUMED"] {
        assert!(said.contains(&rule), "{rule}: {said:?}");
    }
    assert!(rules(&found.findings.warnings).contains(&"STUDY_WEEK_ASSUMED"));
}

#[test]
fn what_makes_a_package_unfit_is_named_and_nothing_can_be_skipped() {
    let cases: [(Change, (&str, &str)); 12] = [
        (
            |it| {
                _ = it.change(
                    "manifest.csv",
                    "oneroster.version,1.2",
                    "oneroster.version,1.1",
                )
            },
            ("manifest.csv", "VERSION_UNSUPPORTED"),
        ),
        (
            |it| _ = it.change("manifest.csv", "file.users,bulk", "file.users,delta"),
            ("manifest.csv", "DELTA_UNSUPPORTED"),
        ),
        (
            |it| _ = it.remove("users.csv"),
            ("users.csv", "FILE_MISSING"),
        ),
        (
            |it| {
                _ = it.change(
                    "manifest.csv",
                    "file.demographics,bulk",
                    "file.demographics,absent",
                )
            },
            ("demographics.csv", "FILE_REQUIRED"),
        ),
        (
            |it| _ = it.change("orgs.csv", "school,,dist-1", "department,,dist-1"),
            ("orgs.csv", "SCHOOL_NOT_ONE"),
        ),
        (
            |it| _ = it.push("orgs.csv", "sch-2,,,Вторая школа,school,,dist-1"),
            ("orgs.csv", "SCHOOL_NOT_ONE"),
        ),
        (
            |it| _ = it.change("orgs.csv", "school,,dist-1", "school,,dist-9"),
            ("orgs.csv", "MUNICIPALITY_MISSING"),
        ),
        (
            |it| _ = it.change("academicSessions.csv", ",schoolYear,2026", ",term,2026"),
            ("academicSessions.csv", "SCHOOL_YEAR_NOT_ONE"),
        ),
        (
            |it| {
                _ = it.change(
                    "academicSessions.csv",
                    "schoolYear,2026-09-01",
                    "schoolYear,9/1/2026",
                )
            },
            ("academicSessions.csv", "BAD_DATE"),
        ),
        (
            |it| _ = it.change("users.csv", "givenName,familyName", "firstName,familyName"),
            ("users.csv", "MISSING_COLUMN"),
        ),
        (
            |it| _ = it.change("orgs.csv", "name,type,identifier", "name,type,name"),
            ("orgs.csv", "DUPLICATE_COLUMN"),
        ),
        (
            |it| _ = it.change("orgs.csv", "МБОУ «Школа № 1»,", ","),
            ("orgs.csv", "MISSING_VALUE"),
        ),
    ];
    for (change, wanted) in cases {
        let mut package = ForeignPackage::new();
        change(&mut package);
        let found = checked(change);
        let all = errors(&found);
        assert!(
            all.iter().any(|it| (it.0, it.3) == wanted),
            "{wanted:?}: {all:?}"
        );
        let refused = plan_of_file(&package.bytes().unwrap(), true);
        assert_eq!(refused, Err(NotChosen::FormBroken), "{wanted:?}");
    }
}

#[test]
fn a_fault_of_a_line_is_told_with_file_line_and_column() {
    type Place = (&'static str, u32, &'static str, &'static str);
    let cases: [(Change, Place); 17] = [
        (
            |it| _ = it.push("users.csv", "pup-1,,,true,x,,Ян,Ян,,,,,,,,,,,,,sch-1,"),
            ("users.csv", 10, "sourcedId", "DUPLICATE_SOURCED_ID"),
        ),
        (
            |it| _ = it.push("users.csv", ",,,true,x,,Ян,Ян,,,,,,,,,,,,,sch-1,"),
            ("users.csv", 10, "sourcedId", "MISSING_SOURCED_ID"),
        ),
        (
            |it| _ = it.change("users.csv", "staff-3,active", "staff-3,inactive"),
            ("users.csv", 4, "status", "BAD_STATUS"),
        ),
        (
            |it| _ = it.change("users.csv", "Петровна,,,,,,10", "Петровна,,,,,no-one,10"),
            ("users.csv", 7, "agentSourcedIds", "UNKNOWN_REFERENCE"),
        ),
        (
            |it| _ = it.change("users.csv", "+79783334401", "+7978"),
            ("users.csv", 8, "phone", "BAD_PHONE"),
        ),
        (
            |it| _ = it.change("users.csv", "Анна,Белая,", "Анна,Белая 2,"),
            ("users.csv", 4, "familyName", "BAD_NAME"),
        ),
        (
            |it| _ = it.change("users.csv", "Осман,Алиев,", "Осман,Алиев,Рустем,ович,"),
            ("users.csv", 3, "", "EXTRA_CELLS"),
        ),
        (
            |it| _ = it.change("demographics.csv", "2015-05-15", "1/05/2015"),
            ("demographics.csv", 2, "birthDate", "BAD_DATE"),
        ),
        (
            |it| {
                _ = it.change(
                    "demographics.csv",
                    "2010-02-28,female",
                    "2010-02-28,unspecified",
                )
            },
            ("demographics.csv", 4, "sex", "BAD_CHOICE"),
        ),
        (
            |it| {
                _ = it.change(
                    "roles.csv",
                    "staff-3,primary,aide",
                    "staff-3,primary,wizard",
                )
            },
            ("roles.csv", 4, "role", "BAD_CHOICE"),
        ),
        (
            |it| _ = it.push("roles.csv", "r-9,,,nobody,primary,student,,,sch-1,"),
            ("roles.csv", 10, "userSourcedId", "UNKNOWN_REFERENCE"),
        ),
        (
            |it| {
                _ = it.push(
                    "enrollments.csv",
                    "e-9,,,no-class,sch-1,pup-1,student,false,,",
                )
            },
            ("enrollments.csv", 10, "classSourcedId", "UNKNOWN_REFERENCE"),
        ),
        (
            |it| {
                _ = it.push(
                    "enrollments.csv",
                    "e-9,,,home-10,sch-1,pup-1,student,false,,",
                )
            },
            ("enrollments.csv", 10, "classSourcedId", "TWO_HOMEROOMS"),
        ),
        (
            |it| {
                _ = it.push(
                    "enrollments.csv",
                    "e-9,,,home-10,sch-1,par-1,student,false,,",
                )
            },
            ("enrollments.csv", 10, "role", "ROLE_MISMATCH"),
        ),
        (
            |it| _ = it.change("enrollments.csv", "e-4,", "e-4,tobedeleted"),
            ("enrollments.csv", 0, "classSourcedId", "MISSING_VALUE"),
        ),
        (
            |it| _ = it.change("classes.csv", "А,10,", "Зелёная комната,,"),
            ("classes.csv", 3, "title", "BAD_CLASS"),
        ),
        (
            |it| _ = it.change("academicSessions.csv", "1 четверть", "Term One"),
            ("academicSessions.csv", 3, "title", "BAD_PERIOD"),
        ),
    ];
    for (change, wanted) in cases {
        let found = checked(change);
        let all = errors(&found);
        assert!(all.contains(&wanted), "{wanted:?}: {all:?}");
        let mut package = ForeignPackage::new();
        change(&mut package);
        let bytes = package.bytes().unwrap();
        assert!(
            matches!(plan_of_file(&bytes, false), Err(NotChosen::Errors(_))),
            "{wanted:?}"
        );
        plan_of_file(&bytes, true).unwrap();
    }
}

#[test]
fn a_pupil_with_a_fault_is_left_out_with_the_parents_and_everybody_is_told() {
    let mut package = ForeignPackage::new();
    package.change("demographics.csv", "2015-05-15", "1/05/2015");
    let bytes = package.bytes().unwrap();
    let left = plan_of_file(&bytes, true).unwrap();
    assert_eq!((left.pupils.len(), left.guardians.len()), (2, 0));
    let found = check_file(&bytes).unwrap();
    let blocked = |it: &&(&str, u32, &str, &str)| it.3 == "REFERS_TO_REFUSED_ROW";
    let all = errors(&found);
    assert_eq!(
        all.iter().filter(blocked).count(),
        3,
        "two parents and a group: {all:?}"
    );
    let hint = &found
        .findings
        .errors
        .iter()
        .find(|it| it.reason == "REFERS_TO_REFUSED_ROW");
    assert!(
        hint.unwrap().message.contains("файл users.csv, строка 5"),
        "{hint:?}"
    );
    let refused = pb::RowVerdict::Error;
    let refused = found
        .rows
        .iter()
        .filter(|row| row.verdict == crate::import::check::number(refused));
    assert_eq!(refused.count(), 4);
}

#[test]
fn what_is_left_out_without_harm_is_a_notice() {
    let cases: [(Change, &str, &str); 9] = [
        (
            |it| _ = it.push("orgs.csv", "dep-1,,,Кафедра,department,,sch-1"),
            "orgs.csv",
            "ORG_LEFT_OUT",
        ),
        (
            |it| _ = it.change("users.csv", "dateLastModified", "dataLastModified"),
            "users.csv",
            "UNKNOWN_COLUMN",
        ),
        (
            |it| {
                _ = it.change(
                    "users.csv",
                    "staff-3,active,2026-08-20T10:00:00.000Z",
                    "staff-3,,1/05/2023",
                )
            },
            "users.csv",
            "BAD_LAST_MODIFIED",
        ),
        (
            |it| {
                _ = it.push(
                    "classes.csv",
                    "grp-9,tobedeleted,,Хор,05,,,scheduled,,sch-1,,,,",
                )
            },
            "classes.csv",
            "TO_BE_DELETED",
        ),
        (
            |it| {
                _ = it.push(
                    "enrollments.csv",
                    "e-9,,,home-10,sch-1,pup-1,student,false,2025-09-01,2026-05-31",
                )
            },
            "enrollments.csv",
            "ENROLLMENT_ENDED",
        ),
        (
            |it| _ = it.push("results.csv", "sourcedId"),
            "results.csv",
            "FILE_NOT_READ",
        ),
        (
            |it| _ = it.push("secrets.csv", "x"),
            "secrets.csv",
            "FILE_UNKNOWN",
        ),
        (
            |it| _ = it.change("manifest.csv", "file.courses,bulk", "file.courses,absent"),
            "courses.csv",
            "FILE_NOT_DECLARED",
        ),
        (
            |it| _ = it.change("manifest.csv", "file.courses,bulk\r\n", ""),
            "courses.csv",
            "MANIFEST_INCOMPLETE",
        ),
    ];
    for (change, file, rule) in cases {
        let found = checked(change);
        assert_eq!(errors(&found), [], "{rule}");
        let told = found
            .findings
            .notices
            .iter()
            .any(|it| it.sheet == file && it.reason == rule);
        assert!(told, "{file} {rule}: {:?}", found.findings.notices);
    }
    let typo = checked(|it| _ = it.change("users.csv", "preferredGivenName", "prefferedGivenName"));
    let said = typo
        .findings
        .notices
        .iter()
        .find(|it| it.reason == "UNKNOWN_COLUMN");
    assert_eq!(
        said.unwrap().value,
        "prefferedGivenName (похоже на preferredGivenName)"
    );
}

#[test]
fn a_school_that_is_not_there_is_told_once() {
    let found = checked(|it| _ = it.change("orgs.csv", "school,,dist-1", "department,,dist-1"));
    let told = errors(&found);
    assert_eq!(told, [("orgs.csv", 0, "", "SCHOOL_NOT_ONE")]);
}
