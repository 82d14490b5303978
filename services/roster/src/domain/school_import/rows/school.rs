//! «Школа»: one field a row.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    school_import::{
        context::Context,
        fields::Fields,
        findings::{Issue, Problem, Reason, RowRef},
        plan::School,
        template::{SheetKind, col::school as col},
        value::{AcademicYear, Label, StudyWeek, Value, ZoneName},
    },
    text,
};

const FIELDS: [&str; 5] = [
    "Полное наименование",
    "Муниципалитет",
    "Учебный год",
    "Учебная неделя",
    "Часовой пояс",
];

pub(super) fn read(
    context: &mut Context<'_>,
) -> (Option<School>, Option<AcademicYear>, Option<u8>) {
    if !context.tables.contains_key(&SheetKind::School) {
        return (None, None, None);
    }
    let rows = find_fields(context);
    let full_name = field::<Label>(context, &rows, 0).map(Label::into_string);
    let municipality = field::<Label>(context, &rows, 1).map(Label::into_string);
    let year = field::<AcademicYear>(context, &rows, 2);
    let week = field::<StudyWeek>(context, &rows, 3);
    let zone = field::<ZoneName>(context, &rows, 4);
    let school = full_name
        .zip(municipality)
        .zip(year)
        .zip(week)
        .zip(zone)
        .map(|((((full_name, municipality), year), week), zone)| School {
            full_name,
            municipality,
            year,
            week,
            zone,
        });
    (school, year, week.map(StudyWeek::days))
}

fn field<T: Value>(
    context: &mut Context<'_>,
    rows: &BTreeMap<usize, u32>,
    field: usize,
) -> Option<T> {
    let row = *rows.get(&field)?;
    Fields::new(context, SheetKind::School, row).required(col::VALUE)
}

/// Which row has which field. Repeated fields and missing ones are errors, unknown ones notices.
fn find_fields(context: &mut Context<'_>) -> BTreeMap<usize, u32> {
    let rows: Vec<u32> = context
        .tables
        .get(&SheetKind::School)
        .map(|t| t.rows.iter().map(|r| r.number).collect())
        .unwrap_or_default();
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for row in rows {
        let Some(name) =
            Fields::new(context, SheetKind::School, row).spelled_required::<Label>(col::FIELD)
        else {
            continue;
        };
        let key = text::search_key(&name.value.canonical());
        match FIELDS.iter().position(|f| text::search_key(f) == key) {
            Some(field) if seen.insert(field) => {
                found.insert(field, row);
            }
            Some(_) => context.error(
                RowRef {
                    sheet: SheetKind::School,
                    row,
                },
                col::FIELD,
                Problem::new(
                    Reason::DuplicateField,
                    "Поле указано дважды",
                    "Оставьте одну строку",
                ),
            ),
            None => context.notice(
                SheetKind::School,
                vec![row],
                col::FIELD,
                Reason::IgnoredField,
                "Такого поля нет в форме, оно не загружается".to_owned(),
            ),
        }
    }
    for (field, name) in FIELDS.iter().enumerate() {
        if !found.contains_key(&field) {
            context.findings.broken(Issue {
                sheet: SheetKind::School.title().to_owned(),
                row: 0,
                column: context
                    .tables
                    .get(&SheetKind::School)
                    .and_then(|t| t.column(col::FIELD)),
                value: String::new(),
                reason: Reason::MissingField,
                message: format!("Нет поля «{name}»"),
                hint: "Добавьте строку с этим полем".to_owned(),
                at: None,
            });
        }
    }
    found
}
