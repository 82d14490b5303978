//! What a lesson of the week refers to.

use std::collections::BTreeMap;

use super::{
    super::{Links, Need},
    Resolver,
};
use crate::domain::school_import::{
    findings::{Issue, Problem, Reason, RowRef},
    rows::{LessonRow, Rows},
    template::{SheetKind, col::timetable},
    value::{ClassName, GroupName, Part},
};

/// Which rows of bells give a lesson its time.
pub(super) struct Bells {
    /// By number, with the shift (`None`: all shifts).
    by_number: BTreeMap<u8, Vec<(Option<u8>, RowRef)>>,
    /// The lists for (number, shift) that have been asked for; `None` where there are no bells.
    lists: BTreeMap<(u8, Option<u8>), Option<usize>>,
}

impl Bells {
    pub(super) fn of(rows: &Rows) -> Self {
        let mut by_number: BTreeMap<u8, Vec<(Option<u8>, RowRef)>> = BTreeMap::new();
        for bell in &rows.bells {
            if let Some(number) = bell.number {
                let at = RowRef {
                    sheet: SheetKind::Bells,
                    row: bell.row,
                };
                by_number.entry(number).or_default().push((bell.shift, at));
            }
        }
        Self {
            by_number,
            lists: BTreeMap::new(),
        }
    }

    fn list(&mut self, number: u8, shift: Option<u8>, links: &mut Links) -> Option<usize> {
        let bells = self.by_number.get(&number);
        *self.lists.entry((number, shift)).or_insert_with(|| {
            let fitting: Vec<RowRef> = bells
                .into_iter()
                .flatten()
                .filter(|(of, _)| of.is_none() || shift.is_none() || *of == shift)
                .map(|(_, row)| *row)
                .collect();
            (!fitting.is_empty()).then(|| links.new_list(fitting))
        })
    }
}

impl Resolver<'_, '_> {
    pub(super) fn lesson(
        &mut self,
        lesson: &mut LessonRow,
        study_days: Option<u8>,
        has_loads: bool,
    ) {
        let at = RowRef {
            sheet: SheetKind::Timetable,
            row: lesson.row,
        };
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
            let problem = Problem::new(
                Reason::UnknownSubject,
                "Такого предмета нет в нагрузке",
                "Проверьте название по листу «Нагрузка»",
            );
            self.context.error(at, timetable::SUBJECT, problem);
        }
        if let Some(group) = &mut lesson.group {
            self.spell_group(at, timetable::GROUP, group);
            self.group_is_known(at, &group.value, has_loads);
            self.subgroup_has_its_subject(
                at,
                timetable::GROUP,
                &group.value,
                lesson.subject.as_ref(),
            );
        }
        if let Some(teacher) = &mut lesson.teacher {
            self.staff_code(at, timetable::TEACHER, teacher);
        }
    }

    fn group_is_known(&mut self, at: RowRef, group: &GroupName, has_loads: bool) {
        if let Some(list) = self.listed.get(group) {
            self.links.need(at, Need::OneOf(*list));
            return;
        }
        let class = self.classes.get(&group.class).copied();
        let made_by = match (&group.part, class) {
            (_, None) => None,
            (Part::Subgroup { .. }, Some(_)) if has_loads => {
                self.subgroups.get(group).copied().map(Need::OneOf)
            }
            (_, Some(class)) => Some(Need::Row(class)),
        };
        if let Some(need) = made_by {
            self.links.need(at, need);
            return;
        }
        let (message, hint) = if class.is_some() {
            (
                "Такой подгруппы нет в нагрузке",
                "Проверьте название по столбцу «Группа» листа «Нагрузка»",
            )
        } else {
            (
                "Такого класса в школе нет",
                "Проверьте класс по листу «Классы»",
            )
        };
        self.context.error(
            at,
            timetable::GROUP,
            Problem::new(Reason::UnknownGroup, message, hint),
        );
    }

    pub(super) fn bells_are_there(&mut self, rows: &Rows) -> bool {
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

    pub(super) fn lesson_number(
        &mut self,
        lesson: &LessonRow,
        bells: &mut Bells,
        shifts: &BTreeMap<ClassName, u8>,
    ) {
        let Some(number) = lesson.number else {
            return;
        };
        let at = RowRef {
            sheet: SheetKind::Timetable,
            row: lesson.row,
        };
        let shift = lesson
            .group
            .as_ref()
            .and_then(|g| shifts.get(&g.value.class))
            .copied();
        if let Some(list) = bells.list(number, shift, &mut self.links) {
            self.links.need(at, Need::OneOf(list));
            return;
        }
        let problem = Problem::new(
            Reason::UnknownLesson,
            "Для этого номера урока нет звонков",
            "Проверьте номер по листу «Звонки»",
        );
        self.context.error(at, timetable::NUMBER, problem);
    }
}
