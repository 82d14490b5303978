//! Open data: a row per pupil and subject, UTF-8 with a byte order mark, `;` between
//! fields and a decimal comma, as spreadsheets with Russian settings read it. A text
//! that a spreadsheet would run as a formula gets an apostrophe in front.

use super::{ClassSheet, RenderError};
use crate::domain::class_summary::{PupilRow, result};
use crate::domain::tally::Tally;

const HEADER: [&str; 13] = [
    "Класс",
    "Ученик",
    "Предмет",
    "Отметок",
    "Отметок с баллом",
    "Сумма баллов",
    "Средний балл",
    "Отметка (предварительно)",
    "Пропущено всего",
    "По болезни (б)",
    "Уважительно (у)",
    "Без причины (н)",
    "Опозданий (оп)",
];

/// The file's bytes.
pub fn csv(sheet: &ClassSheet) -> Result<Vec<u8>, RenderError> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut file = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(&mut bytes);
    let failed = |error: csv::Error| RenderError::Csv(error.to_string());
    file.write_record(HEADER).map_err(failed)?;
    for pupil in &sheet.summary.pupils {
        for (subject, cell) in sheet.summary.subjects.iter().zip(&pupil.cells) {
            if let Some(tally) = cell {
                file.write_record(row(&sheet.class, pupil, subject, tally))
                    .map_err(failed)?;
            }
        }
    }
    file.flush()
        .map_err(|error| RenderError::Csv(error.to_string()))?;
    drop(file);
    Ok(bytes)
}

fn row(class: &str, pupil: &PupilRow, subject: &str, tally: &Tally) -> [String; 13] {
    let Tally {
        marks,
        graded,
        halves,
        absences,
    } = *tally;
    [
        harmless(class),
        harmless(&pupil.name),
        harmless(subject),
        marks.to_string(),
        graded.to_string(),
        if halves % 2 == 0 {
            (halves / 2).to_string()
        } else {
            format!("{},5", halves / 2)
        },
        tally
            .average()
            .map(|mean| mean.to_string())
            .unwrap_or_default(),
        result(Some(tally))
            .map(|mark| mark.to_string())
            .unwrap_or_default(),
        absences.missed().to_string(),
        absences.ill.to_string(),
        absences.excused.to_string(),
        absences.absent.to_string(),
        absences.late.to_string(),
    ]
}

/// A text that no spreadsheet takes for a formula (CWE-1236): an apostrophe before
/// `= + - @`, also behind blanks, and before a tab or a line break.
fn harmless(text: &str) -> String {
    let first = text
        .trim_start_matches([' ', '\u{a0}', '\u{feff}'])
        .chars()
        .next();
    let runs = matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    );
    if runs {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample::sheet;

    fn lines() -> Vec<Vec<String>> {
        let bytes = csv(&sheet()).unwrap();
        let text = std::str::from_utf8(&bytes)
            .unwrap()
            .strip_prefix('\u{feff}')
            .expect("a byte order mark");
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .from_reader(text.as_bytes());
        reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn a_row_holds_the_exact_sum_and_the_rounded_mean() {
        let lines = lines();
        assert_eq!(lines[0], HEADER);
        let of = |name: &str, subject: &str| {
            lines
                .iter()
                .find(|row| row[1].contains(name) && row[2] == subject)
                .cloned()
                .unwrap()
        };
        let row = of("Ёлкин", "Алгебра");
        assert_eq!(row[3..8], ["3", "3", "13,5", "4,50", "5"]);
        assert_eq!(row[8..], ["3", "2", "1", "0", "1"]);
        let empty = of("Яна", "Алгебра");
        assert_eq!(empty[3..8], ["0", "0", "0", "", ""]);
    }

    #[test]
    fn a_subject_that_a_pupil_does_not_study_has_no_row() {
        assert!(
            !lines()
                .iter()
                .any(|row| row[1].contains("Яна") && row[2] == "Физика")
        );
    }

    #[test]
    fn no_text_can_run_as_a_formula() {
        let lines = lines();
        assert!(
            lines
                .iter()
                .any(|row| row[1] == "'=HYPERLINK(\"http://x\";\"Иванов\") +1")
        );
        for text in [
            "=1+1", "+7978", "-1", "@SUM(A1)", " =1", "\t=1", "\u{a0}@x", "＝1",
        ] {
            assert!(harmless(text).starts_with('\''), "{text:?}");
        }
        for text in ["5-А", "Иванов-Петров", "", "4,5", "Физика + химия"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn the_same_sheet_gives_the_same_bytes() {
        assert_eq!(csv(&sheet()).unwrap(), csv(&sheet()).unwrap());
    }
}
