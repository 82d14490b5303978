//! orgs, academicSessions, courses, classes.

use std::collections::{BTreeMap, HashMap};

use zhurnal_proto::id::ClassId;
use zhurnal_proto::schedule::v1::{PeriodKind, PlannedPeriod};

use super::{Sheet, derived};
use crate::domain::record::{Group, GroupKind};
use crate::domain::school_import::value::{AcademicYear, GroupName, Part, Value};
use crate::export::{Snapshot, grades, word, yes_no};

/// Of the group and class rows: `05`.
pub(super) fn grade(of: u8) -> String {
    format!("{of:02}")
}

fn municipality(of: &Snapshot) -> String {
    let known = of.school.municipality_id.map(|id| id.to_string());
    known.unwrap_or_else(|| derived("mun", of, "municipality"))
}

pub(super) fn orgs(of: &Snapshot, sheet: &mut Sheet) -> Result<(), csv::Error> {
    let (school, above) = (&of.school, municipality(of));
    sheet.row(&[
        ("sourcedId", &above),
        ("name", &school.municipality),
        ("type", "district"),
    ])?;
    sheet.row(&[
        ("sourcedId", &school.id.to_string()),
        ("name", &school.title),
        ("type", "school"),
        ("parentSourcedId", &above),
        (
            "metadata.studyWeekDays",
            &school.study_week_days.to_string(),
        ),
        ("metadata.timeZone", &school.time_zone),
    ])
}

fn year_id(of: &Snapshot) -> String {
    derived("year", of, &of.school.academic_year)
}

fn period_id(of: &Snapshot, period: &PlannedPeriod) -> String {
    match period.period_id.as_str() {
        "" => derived("prd", of, &format!("{}{}", period.title, period.grade_from)),
        id => id.to_owned(),
    }
}

fn periods(of: &Snapshot) -> Vec<&PlannedPeriod> {
    let mut periods: Vec<&PlannedPeriod> = of.plan.periods.iter().collect();
    periods.sort_by_key(|one| (one.grade_from, one.starts_on.clone(), one.grade_to));
    periods
}

pub(super) fn sessions(of: &Snapshot, sheet: &mut Sheet) -> Result<(), csv::Error> {
    let Ok(year) = AcademicYear::parse(&of.school.academic_year) else {
        return Ok(());
    };
    let (id, ends_in) = (year_id(of), (year.starts_in() + 1).to_string());
    sheet.row(&[
        ("sourcedId", &id),
        ("title", &of.school.academic_year),
        ("type", "schoolYear"),
        ("startDate", &year.first_day().to_string()),
        ("endDate", &year.last_day().to_string()),
        ("schoolYear", &ends_in),
    ])?;
    for period in periods(of) {
        let kind = match period.kind() {
            PeriodKind::HalfYear => "semester",
            _ => "term",
        };
        sheet.row(&[
            ("sourcedId", &period_id(of, period)),
            ("title", &period.title),
            ("type", kind),
            ("startDate", &period.starts_on),
            ("endDate", &period.ends_on),
            ("parentSourcedId", &id),
            ("schoolYear", &ends_in),
            (
                "metadata.grades",
                &grades(period.grade_from, period.grade_to),
            ),
        ])?;
    }
    Ok(())
}

/// What a class or group is a section of: the grade, or the subject that its title says.
struct Course {
    id: String,
    title: String,
    grades: String,
    subject: String,
}

fn of_grade(of: &Snapshot, number: u8) -> Course {
    let title = format!("{number} класс");
    Course {
        id: derived("crs", of, &title),
        title,
        grades: grade(number),
        subject: String::new(),
    }
}

fn of_group(of: &Snapshot, group: &Group) -> Course {
    let subject = match GroupName::parse(&group.title).map(|name| name.part) {
        Ok(Part::Subgroup { subject, .. }) => subject.as_str().to_owned(),
        _ => String::new(),
    };
    let title = if subject.is_empty() {
        group.title.clone()
    } else {
        subject.clone()
    };
    Course {
        id: derived("crs", of, &format!("group {title}")),
        title,
        grades: String::new(),
        subject,
    }
}

pub(super) fn courses(of: &Snapshot, sheet: &mut Sheet) -> Result<(), csv::Error> {
    let school = of.school.id.to_string();
    let mut by_order: BTreeMap<(u8, String), Course> = BTreeMap::new();
    for class in &of.classes {
        by_order.insert((class.grade, String::new()), of_grade(of, class.grade));
    }
    for one in &of.groups {
        let course = of_group(of, &one.group);
        let key = crate::domain::text::sort_key(&course.title);
        by_order.insert((u8::MAX, key), course);
    }
    for course in by_order.values() {
        sheet.row(&[
            ("sourcedId", &course.id),
            ("schoolYearSourcedId", &year_id(of)),
            ("title", &course.title),
            ("grades", &course.grades),
            ("orgSourcedId", &school),
            ("subjects", &course.subject),
        ])?;
    }
    Ok(())
}

/// The periods of a grade, and the year where it has none.
fn terms(of: &Snapshot, grade: u8) -> String {
    let grade = u32::from(grade);
    let fits = |one: &&&PlannedPeriod| (one.grade_from..=one.grade_to).contains(&grade);
    let ids: Vec<String> = periods(of)
        .iter()
        .filter(fits)
        .map(|one| period_id(of, one))
        .collect();
    if ids.is_empty() {
        year_id(of)
    } else {
        ids.join(",")
    }
}

pub(super) fn classes(of: &Snapshot, sheet: &mut Sheet) -> Result<(), csv::Error> {
    let school = of.school.id.to_string();
    let mut grades_of: HashMap<ClassId, u8> = HashMap::new();
    for class in &of.classes {
        grades_of.insert(class.id, class.grade);
        sheet.row(&[
            ("sourcedId", &class.id.to_string()),
            ("title", &class.title),
            ("grades", &grade(class.grade)),
            ("courseSourcedId", &of_grade(of, class.grade).id),
            ("classCode", &class.title),
            ("classType", "homeroom"),
            ("schoolSourcedId", &school),
            ("termSourcedIds", &terms(of, class.grade)),
            ("metadata.shift", &class.shift.to_string()),
        ])?;
    }
    for one in &of.groups {
        let group = &one.group;
        let own = group.class_id.and_then(|id| grades_of.get(&id).copied());
        let number = own.or(group.place.map(|place| place.grade)).unwrap_or(1);
        let course = of_group(of, group);
        let shift = group.place.map(|place| place.shift.to_string());
        sheet.row(&[
            ("sourcedId", &group.id.to_string()),
            ("title", &group.title),
            ("grades", &grade(number)),
            ("courseSourcedId", &course.id),
            ("classType", "scheduled"),
            ("schoolSourcedId", &school),
            ("termSourcedIds", &terms(of, number)),
            ("subjects", &course.subject),
            ("metadata.kind", kind(group.kind)),
            (
                "metadata.homeroomSourcedId",
                &group.class_id.map(|id| id.to_string()).unwrap_or_default(),
            ),
            ("metadata.shift", &shift.unwrap_or_default()),
            ("metadata.marks", yes_no(!group.unmarked)),
        ])?;
    }
    Ok(())
}

fn kind(of: GroupKind) -> &'static str {
    word(of).word()
}
