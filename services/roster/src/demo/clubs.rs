//! An elective and a club of a demo school: pupils of two grades, an hour a week after the
//! lessons of their classes.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::domain::school_import::value::{
    ClassName, Code, DayName, GroupName, GroupWord, Part, Room, Subject, Titled, Value, WeeklyHours,
};
use crate::domain::school_import::{Entry, Group, Load, SchoolPlan, WeeklyLesson};

const DAYS: [&str; 5] = ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница"];
/// One pupil of so many joins.
const EVERY: usize = 3;

struct Wanted {
    title: &'static str,
    kind: GroupWord,
    grades: RangeInclusive<u8>,
    /// Subject of whoever gives it.
    by: &'static str,
}

const WANTED: [Wanted; 2] = [
    Wanted {
        title: "Финансовая грамотность",
        kind: GroupWord::Elective,
        grades: 10..=11,
        by: "Обществознание",
    },
    Wanted {
        title: "Шахматы",
        kind: GroupWord::Club,
        grades: 5..=6,
        by: "Математика",
    },
];

/// Adds them to a plan that has the grades.
pub(super) fn add(plan: &mut SchoolPlan) {
    for wanted in &WANTED {
        if let Some((load, lesson, group)) = made(plan, wanted) {
            plan.subjects.push(load.subject.clone());
            plan.rooms.extend(lesson.room.clone());
            plan.loads.push(entry(load));
            plan.timetable.push(entry(lesson));
            plan.groups.push(group);
        }
    }
}

/// No row of a workbook.
fn entry<T>(value: T) -> Entry<T> {
    Entry { row: 0, value }
}

fn made(plan: &SchoolPlan, wanted: &Wanted) -> Option<(Load, WeeklyLesson, Group)> {
    let classes = plan.classes.iter().map(|class| &class.value.name);
    let classes: Vec<ClassName> = classes
        .filter(|class| wanted.grades.contains(&class.grade()))
        .cloned()
        .collect();
    let lends = classes.first()?;
    let shift = plan.classes.iter().find(|one| one.value.name == *lends)?;
    let name = GroupName {
        class: lends.clone(),
        part: Part::Titled(Titled {
            title: wanted.title.to_owned(),
            kind: wanted.kind,
            several: Some(shift.value.shift),
            unmarked: wanted.kind == GroupWord::Club,
        }),
    };
    let pupils = plan.pupils.iter().map(|pupil| &pupil.value);
    let members = pupils
        .filter(|pupil| classes.contains(&pupil.class))
        .step_by(EVERY)
        .map(|pupil| pupil.code.clone())
        .collect();
    let subject = Subject::parse(wanted.title).ok()?;
    let (teacher, day, number) = when(plan, &classes, wanted.by)?;
    let lesson = WeeklyLesson {
        day,
        number,
        group: name.clone(),
        subject: subject.clone(),
        teacher: teacher.clone(),
        room: Room::parse("Актовый зал").ok(),
    };
    let load = Load {
        group: name.clone(),
        subject,
        hours: WeeklyHours::parse("1").ok()?,
        teacher,
    };
    Some((load, lesson, Group { name, members }))
}

/// The earliest lesson after those of all the classes at which somebody is free, one of the
/// subject before others.
fn when(plan: &SchoolPlan, classes: &[ClassName], by: &str) -> Option<(Code, DayName, u8)> {
    let last_bell = plan.bells.iter().map(|bell| bell.value.number).max()?;
    let lessons = || plan.timetable.iter().map(|lesson| &lesson.value);
    let loads = || plan.loads.iter().map(|load| &load.value);
    let of_subject = loads().filter(|load| load.subject.as_str() == by);
    let teachers: Vec<&Code> = of_subject
        .chain(loads())
        .map(|load| &load.teacher)
        .collect();
    let mut slots: Vec<(u8, DayName)> = Vec::new();
    for day in DAYS {
        let day = DayName::parse(day).ok()?;
        let of_classes =
            lessons().filter(|one| one.day == day && classes.contains(&one.group.class));
        let last = of_classes.map(|one| one.number).max().unwrap_or(0);
        slots.extend((last + 1..=last_bell).map(|number| (number, day)));
    }
    slots.sort_by_key(|(number, _)| *number);
    teachers.into_iter().find_map(|teacher| {
        let busy: BTreeSet<(u8, DayName)> = lessons()
            .filter(|one| one.teacher == *teacher)
            .map(|one| (one.number, one.day))
            .collect();
        let (number, day) = slots.iter().find(|slot| !busy.contains(slot))?;
        Some((teacher.clone(), *day, *number))
    })
}
