//! First worksheet: a row per pupil, two columns per subject, figures below.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::super::{ClassSheet, PRELIMINARY, moment};
use super::style::Style;
use crate::domain::average::Average;
use crate::domain::class_summary::{ClassSummary, PupilRow};
use crate::domain::performance::{Outcomes, Percent};
use crate::domain::tally::Tally;

/// First row of the heading, which is two rows high.
const HEAD: u32 = 6;
/// First row of pupils.
const BODY: u32 = HEAD + 2;
/// First column of subjects.
const SUBJECTS: u16 = 2;
/// Columns behind the subjects.
const TAIL: [&str; 6] = [
    "Средний балл",
    "Пропущено всего",
    "По болезни (б)",
    "Уважительно (у)",
    "Без причины (н)",
    "Опозданий (оп)",
];

pub(super) fn write(
    page: &mut Worksheet,
    sheet: &ClassSheet,
    style: &Style,
) -> Result<(), XlsxError> {
    let summary = &sheet.summary;
    page.set_name("Сводная ведомость")?;
    masthead(page, sheet, style)?;
    head(page, &summary.subjects, style)?;
    for (row, (number, pupil)) in (BODY..).zip((1u32..).zip(&summary.pupils)) {
        page.write_number_with_format(row, 0, number, &style.count)?;
        page.write_string_with_format(row, 1, &pupil.name, &style.text)?;
        body(page, row, pupil, style)?;
    }
    let below = BODY + u32::try_from(summary.pupils.len()).unwrap_or(u32::MAX / 2);
    let below = figures(page, below, summary, style)?;
    standing(page, below + 1, summary, style)?;

    page.set_column_width(0, 5)?;
    page.set_column_width(1, 36)?;
    for column in (SUBJECTS..tail(summary.subjects.len())).step_by(2) {
        page.set_column_width(column, 5.2)?;
        page.set_column_width(column + 1, 4.6)?;
    }
    let tail = tail(summary.subjects.len());
    page.set_column_range_width(tail, tail + 5, 6)?;
    page.set_freeze_panes(BODY, SUBJECTS)?;
    page.set_repeat_rows(HEAD, BODY - 1)?;
    page.set_repeat_columns(0, 1)?;
    page.set_landscape();
    page.set_paper_size(9);
    page.set_print_fit_to_pages(1, 0);
    page.set_margins(0.4, 0.4, 0.4, 0.6, 0.3, 0.3);
    page.set_footer("&R&8Страница &P из &N");
    Ok(())
}

fn masthead(page: &mut Worksheet, sheet: &ClassSheet, style: &Style) -> Result<(), XlsxError> {
    let teacher = match sheet.class_teacher.as_str() {
        "" => String::new(),
        name => format!(". Классный руководитель: {name}"),
    };
    page.write_string_with_format(0, 0, &sheet.school, &style.subtitle)?;
    page.write_string_with_format(
        1,
        0,
        "Сводная ведомость успеваемости и посещаемости",
        &style.title,
    )?;
    page.write_string_with_format(
        2,
        0,
        format!("{} класс, {}", sheet.class, sheet.period),
        &style.subtitle,
    )?;
    page.write_string_with_format(
        3,
        0,
        format!("По состоянию на {}{teacher}", moment(&sheet.as_of)),
        &style.subtitle,
    )?;
    let note = "Предварительно: отметки за период ещё не выставлены. Успеваемость, качество и СОУ посчитаны по среднему \
                баллу, округлённому по правилам математики в пользу ученика; ученики без отметок не учтены.";
    page.write_string_with_format(4, 0, note, &style.note)?;
    Ok(())
}

fn head(page: &mut Worksheet, subjects: &[String], style: &Style) -> Result<(), XlsxError> {
    page.merge_range(HEAD, 0, HEAD + 1, 0, "№", &style.head)?;
    page.merge_range(HEAD, 1, HEAD + 1, 1, "Фамилия, имя, отчество", &style.head)?;
    for (column, subject) in (SUBJECTS..).step_by(2).zip(subjects) {
        page.merge_range(HEAD, column, HEAD, column + 1, subject, &style.upright)?;
        page.write_string_with_format(HEAD + 1, column, "ср.", &style.head)?;
        page.write_string_with_format(HEAD + 1, column + 1, "отм.", &style.head)?;
    }
    for (column, title) in (tail(subjects.len())..).zip(TAIL) {
        page.merge_range(HEAD, column, HEAD + 1, column, title, &style.upright)?;
    }
    page.set_row_height(HEAD, 130)?;
    Ok(())
}

fn body(page: &mut Worksheet, row: u32, pupil: &PupilRow, style: &Style) -> Result<(), XlsxError> {
    for (column, cell) in (SUBJECTS..).step_by(2).zip(&pupil.cells) {
        match cell {
            None => {
                page.write_string_with_format(row, column, "×", &style.faint)?;
                page.write_blank(row, column + 1, &style.text)?;
            }
            Some(tally) => {
                mean(page, row, column, tally.average(), style)?;
                page.write_number_with_format(row, column + 1, tally.marks, &style.count)?;
            }
        }
    }
    let column = tail(pupil.cells.len());
    let absences = pupil.absences;
    mean(page, row, column, pupil.overall, style)?;
    let counts = [
        absences.missed(),
        absences.ill,
        absences.excused,
        absences.absent,
        absences.late,
    ];
    for (column, count) in (column + 1..).zip(counts) {
        page.write_number_with_format(row, column, count, &style.count)?;
    }
    Ok(())
}

/// Rounded here and not by the program that shows it: everybody sees the same.
fn mean(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    mean: Option<Average>,
    style: &Style,
) -> Result<(), XlsxError> {
    match mean {
        None => page.write_string_with_format(row, column, "–", &style.faint)?,
        Some(mean) => {
            let format = if mean.mark() < 3 {
                &style.low
            } else {
                &style.mean
            };
            page.write_number_with_format(
                row,
                column,
                f64::from(mean.hundredths()) / 100.0,
                format,
            )?
        }
    };
    Ok(())
}

/// Totals and percentages; gives the first free row.
fn figures(
    page: &mut Worksheet,
    row: u32,
    summary: &ClassSummary,
    style: &Style,
) -> Result<u32, XlsxError> {
    let last = tail(summary.subjects.len());
    page.merge_range(row, 0, row, 1, "Всего отметок, пропусков", &style.label)?;
    let marks = |at: usize| {
        summary
            .pupils
            .iter()
            .filter_map(|p| p.cells.get(at)?.as_ref())
            .map(|t: &Tally| t.marks)
            .sum()
    };
    let mut all: u32 = 0;
    for (at, column) in (0..summary.subjects.len()).zip((SUBJECTS..).step_by(2)) {
        let sum: u32 = marks(at);
        all += sum;
        page.write_blank(row, column, &style.total)?;
        page.write_number_with_format(row, column + 1, sum, &style.total)?;
    }
    page.write_number_with_format(row, last, all, &style.total)?;
    let absences = |of: fn(&PupilRow) -> u32| summary.pupils.iter().map(of).sum::<u32>();
    let sums = [
        absences(|p| p.absences.missed()),
        absences(|p| p.absences.ill),
        absences(|p| p.absences.excused),
        absences(|p| p.absences.absent),
        absences(|p| p.absences.late),
    ];
    for (column, sum) in (last + 1..).zip(sums) {
        page.write_number_with_format(row, column, sum, &style.total)?;
    }
    type Measure = fn(Outcomes) -> Option<Percent>;
    let rows: [(&str, Measure); 3] = [
        ("Успеваемость, %", Outcomes::success),
        ("Качество знаний, %", Outcomes::quality),
        ("СОУ, %", Outcomes::degree),
    ];
    for (row, (label, figure)) in (row + 1..).zip(rows) {
        page.merge_range(
            row,
            0,
            row,
            1,
            &format!("{label} ({PRELIMINARY})"),
            &style.label,
        )?;
        for (column, outcomes) in (SUBJECTS..).step_by(2).zip(&summary.by_subject) {
            page.merge_range(row, column, row, column + 1, "–", &style.percent)?;
            percent(page, row, column, figure(*outcomes), style)?;
        }
        page.write_string_with_format(row, last, "–", &style.percent)?;
        percent(page, row, last, figure(summary.overall), style)?;
        for column in last + 1..=last + 5 {
            page.write_blank(row, column, &style.percent)?;
        }
    }
    Ok(row + 4)
}

fn percent(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    percent: Option<Percent>,
    style: &Style,
) -> Result<(), XlsxError> {
    if let Some(percent) = percent {
        let shown = u32::try_from(percent.tenths()).unwrap_or(u32::MAX);
        page.write_number_with_format(row, column, f64::from(shown) / 10.0, &style.percent)?;
    }
    Ok(())
}

fn standing(
    page: &mut Worksheet,
    row: u32,
    summary: &ClassSummary,
    style: &Style,
) -> Result<(), XlsxError> {
    let standing = summary.standing;
    let lines = [
        (
            "Учеников",
            u32::try_from(summary.pupils.len()).unwrap_or(u32::MAX),
        ),
        ("На «5»", standing.excellent),
        ("На «4» и «5»", standing.good),
        ("С «3»", standing.passing),
        ("С «2»", standing.failing),
        ("Без отметок", standing.without),
    ];
    page.write_string_with_format(row, 1, "По среднему баллу, предварительно", &style.label)?;
    page.write_blank(row, 2, &style.label)?;
    for (row, (label, count)) in (row + 1..).zip(lines) {
        page.write_string_with_format(row, 1, label, &style.text)?;
        page.write_number_with_format(row, 2, count, &style.count)?;
    }
    Ok(())
}

/// First column behind the subjects.
fn tail(subjects: usize) -> u16 {
    SUBJECTS + u16::try_from(2 * subjects).unwrap_or(u16::MAX / 2)
}
