//! The plan as the form has it: the same columns, canonical spellings. For export and comparison.
//!
//! Invariant, kept by a test: importing what is exported gives the same plan without a finding.

use super::{
    book::{Book, Cell, Row, Sheet},
    plan::{Guardian, GuardianLink, SchoolPlan},
    template::SheetKind,
    value::{GroupWord, Part, PersonName, Value, YesNo},
};

/// One row of the form.
pub(super) struct FormRow {
    /// The row that it came from.
    pub(super) row: u32,
    /// What makes it this row and no other, among the rows of its sheet.
    pub(super) key: String,
    /// One cell per column of the form, empty where there is nothing.
    pub(super) cells: Vec<String>,
}

fn form_row(row: u32, key: &[String], cells: Vec<String>) -> FormRow {
    FormRow {
        row,
        key: key.join("\u{1f}"),
        cells,
    }
}

/// The rows of one sheet.
pub(super) fn rows(plan: &SchoolPlan, sheet: SheetKind) -> Vec<FormRow> {
    match sheet {
        SheetKind::School => school(plan),
        SheetKind::Staff => staff(plan),
        SheetKind::Classes => classes(plan),
        SheetKind::Pupils => pupils(plan),
        SheetKind::Guardians => guardians(plan),
        SheetKind::Groups => listed(plan),
        SheetKind::Loads => loads(plan),
        SheetKind::Bells => bells(plan),
        SheetKind::Periods => periods(plan),
        SheetKind::DaysOff => days_off(plan),
        SheetKind::Timetable => timetable(plan),
    }
}

/// The plan as a workbook of the form.
pub fn to_book(plan: &SchoolPlan) -> Book {
    let sheets = SheetKind::ALL.into_iter().map(|kind| {
        let headers: Vec<String> = kind.columns().iter().map(|c| c.header.to_owned()).collect();
        let rows =
            std::iter::once(headers).chain(rows(plan, kind).into_iter().map(|row| row.cells));
        let rows = rows.zip(1u32..).map(|(cells, number)| Row {
            number,
            cells: cells
                .into_iter()
                .zip(0u16..)
                .filter(|(c, _)| !c.is_empty())
                .map(|(c, at)| (at, Cell::Text(c)))
                .collect(),
        });
        Sheet {
            title: kind.title().to_owned(),
            rows: rows.collect(),
        }
    });
    Book {
        sheets: sheets.collect(),
        other_sheets: Vec::new(),
    }
}

fn text<T: Value>(value: Option<&T>) -> String {
    value.map(Value::canonical).unwrap_or_default()
}

fn name(name: &PersonName) -> [String; 3] {
    [
        name.surname.canonical(),
        name.given.canonical(),
        text(name.patronymic.as_ref()),
    ]
}

fn school(plan: &SchoolPlan) -> Vec<FormRow> {
    let school = &plan.school;
    let fields = [
        ("Полное наименование", school.full_name.clone()),
        ("Муниципалитет", school.municipality.clone()),
        ("Учебный год", school.year.canonical()),
        ("Учебная неделя", school.week.canonical()),
        ("Часовой пояс", school.zone.canonical()),
    ];
    let rows = fields.into_iter().zip(2u32..);
    rows.map(|((field, value), row)| {
        form_row(row, &[field.to_owned()], vec![field.to_owned(), value])
    })
    .collect()
}

fn staff(plan: &SchoolPlan) -> Vec<FormRow> {
    let rows = plan.staff.iter().map(|entry| {
        let member = &entry.value;
        let [surname, given, patronymic] = name(&member.name);
        let code = member.code.canonical();
        let cells = vec![
            code.clone(),
            surname,
            given,
            patronymic,
            member.post.canonical(),
            text(member.phone.as_ref()),
            text(member.email.as_ref()),
        ];
        form_row(entry.row, &[code], cells)
    });
    rows.collect()
}

fn classes(plan: &SchoolPlan) -> Vec<FormRow> {
    let rows = plan.classes.iter().map(|entry| {
        let class = &entry.value;
        let cells = vec![
            class.name.canonical(),
            class.name.grade().to_string(),
            class.name.letter().to_owned(),
            text(class.teacher.as_ref()),
            class.level.canonical(),
            class.shift.to_string(),
        ];
        form_row(entry.row, &[class.name.canonical()], cells)
    });
    rows.collect()
}

fn pupils(plan: &SchoolPlan) -> Vec<FormRow> {
    let rows = plan.pupils.iter().map(|entry| {
        let pupil = &entry.value;
        let [surname, given, patronymic] = name(&pupil.name);
        let code = pupil.code.canonical();
        let cells = vec![
            code.clone(),
            surname,
            given,
            patronymic,
            pupil.sex.canonical(),
            pupil.born.canonical(),
            pupil.class.canonical(),
            pupil.form.canonical(),
            pupil.subgroup.map(|n| n.to_string()).unwrap_or_default(),
            text(pupil.snils.as_ref()),
        ];
        form_row(entry.row, &[code], cells)
    });
    rows.collect()
}

/// One row per child, in the order of the file.
fn guardians(plan: &SchoolPlan) -> Vec<FormRow> {
    let ties = plan
        .guardians
        .iter()
        .flat_map(|person| person.children.iter().map(move |tie| (person, tie)));
    let mut rows: Vec<FormRow> = ties
        .map(|(person, tie)| guardian(person, &tie.value, tie.row))
        .collect();
    rows.sort_by_key(|row| row.row);
    rows
}

fn guardian(person: &Guardian, tie: &GuardianLink, row: u32) -> FormRow {
    let [surname, given, patronymic] = name(&person.name);
    let pupil = tie.pupil.canonical();
    let representative = if tie.representative {
        YesNo::Yes
    } else {
        YesNo::No
    };
    let key = [
        pupil.clone(),
        person.name.search_key(),
        tie.relation.canonical(),
    ];
    let cells = vec![
        pupil,
        surname,
        given,
        patronymic,
        tie.relation.canonical(),
        text(person.phone.as_ref()),
        text(person.email.as_ref()),
        tie.informing.canonical(),
        representative.canonical(),
    ];
    form_row(row, &key, cells)
}

/// The members of a class, whose number they have, are not here.
fn listed(plan: &SchoolPlan) -> Vec<FormRow> {
    let rows = plan.listed.iter().map(|entry| {
        let group = &entry.value.group;
        let title = group.canonical();
        let pupil = text(entry.value.pupil.as_ref());
        let (kind, several, unmarked) = match &group.part {
            Part::Titled(of) => (of.kind, of.several, of.unmarked),
            Part::Whole | Part::Subgroup { .. } => (GroupWord::Subgroup, None, false),
        };
        let (class, grade, shift) = match several {
            Some(shift) => {
                let grade = group.class.grade().to_string();
                (String::new(), grade, shift.to_string())
            }
            None => (group.class.canonical(), String::new(), String::new()),
        };
        let marks = if unmarked { YesNo::No } else { YesNo::Yes };
        let key = [title.clone(), pupil.clone()];
        let cells = vec![
            title,
            kind.canonical(),
            class,
            grade,
            shift,
            marks.canonical(),
            pupil,
        ];
        form_row(entry.row, &key, cells)
    });
    rows.collect()
}

fn loads(plan: &SchoolPlan) -> Vec<FormRow> {
    let rows = plan.loads.iter().map(|entry| {
        let load = &entry.value;
        let cells = vec![
            load.group.canonical(),
            match &load.group.part {
                Part::Titled(of) if of.several.is_some() => String::new(),
                _ => load.group.class.canonical(),
            },
            load.subject.canonical(),
            load.hours.canonical(),
            load.teacher.canonical(),
        ];
        form_row(
            entry.row,
            &[
                load.group.canonical(),
                load.subject.canonical(),
                load.teacher.canonical(),
            ],
            cells,
        )
    });
    rows.collect()
}

fn bells(plan: &SchoolPlan) -> Vec<FormRow> {
    let rows = plan.bells.iter().map(|entry| {
        let bell = &entry.value;
        let shift = bell.shift.map(|n| n.to_string()).unwrap_or_default();
        let number = bell.number.to_string();
        let cells = vec![
            number.clone(),
            bell.starts.canonical(),
            bell.ends.canonical(),
            shift.clone(),
        ];
        form_row(entry.row, &[shift, number], cells)
    });
    rows.collect()
}

fn periods(plan: &SchoolPlan) -> Vec<FormRow> {
    let rows = plan.periods.iter().map(|entry| {
        let period = &entry.value;
        let (name, grades) = (period.name.canonical(), period.grades.canonical());
        let cells = vec![
            name.clone(),
            period.starts.canonical(),
            period.ends.canonical(),
            grades.clone(),
        ];
        form_row(entry.row, &[name, grades], cells)
    });
    rows.collect()
}

fn days_off(plan: &SchoolPlan) -> Vec<FormRow> {
    let rows = plan.days_off.iter().map(|entry| {
        let day = entry.value.date.canonical();
        form_row(
            entry.row,
            std::slice::from_ref(&day),
            vec![day.clone(), entry.value.title.clone()],
        )
    });
    rows.collect()
}

fn timetable(plan: &SchoolPlan) -> Vec<FormRow> {
    let rows = plan.timetable.iter().map(|entry| {
        let lesson = &entry.value;
        let (day, number, group) = (
            lesson.day.canonical(),
            lesson.number.to_string(),
            lesson.group.canonical(),
        );
        let cells = vec![
            day.clone(),
            number.clone(),
            group.clone(),
            lesson.subject.canonical(),
            lesson.teacher.canonical(),
            text(lesson.room.as_ref()),
        ];
        form_row(entry.row, &[day, number, group], cells)
    });
    rows.collect()
}
