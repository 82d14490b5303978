//! Second worksheet: a row per pupil and subject, with exact sums.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::super::ClassSheet;
use super::style::Style;
use crate::domain::class_summary::result;

const HEAD: [(&str, f64); 11] = [
    ("Ученик", 36.0),
    ("Предмет", 30.0),
    ("Отметок", 10.0),
    ("Отметок с баллом", 12.0),
    ("Сумма баллов", 10.0),
    ("Средний балл", 10.0),
    ("Отметка (предварительно)", 17.0),
    ("По болезни (б)", 11.0),
    ("Уважительно (у)", 13.0),
    ("Без причины (н)", 12.0),
    ("Опозданий (оп)", 12.0),
];

pub(super) fn write(
    page: &mut Worksheet,
    sheet: &ClassSheet,
    style: &Style,
) -> Result<(), XlsxError> {
    page.set_name("По предметам")?;
    for (column, (title, width)) in (0..).zip(HEAD) {
        page.write_string_with_format(0, column, title, &style.head)?;
        page.set_column_width(column, width)?;
    }
    page.set_row_height(0, 30)?;
    let rows = sheet.summary.pupils.iter().flat_map(|pupil| {
        let cells = sheet.summary.subjects.iter().zip(&pupil.cells);
        cells.filter_map(move |(subject, cell)| Some((pupil, subject, cell.as_ref()?)))
    });
    let mut last = 0;
    for (row, (pupil, subject, tally)) in (1..).zip(rows) {
        last = row;
        page.write_string_with_format(row, 0, &pupil.name, &style.text)?;
        page.write_string_with_format(row, 1, subject, &style.text)?;
        page.write_number_with_format(row, 2, tally.marks, &style.count)?;
        page.write_number_with_format(row, 3, tally.graded, &style.count)?;
        page.write_number_with_format(row, 4, f64::from(tally.halves) / 2.0, &style.sum)?;
        match tally.average() {
            Some(mean) => page.write_number_with_format(
                row,
                5,
                f64::from(mean.hundredths()) / 100.0,
                &style.mean,
            )?,
            None => page.write_blank(row, 5, &style.mean)?,
        };
        match result(Some(tally)) {
            Some(mark) => page.write_number_with_format(row, 6, mark, &style.count)?,
            None => page.write_blank(row, 6, &style.count)?,
        };
        let absences = tally.absences;
        for (column, count) in (7..).zip([
            absences.ill,
            absences.excused,
            absences.absent,
            absences.late,
        ]) {
            page.write_number_with_format(row, column, count, &style.count)?;
        }
    }
    page.autofilter(0, 0, last, 10)?;
    page.set_freeze_panes(1, 1)?;
    page.set_landscape();
    page.set_paper_size(9);
    page.set_print_fit_to_pages(1, 0);
    page.set_margins(0.4, 0.4, 0.4, 0.6, 0.3, 0.3);
    page.set_repeat_rows(0, 0)?;
    page.set_footer("&R&8Страница &P из &N");
    Ok(())
}
