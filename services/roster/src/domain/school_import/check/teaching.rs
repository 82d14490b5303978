//! Warnings about classes, load and timetable. They depend on which rows are taken.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::school_import::{
    context::{Capped, Context},
    findings::{Issue, Problem, Reason, RowRef},
    rows::{LessonRow, LoadRow, PupilRow, Rows},
    template::{
        SheetKind,
        col::{classes, loads, pupils, timetable},
    },
    value::{Code, DayName, GroupName, Part, Room, Subject, WeeklyHours},
};

/// Which rows are looked at.
pub(in crate::domain::school_import) struct View<'v> {
    /// Rows that are taken.
    pub(in crate::domain::school_import) taken: &'v dyn Fn(RowRef) -> bool,
    /// Rows that count as there. In a preview this is more than the rows taken: a row that is refused
    /// for its lesson number is still meant as a lesson, and saying that it is missing too would only
    /// repeat the error.
    pub(in crate::domain::school_import) meant: &'v dyn Fn(RowRef) -> bool,
}

pub(in crate::domain::school_import) fn warnings(
    rows: &Rows,
    context: &Context<'_>,
    view: &View<'_>,
) -> Capped<Issue> {
    let mut found = Capped::default();
    if !rows.loads.is_empty() && !rows.lessons.is_empty() {
        hours(rows, context, view, &mut found);
    }
    double_bookings(rows, context, view, &mut found);
    classes_and_groups(rows, context, view, &mut found);
    found
}

fn of_load(row: &LoadRow) -> RowRef {
    RowRef {
        sheet: SheetKind::Loads,
        row: row.row,
    }
}

fn of_lesson(row: &LessonRow) -> RowRef {
    RowRef {
        sheet: SheetKind::Timetable,
        row: row.row,
    }
}

type Taught = (GroupName, Subject);

/// Load against timetable, per group and subject.
fn hours(rows: &Rows, context: &Context<'_>, view: &View<'_>, found: &mut Capped<Issue>) {
    let mut planned: BTreeMap<Taught, Vec<&LoadRow>> = BTreeMap::new();
    for load in rows.loads.iter().filter(|l| (view.meant)(of_load(l))) {
        if let (Some(group), Some(subject)) = (&load.group, &load.subject) {
            planned
                .entry((group.value.clone(), subject.value.clone()))
                .or_default()
                .push(load);
        }
    }
    let mut held: BTreeMap<Taught, Vec<&LessonRow>> = BTreeMap::new();
    for lesson in rows.lessons.iter().filter(|l| (view.meant)(of_lesson(l))) {
        if let (Some(group), Some(subject)) = (&lesson.group, &lesson.subject) {
            held.entry((group.value.clone(), subject.value.clone()))
                .or_default()
                .push(lesson);
        }
    }
    for (taught, loads) in &planned {
        let lessons = held.get(taught).map(Vec::as_slice).unwrap_or_default();
        // A row whose hours could not be read is an error already.
        if loads.iter().all(|load| load.hours.is_some()) {
            let halves: u32 = loads
                .iter()
                .filter_map(|l| l.hours)
                .map(|h| u32::from(h.halves()))
                .sum();
            hours_differ(loads, halves, lessons, context, found);
        }
        teachers_differ(loads, lessons, context, found);
    }
    for (taught, lessons) in &held {
        if let (None, Some(first)) = (planned.get(taught), lessons.first()) {
            let message = format!(
                "Уроки есть в расписании ({} в неделю), а нагрузки нет",
                lessons.len()
            );
            let problem = Problem::new(
                Reason::LessonNotInLoad,
                message,
                "Добавьте строку на лист «Нагрузка» или уберите уроки",
            );
            found.push(context.issue(of_lesson(first), timetable::SUBJECT, problem));
        }
    }
}

fn hours_differ(
    loads: &[&LoadRow],
    halves: u32,
    lessons: &[&LessonRow],
    context: &Context<'_>,
    found: &mut Capped<Issue>,
) {
    let held = u32::try_from(lessons.len()).unwrap_or(u32::MAX / 2) * 2;
    let Some(first) = loads.first().filter(|_| held != halves) else {
        return;
    };
    let (reason, difference) = if held < halves {
        (
            Reason::LoadNotInTimetable,
            format!("не хватает {}", WeeklyHours::shown(halves - held)),
        )
    } else {
        (
            Reason::TimetableOverLoad,
            format!("лишних {}", WeeklyHours::shown(held - halves)),
        )
    };
    let message = format!(
        "Часов в нагрузке {}, уроков в расписании {}: {difference}",
        WeeklyHours::shown(halves),
        lessons.len()
    );
    let problem = Problem::new(
        reason,
        message,
        "Дополните расписание или исправьте нагрузку",
    );
    found.push(context.issue(of_load(first), loads::HOURS, problem));
}

fn teachers_differ(
    loads: &[&LoadRow],
    lessons: &[&LessonRow],
    context: &Context<'_>,
    found: &mut Capped<Issue>,
) {
    // While a row of load names nobody we know, its lessons may well be that person's.
    if loads
        .iter()
        .any(|load| load.teacher.is_none() || context.is_bad(of_load(load)))
    {
        return;
    }
    let teachers: BTreeSet<&Code> = loads
        .iter()
        .filter_map(|l| l.teacher.as_ref())
        .map(|t| &t.value)
        .collect();
    for lesson in lessons
        .iter()
        .filter(|lesson| !context.is_bad(of_lesson(lesson)))
    {
        if lesson
            .teacher
            .as_ref()
            .is_some_and(|t| !teachers.contains(&t.value))
        {
            let problem = Problem::new(
                Reason::TeacherDiffersFromLoad,
                "В нагрузке этот предмет группы ведёт другой учитель",
                "Исправьте учителя в расписании или в нагрузке",
            );
            found.push(context.issue(of_lesson(lesson), timetable::TEACHER, problem));
        }
    }
}

/// A teacher or a room in two lessons at once. Joint lessons exist, hence no errors.
fn double_bookings(rows: &Rows, context: &Context<'_>, view: &View<'_>, found: &mut Capped<Issue>) {
    let shifts = Clocks::of(rows);
    let mut teachers: BTreeMap<(DayName, u8, Option<u8>, &Code), &LessonRow> = BTreeMap::new();
    let mut rooms: BTreeMap<(DayName, u8, Option<u8>, &Room), &LessonRow> = BTreeMap::new();
    for lesson in rows.lessons.iter().filter(|l| (view.taken)(of_lesson(l))) {
        let (Some(day), Some(number), Some(group)) = (lesson.day, lesson.number, &lesson.group)
        else {
            continue;
        };
        let clock = shifts.clock_of(&group.value);
        let mut with_same_teacher = None;
        if let Some(teacher) = &lesson.teacher {
            let first = *teachers
                .entry((day, number, clock, &teacher.value))
                .or_insert(lesson);
            if first.row != lesson.row {
                with_same_teacher = Some(first.row);
                let problem = Problem::new(
                    Reason::TeacherDoubleBooked,
                    format!("Учитель уже ведёт урок в этот час: строка {}", first.row),
                    "Если это не общий урок, исправьте расписание",
                );
                found.push(context.issue(of_lesson(lesson), timetable::TEACHER, problem));
            }
        }
        if let Some(room) = &lesson.room {
            let first = *rooms.entry((day, number, clock, room)).or_insert(lesson);
            if first.row != lesson.row && with_same_teacher != Some(first.row) {
                let problem = Problem::new(
                    Reason::RoomDoubleBooked,
                    format!("Кабинет уже занят в этот час: строка {}", first.row),
                    "Если это не общий урок, исправьте расписание",
                );
                found.push(context.issue(of_lesson(lesson), timetable::ROOM, problem));
            }
        }
    }
}

/// Lesson 1 of two shifts is at two times if each shift has its own bells.
struct Clocks<'r> {
    by_class: BTreeMap<&'r crate::domain::school_import::value::ClassName, u8>,
    differ: bool,
}

impl<'r> Clocks<'r> {
    fn of(rows: &'r Rows) -> Self {
        let differ = rows.bells.iter().any(|bell| bell.shift.is_some());
        Self {
            by_class: rows
                .classes
                .iter()
                .filter_map(|c| Some((c.name.as_ref()?, c.shift?)))
                .collect(),
            differ,
        }
    }

    fn clock_of(&self, group: &GroupName) -> Option<u8> {
        self.by_class
            .get(&group.class)
            .copied()
            .filter(|_| self.differ)
    }
}

fn classes_and_groups(
    rows: &Rows,
    context: &Context<'_>,
    view: &View<'_>,
    found: &mut Capped<Issue>,
) {
    let divided: BTreeMap<_, RowRef> = rows
        .loads
        .iter()
        .filter(|load| (view.taken)(of_load(load)))
        .filter_map(|load| Some((&load.group.as_ref()?.value, of_load(load))))
        .filter(|(group, _)| matches!(group.part, Part::Subgroup { .. }))
        .filter(|(group, _)| {
            !rows
                .groups
                .iter()
                .any(|row| row.name.as_ref() == Some(group))
        })
        .rev()
        .collect();
    let pupils_of = |look: &'_ dyn Fn(RowRef) -> bool| -> Vec<_> {
        let at = |p: &PupilRow| RowRef {
            sheet: SheetKind::Pupils,
            row: p.row,
        };
        let pupils = rows.pupils.iter().filter(|p| look(at(p)));
        pupils
            .filter_map(|p| Some((p, p.class.as_ref()?)))
            .collect()
    };
    let meant = pupils_of(view.meant);
    let has_pupils: BTreeSet<_> = meant.iter().map(|(_, class)| *class).collect();
    let in_subgroups: BTreeSet<_> = meant
        .iter()
        .filter_map(|(p, class)| Some((*class, p.subgroup?)))
        .collect();
    let divided_classes: BTreeSet<_> = divided.keys().map(|group| &group.class).collect();
    for (pupil, class) in pupils_of(view.taken) {
        if pupil.subgroup.is_none() && divided_classes.contains(class) {
            let at = RowRef {
                sheet: SheetKind::Pupils,
                row: pupil.row,
            };
            let problem = Problem::new(
                Reason::PupilWithoutSubgroup,
                "Класс делится на подгруппы, а подгруппа не указана",
                "Впишите номер подгруппы, иначе ученика не будет ни в одной",
            );
            found.push(context.issue(at, pupils::SUBGROUP, problem));
        }
    }
    for (group, at) in &divided {
        if let Part::Subgroup { number, .. } = group.part
            && has_pupils.contains(&group.class)
            && !in_subgroups.contains(&(&group.class, number))
        {
            let problem = Problem::new(
                Reason::EmptySubgroup,
                "В этой подгруппе нет учеников",
                "Проверьте столбец «Подгруппа» на листе «Ученики»",
            );
            found.push(context.issue(*at, loads::GROUP, problem));
        }
    }
    for class in &rows.classes {
        let at = RowRef {
            sheet: SheetKind::Classes,
            row: class.row,
        };
        let Some(name) = class.name.as_ref().filter(|_| (view.taken)(at)) else {
            continue;
        };
        if class.teacher.is_none() {
            let problem = Problem::new(
                Reason::ClassWithoutTeacher,
                "У класса нет классного руководителя",
                "Впишите код сотрудника",
            );
            found.push(context.issue(at, classes::TEACHER, problem));
        }
        if !has_pupils.contains(name) {
            let problem = Problem::new(
                Reason::ClassWithoutPupils,
                "В классе нет учеников",
                "Проверьте столбец «Класс» на листе «Ученики»",
            );
            found.push(context.issue(at, classes::NAME, problem));
        }
        let mut periods = rows.periods.iter().filter_map(|p| p.value.as_ref());
        if !periods.any(|period| period.grades.contains(name.grade())) {
            let problem = Problem::new(
                Reason::ClassWithoutPeriods,
                "Для параллели класса нет учебных периодов, уроков по датам не будет",
                "Проверьте столбец «Параллели» на листе «Учебные периоды»",
            );
            found.push(context.issue(at, classes::NAME, problem));
        }
    }
}
