//! The print form. Takes hundreds of milliseconds of CPU: call it off the runtime.

use reporting_pdf::{
    Absences, Cell, ClassReport, Document, Imprint, LedgerCheck, Mean, Pupil, Signature, Summary,
};

use super::{ClassSheet, PRELIMINARY, RenderError};
use crate::domain::average::Average;
use crate::domain::class_summary::PupilRow;
use crate::domain::performance::{Outcomes, Percent};

/// The file's bytes.
pub fn pdf(sheet: &ClassSheet) -> Result<Vec<u8>, RenderError> {
    Ok(reporting_pdf::render(&Document::ClassReport(form(sheet)))?)
}

fn form(sheet: &ClassSheet) -> ClassReport {
    let line = |post: &str, name: &str| Signature {
        post: post.into(),
        name: name.into(),
    };
    ClassReport {
        imprint: Imprint {
            school: sheet.school.clone(),
            place: sheet.place.clone(),
            as_of: sheet.as_of.clone(),
            made_at: sheet.made_at.clone(),
            ledger: sheet
                .ledger
                .clone()
                .map(|(value, covers)| LedgerCheck { value, covers }),
            signatures: vec![
                line("Классный руководитель", &sheet.class_teacher),
                line("Заместитель директора по УВР", ""),
                line("Директор", ""),
            ],
        },
        class: sheet.class.clone(),
        period: sheet.period.clone(),
        class_teacher: sheet.class_teacher.clone(),
        subjects: sheet.summary.subjects.clone(),
        pupils: sheet.summary.pupils.iter().map(pupil).collect(),
        summaries: vec![
            summary("Успеваемость, %", sheet, Outcomes::success),
            summary("Качество знаний, %", sheet, Outcomes::quality),
            summary("СОУ, %", sheet, Outcomes::degree),
        ],
    }
}

fn pupil(row: &PupilRow) -> Pupil {
    let cell = |tally: &crate::domain::tally::Tally| Cell {
        result: None,
        average: tally.average().and_then(mean),
        marks: tally.marks,
    };
    let absences = row.absences;
    Pupil {
        name: row.name.clone(),
        cells: row
            .cells
            .iter()
            .map(|tally| tally.as_ref().map(cell))
            .collect(),
        overall: row.overall.and_then(mean),
        absences: Absences {
            illness: absences.ill,
            valid: absences.excused,
            unexcused: absences.absent,
            late: absences.late,
        },
    }
}

/// By its hundredths: the same rounding as everywhere else.
fn mean(average: Average) -> Option<Mean> {
    Mean::new(average.hundredths().into(), 100)
}

fn summary(label: &str, sheet: &ClassSheet, figure: fn(Outcomes) -> Option<Percent>) -> Summary {
    let shown = |outcomes: &Outcomes| {
        figure(*outcomes)
            .map(|percent| percent.to_string())
            .unwrap_or_default()
    };
    Summary {
        label: format!("{label} ({PRELIMINARY})"),
        values: sheet.summary.by_subject.iter().map(shown).collect(),
        overall: shown(&sheet.summary.overall),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample::sheet;

    #[test]
    fn the_print_form_says_that_the_figures_are_preliminary() {
        let form = form(&sheet());
        assert!(form.period.ends_with(PRELIMINARY));
        assert!(
            form.summaries
                .iter()
                .all(|summary| summary.label.ends_with("(предварительно)"))
        );
        assert_eq!(form.summaries[0].values, ["100,0", "100,0"]);
        assert_eq!(
            form.pupils[1].cells[0]
                .as_ref()
                .unwrap()
                .average
                .unwrap()
                .to_string(),
            "4,50"
        );
        assert!(form.pupils[2].cells[1].is_none());
    }

    #[test]
    fn the_file_is_a_pdf_and_the_same_each_time() {
        let first = pdf(&sheet()).unwrap();
        assert!(first.starts_with(b"%PDF-"));
        assert_eq!(first, pdf(&sheet()).unwrap());
    }
}
