//! Every code, class, group, subject and lesson number that a row names must be there.

mod groups;
mod lessons;
mod loads;

use std::collections::BTreeMap;

use super::{Links, Need, repeated};
use crate::domain::school_import::{
    context::Context,
    fields::Spelled,
    findings::{Problem, Reason, RowRef},
    rows::Rows,
    template::{
        SheetKind,
        col::{classes, guardians, pupils, staff},
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
    /// Subgroups and the lists of the rows of load that make them.
    subgroups: BTreeMap<GroupName, usize>,
    /// Groups of the sheet of groups and the lists of their rows.
    listed: BTreeMap<GroupName, usize>,
}

/// Resolves every reference in place, to the spelling of what it refers to.
pub(in crate::domain::school_import) fn resolve(
    rows: &mut Rows,
    context: &mut Context<'_>,
) -> Links {
    let mut links = Links::default();
    let staff_rows = rows.staff.iter().map(|r| (r.row, r.code.as_ref()));
    let staff = people(
        SheetKind::Staff,
        staff::CODE,
        staff_rows,
        context,
        &mut links,
    );
    let pupil_rows = rows.pupils.iter().map(|r| (r.row, r.code.as_ref()));
    let pupils = people(
        SheetKind::Pupils,
        pupils::CODE,
        pupil_rows,
        context,
        &mut links,
    );
    let mut classes_by_name = BTreeMap::new();
    for class in &rows.classes {
        let at = RowRef {
            sheet: SheetKind::Classes,
            row: class.row,
        };
        if let Some(name) = &class.name {
            if let Some(first) = classes_by_name.get(name) {
                context.error(
                    at,
                    classes::NAME,
                    repeated(Reason::DuplicateClass, "Класс", *first),
                );
                links.repeated.insert(at);
            } else {
                classes_by_name.insert(name.clone(), at);
            }
        }
    }
    let mut subjects = BTreeMap::new();
    let named = rows.loads.iter().map(|l| &l.subject).chain(
        rows.lessons
            .iter()
            .map(|l| &l.subject)
            .filter(|_| rows.loads.is_empty()),
    );
    for subject in named.flatten() {
        subjects
            .entry(subject.value.clone())
            .or_insert_with(|| subject.value.clone());
    }
    let mut resolver = Resolver {
        context,
        links,
        staff,
        classes: classes_by_name,
        subjects,
        subgroups: BTreeMap::new(),
        listed: BTreeMap::new(),
    };
    for class in &mut rows.classes {
        let at = RowRef {
            sheet: SheetKind::Classes,
            row: class.row,
        };
        if let Some(teacher) = &mut class.teacher {
            resolver.staff_code(at, classes::TEACHER, teacher);
        }
    }
    for pupil in &rows.pupils {
        let at = RowRef {
            sheet: SheetKind::Pupils,
            row: pupil.row,
        };
        if let Some(class) = &pupil.class {
            resolver.class(at, pupils::CLASS, class);
        }
    }
    for guardian in &mut rows.guardians {
        let at = RowRef {
            sheet: SheetKind::Guardians,
            row: guardian.row,
        };
        if let Some(pupil) = &mut guardian.pupil {
            resolver.code(
                at,
                guardians::PUPIL,
                pupil,
                &pupils,
                Reason::UnknownPupil,
                "Ученика с таким кодом нет",
                SheetKind::Pupils,
            );
        }
    }
    resolver.groups(&mut rows.groups, &pupils);
    let mut seen = BTreeMap::new();
    for load in &mut rows.loads {
        resolver.load(load, &mut seen);
    }
    let taught = taught(rows, &mut resolver.links);
    let lessons_have_bells = resolver.bells_are_there(rows);
    let mut bells = lessons::Bells::of(rows);
    let shifts: BTreeMap<ClassName, u8> = rows
        .classes
        .iter()
        .filter_map(|c| Some((c.name.clone()?, c.shift?)))
        .collect();
    for lesson in &mut rows.lessons {
        resolver.lesson(lesson, rows.study_days, !rows.loads.is_empty());
        if let Some(list) = lesson
            .subject
            .as_ref()
            .and_then(|subject| taught.get(&subject.value))
        {
            let at = RowRef {
                sheet: SheetKind::Timetable,
                row: lesson.row,
            };
            resolver.links.need(at, Need::OneOf(*list));
        }
        if lessons_have_bells {
            resolver.lesson_number(lesson, &mut bells, &shifts);
        }
    }
    resolver.links
}

/// The lists of the rows of load that name each subject: a lesson's subject is known
/// by them, so one of them must stay for the lesson to stay.
fn taught(rows: &Rows, links: &mut Links) -> BTreeMap<Subject, usize> {
    let mut by_subject: BTreeMap<Subject, Vec<RowRef>> = BTreeMap::new();
    for load in &rows.loads {
        if let Some(subject) = &load.subject {
            let at = RowRef {
                sheet: SheetKind::Loads,
                row: load.row,
            };
            by_subject
                .entry(subject.value.clone())
                .or_default()
                .push(at);
        }
    }
    by_subject
        .into_iter()
        .map(|(subject, rows)| (subject, links.new_list(rows)))
        .collect()
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
            context.error(
                at,
                column,
                repeated(Reason::DuplicateCode, "Такой код", *first),
            );
            links.repeated.insert(at);
        } else {
            found.insert(code.clone(), (at, code.clone()));
        }
    }
    found
}

impl Resolver<'_, '_> {
    fn staff_code(
        &mut self,
        at: RowRef,
        column: usize,
        code: &mut Spelled<Code>,
    ) -> Option<RowRef> {
        let staff = std::mem::take(&mut self.staff);
        let found = self.code(
            at,
            column,
            code,
            &staff,
            Reason::UnknownStaff,
            "Сотрудника с таким кодом нет",
            SheetKind::Staff,
        );
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
            self.context
                .error(at, column, Problem::new(reason, message, hint));
            return None;
        };
        self.context
            .normalised(at, column, &code.before, spelling.canonical(), Code::FORM);
        code.value = spelling.clone();
        self.links.need(at, Need::Row(*row));
        Some(*row)
    }

    fn class(&mut self, at: RowRef, column: usize, class: &ClassName) -> bool {
        match self.classes.get(class) {
            Some(row) => {
                self.links.need(at, Need::Row(*row));
                true
            }
            None => {
                let problem = Problem::new(
                    Reason::UnknownClass,
                    "Такого класса в школе нет",
                    "Проверьте класс по листу «Классы»",
                );
                self.context.error(at, column, problem);
                false
            }
        }
    }

    /// Takes the spelling in which the subject was first met.
    fn subject(&mut self, at: RowRef, column: usize, subject: &mut Spelled<Subject>) -> bool {
        let Some(spelling) = self.subjects.get(&subject.value) else {
            return false;
        };
        self.context.normalised(
            at,
            column,
            &subject.before,
            spelling.canonical(),
            Subject::FORM,
        );
        subject.value = spelling.clone();
        true
    }

    fn spell_group(&mut self, at: RowRef, column: usize, group: &mut Spelled<GroupName>) {
        if let Part::Subgroup { subject, .. } = &mut group.value.part
            && let Some(spelling) = self.subjects.get(subject)
        {
            *subject = spelling.clone();
        }
        self.context.normalised(
            at,
            column,
            &group.before,
            group.value.canonical(),
            GroupName::FORM,
        );
    }

    fn subgroup_has_its_subject(
        &mut self,
        at: RowRef,
        column: usize,
        group: &GroupName,
        given: Option<&Spelled<Subject>>,
    ) {
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
}
