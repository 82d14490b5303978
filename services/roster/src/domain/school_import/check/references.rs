//! Every code, class, group, subject and lesson number that a row names must be there.

use std::collections::{BTreeMap, BTreeSet};

use super::{Links, repeated};
use crate::domain::school_import::{
    context::Context,
    fields::Spelled,
    findings::{Issue, Problem, Reason, RowRef},
    rows::{LessonRow, LoadRow, Rows},
    template::{
        SheetKind,
        col::{classes, guardians, loads, pupils, staff, timetable},
    },
    value::{ClassName, Code, GroupName, Part, Subject, Value},
};

/// A row by its code, and the code as that row spells it.
type People = BTreeMap<Code, (RowRef, Code)>;

struct Resolver<'c, 'a> {
    context: &'c mut Context<'a>,
    links: Links,
    staff: People,
    classes: BTreeMap<ClassName, RowRef>,
    subjects: BTreeMap<Subject, Subject>,
    /// Subgroups and the rows of load that make them.
    subgroups: BTreeMap<GroupName, Vec<RowRef>>,
}

/// Resolves every reference in place, to the spelling of what it refers to.
pub(in crate::domain::school_import) fn resolve(rows: &mut Rows, context: &mut Context<'_>) -> Links {
    let mut links = Links::default();
    let staff_rows = rows.staff.iter().map(|r| (r.row, r.code.as_ref()));
    let staff = people(SheetKind::Staff, staff::CODE, staff_rows, context, &mut links);
    let pupil_rows = rows.pupils.iter().map(|r| (r.row, r.code.as_ref()));
    let pupils = people(SheetKind::Pupils, pupils::CODE, pupil_rows, context, &mut links);
    let mut classes_by_name = BTreeMap::new();
    for class in &rows.classes {
        let at = RowRef { sheet: SheetKind::Classes, row: class.row };
        if let Some(name) = &class.name {
            if let Some(first) = classes_by_name.get(name) {
                context.error(at, classes::NAME, repeated(Reason::DuplicateClass, "Класс", *first));
                links.repeated.insert(at);
            } else {
                classes_by_name.insert(name.clone(), at);
            }
        }
    }
    let mut subjects = BTreeMap::new();
    let named = rows.loads.iter().map(|l| &l.subject).chain(rows.lessons.iter().map(|l| &l.subject).filter(|_| rows.loads.is_empty()));
    for subject in named.flatten() {
        subjects.entry(subject.value.clone()).or_insert_with(|| subject.value.clone());
    }
    let mut resolver =
        Resolver { context, links, staff, classes: classes_by_name, subjects, subgroups: BTreeMap::new() };
    for class in &mut rows.classes {
        let at = RowRef { sheet: SheetKind::Classes, row: class.row };
        if let Some(teacher) = &mut class.teacher {
            resolver.staff_code(at, classes::TEACHER, teacher);
        }
    }
    for pupil in &rows.pupils {
        let at = RowRef { sheet: SheetKind::Pupils, row: pupil.row };
        if let Some(class) = &pupil.class {
            resolver.class(at, pupils::CLASS, class);
        }
    }
    for guardian in &mut rows.guardians {
        let at = RowRef { sheet: SheetKind::Guardians, row: guardian.row };
        if let Some(pupil) = &mut guardian.pupil {
            resolver.code(at, guardians::PUPIL, pupil, &pupils, Reason::UnknownPupil, "Ученика с таким кодом нет", SheetKind::Pupils);
        }
    }
    let mut seen = BTreeMap::new();
    for load in &mut rows.loads {
        resolver.load(load, &mut seen);
    }
    let lessons_have_bells = resolver.bells_are_there(rows);
    let bells = bells(rows);
    let shifts: BTreeMap<ClassName, u8> =
        rows.classes.iter().filter_map(|c| Some((c.name.clone()?, c.shift?))).collect();
    for lesson in &mut rows.lessons {
        resolver.lesson(lesson, rows.study_days, !rows.loads.is_empty());
        if lessons_have_bells {
            resolver.lesson_number(lesson, &bells, &shifts);
        }
    }
    resolver.links
}

fn people<'r>(
    sheet: SheetKind,
    column: usize,
    rows: impl Iterator<Item = (u32, Option<&'r Code>)>,
    context: &mut Context<'_>,
    links: &mut Links,
) -> People {
    let mut found = People::new();
    for (row, code) in rows {
        let at = RowRef { sheet, row };
        let Some(code) = code else {
            continue;
        };
        if let Some((first, _)) = found.get(code) {
            context.error(at, column, repeated(Reason::DuplicateCode, "Такой код", *first));
            links.repeated.insert(at);
        } else {
            found.insert(code.clone(), (at, code.clone()));
        }
    }
    found
}

/// For each lesson number, the bells that give it a time, by shift (`None`: all shifts).
type BellsByNumber = BTreeMap<u8, Vec<(Option<u8>, RowRef)>>;

fn bells(rows: &Rows) -> BellsByNumber {
    let mut bells = BellsByNumber::new();
    for bell in &rows.bells {
        if let Some(number) = bell.number {
            let at = RowRef { sheet: SheetKind::Bells, row: bell.row };
            bells.entry(number).or_default().push((bell.shift, at));
        }
    }
    bells
}

impl Resolver<'_, '_> {
    fn staff_code(&mut self, at: RowRef, column: usize, code: &mut Spelled<Code>) -> Option<RowRef> {
        let staff = std::mem::take(&mut self.staff);
        let found =
            self.code(at, column, code, &staff, Reason::UnknownStaff, "Сотрудника с таким кодом нет", SheetKind::Staff);
        self.staff = staff;
        found
    }

    #[allow(clippy::too_many_arguments)]
    fn code(
        &mut self,
        at: RowRef,
        column: usize,
        code: &mut Spelled<Code>,
        people: &People,
        reason: Reason,
        message: &'static str,
        listed_in: SheetKind,
    ) -> Option<RowRef> {
        let Some((row, spelling)) = people.get(&code.value) else {
            let hint = format!("Проверьте код по листу «{}»", listed_in.title());
            self.context.error(at, column, Problem::new(reason, message, hint));
            return None;
        };
        self.context.normalised(at, column, &code.before, spelling.canonical(), Code::FORM);
        code.value = spelling.clone();
        self.links.need(at, vec![*row]);
        Some(*row)
    }

    fn class(&mut self, at: RowRef, column: usize, class: &ClassName) -> bool {
        match self.classes.get(class) {
            Some(row) => {
                self.links.need(at, vec![*row]);
                true
            }
            None => {
                let problem = Problem::new(Reason::UnknownClass, "Такого класса в школе нет", "Проверьте класс по листу «Классы»");
                self.context.error(at, column, problem);
                false
            }
        }
    }

    fn load(&mut self, load: &mut LoadRow, seen: &mut BTreeMap<(GroupName, Subject, Code), RowRef>) {
        let at = RowRef { sheet: SheetKind::Loads, row: load.row };
        if let Some(subject) = &mut load.subject {
            self.subject(at, loads::SUBJECT, subject);
        }
        if let Some(group) = &mut load.group {
            let known = self.class(at, loads::GROUP, &group.value.class);
            self.spell_group(at, loads::GROUP, group);
            if let Some(class) = &load.class
                && *class != group.value.class
            {
                let problem = Problem::new(Reason::ClassMismatch, "Класс не тот, что в названии группы", "Исправьте одно из двух");
                self.context.error(at, loads::CLASS, problem);
            }
            self.subgroup_has_its_subject(at, loads::GROUP, &group.value, load.subject.as_ref());
            if known && matches!(group.value.part, Part::Subgroup { .. }) {
                self.subgroups.entry(group.value.clone()).or_default().push(at);
            }
        }
        if let Some(teacher) = &mut load.teacher {
            self.staff_code(at, loads::TEACHER, teacher);
        }
        if let (Some(group), Some(subject), Some(teacher)) = (&load.group, &load.subject, &load.teacher) {
            let key = (group.value.clone(), subject.value.clone(), teacher.value.clone());
            if let Some(first) = seen.get(&key) {
                self.context.error(at, loads::SUBJECT, repeated(Reason::DuplicateRow, "Такая нагрузка", *first));
                self.links.repeated.insert(at);
            } else {
                seen.insert(key, at);
            }
        }
    }

    fn lesson(&mut self, lesson: &mut LessonRow, study_days: Option<u8>, has_loads: bool) {
        let at = RowRef { sheet: SheetKind::Timetable, row: lesson.row };
        if let Some((day, days)) = lesson.day.zip(study_days)
            && day.weekday().to_monday_one_offset() > i8::try_from(days).unwrap_or(7)
        {
            let problem = Problem::new(
                Reason::DayOutsideWeek,
                "Этот день недели не учебный",
                "Проверьте день и поле «Учебная неделя» на листе «Школа»",
            );
            self.context.error(at, timetable::DAY, problem);
        }
        if let Some(subject) = &mut lesson.subject
            && !self.subject(at, timetable::SUBJECT, subject)
        {
            let problem = Problem::new(Reason::UnknownSubject, "Такого предмета нет в нагрузке", "Проверьте название по листу «Нагрузка»");
            self.context.error(at, timetable::SUBJECT, problem);
        }
        if let Some(group) = &mut lesson.group {
            self.spell_group(at, timetable::GROUP, group);
            self.group_is_known(at, &group.value, has_loads);
            self.subgroup_has_its_subject(at, timetable::GROUP, &group.value, lesson.subject.as_ref());
        }
        if let Some(teacher) = &mut lesson.teacher {
            self.staff_code(at, timetable::TEACHER, teacher);
        }
    }

    fn group_is_known(&mut self, at: RowRef, group: &GroupName, has_loads: bool) {
        let class = self.classes.get(&group.class).copied();
        let made_by = match (&group.part, class) {
            (_, None) => None,
            (Part::Subgroup { .. }, Some(_)) if has_loads => self.subgroups.get(group).cloned(),
            (_, Some(class)) => Some(vec![class]),
        };
        if let Some(rows) = made_by {
            self.links.need(at, rows);
            return;
        }
        let (message, hint) = if class.is_some() {
            ("Такой подгруппы нет в нагрузке", "Проверьте название по столбцу «Группа» листа «Нагрузка»")
        } else {
            ("Такого класса в школе нет", "Проверьте класс по листу «Классы»")
        };
        self.context.error(at, timetable::GROUP, Problem::new(Reason::UnknownGroup, message, hint));
    }

    /// Takes the spelling in which the subject was first met.
    fn subject(&mut self, at: RowRef, column: usize, subject: &mut Spelled<Subject>) -> bool {
        let Some(spelling) = self.subjects.get(&subject.value) else {
            return false;
        };
        self.context.normalised(at, column, &subject.before, spelling.canonical(), Subject::FORM);
        subject.value = spelling.clone();
        true
    }

    fn spell_group(&mut self, at: RowRef, column: usize, group: &mut Spelled<GroupName>) {
        if let Part::Subgroup { subject, .. } = &mut group.value.part
            && let Some(spelling) = self.subjects.get(subject)
        {
            *subject = spelling.clone();
        }
        self.context.normalised(at, column, &group.before, group.value.canonical(), GroupName::FORM);
    }

    fn subgroup_has_its_subject(&mut self, at: RowRef, column: usize, group: &GroupName, given: Option<&Spelled<Subject>>) {
        if let (Part::Subgroup { subject, .. }, Some(given)) = (&group.part, given)
            && *subject != given.value
        {
            let problem = Problem::new(
                Reason::GroupSubjectMismatch,
                "Подгруппа названа по другому предмету",
                "Предмет в названии подгруппы и в столбце «Предмет» должен быть один",
            );
            self.context.error(at, column, problem);
        }
    }

    fn bells_are_there(&mut self, rows: &Rows) -> bool {
        let there = self.context.tables.contains_key(&SheetKind::Bells);
        if !there && !rows.lessons.is_empty() {
            self.context.findings.broken(Issue {
                sheet: SheetKind::Bells.title().to_owned(),
                row: 0,
                column: None,
                value: String::new(),
                reason: Reason::MissingSheet,
                message: "Есть расписание, но нет звонков".to_owned(),
                hint: "Добавьте лист «Звонки»".to_owned(),
                at: None,
            });
        }
        there
    }

    fn lesson_number(&mut self, lesson: &LessonRow, bells: &BellsByNumber, shifts: &BTreeMap<ClassName, u8>) {
        let Some(number) = lesson.number else {
            return;
        };
        let at = RowRef { sheet: SheetKind::Timetable, row: lesson.row };
        let shift = lesson.group.as_ref().and_then(|g| shifts.get(&g.value.class)).copied();
        let fitting: BTreeSet<RowRef> = bells
            .get(&number)
            .into_iter()
            .flatten()
            .filter(|(of, _)| of.is_none() || shift.is_none() || *of == shift)
            .map(|(_, row)| *row)
            .collect();
        if fitting.is_empty() {
            let problem = Problem::new(Reason::UnknownLesson, "Для этого номера урока нет звонков", "Проверьте номер по листу «Звонки»");
            self.context.error(at, timetable::NUMBER, problem);
        } else {
            self.links.need(at, fitting.into_iter().collect());
        }
    }
}
