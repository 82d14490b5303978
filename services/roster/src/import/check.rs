//! From bytes to verdicts, and from verdicts to the plan of the chosen rows. Blocking:
//! called by the workers only.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use sha2::{Digest, Sha256};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::types::v1::TableIssue;

use super::cells::Cells;
use super::findings::{self, Findings};
use super::own_errors::{blocked, own_errors};
use crate::domain::lesson_estimate::estimate;
use crate::domain::school_import::{
    Book, Preview, RowRef, SchoolPlan, Selection, Verdict, preview,
};
use crate::domain::school_import_state::ImportCounts;
use crate::source::{self, Places, Source};
use crate::store::imports::Row;
use crate::workbook::ReadError;

/// A workbook with verdicts.
pub(crate) struct Checked {
    /// Findings.
    pub(super) findings: Findings,
    /// Every row.
    pub(super) rows: Vec<Row>,
    /// Counts as found.
    pub(super) counts: ImportCounts,
    /// Title, municipality and year, where «Школа» is sound.
    pub(super) school: Option<(String, String, String)>,
}

/// Why nothing is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotChosen {
    /// The stored file does not read any more.
    Unreadable(String),
    /// So many errors, and refused rows are not to be skipped.
    Errors(usize),
    /// The form itself is broken: skipping rows does not help.
    FormBroken,
}

/// SHA-256 of a file: whether it is the same file again.
pub(super) fn content_hash(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// Reads and judges a file.
pub(super) fn check_file(bytes: &[u8]) -> Result<Checked, ReadError> {
    Ok(check_source(&source::read(bytes)?))
}

/// Judges a book.
pub(crate) fn check_book(book: &Book) -> Checked {
    check_source(&Source::of(book.clone()))
}

fn check_source(source: &Source) -> Checked {
    let preview = preview(&source.book, None);
    let plan = preview
        .choose(&Selection::WithoutErrors)
        .ok()
        .map(|chosen| chosen.plan);
    let own = plan
        .as_ref()
        .map(|plan| own_errors(source, &preview, plan))
        .unwrap_or_else(|| source.faults.rows.clone());
    let found = preview.counts();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Checked {
        findings: Findings::of(&preview, source, own.values().flatten().cloned()),
        rows: rows(source, &preview, plan.as_ref(), &own),
        counts: ImportCounts {
            staff: count(found.staff),
            classes: count(found.classes),
            pupils: count(found.pupils),
            guardians: count(found.guardian_links),
            loads: count(found.loads),
            weekly_lessons: count(found.weekly_lessons),
            lessons: plan.as_ref().map(estimate).unwrap_or(0),
        },
        school: plan.as_ref().map(school_key),
    }
}

/// The plan of a file: of all rows, or of the sound ones and what does not refer to
/// any other.
pub(super) fn plan_of_file(bytes: &[u8], skip_refused_rows: bool) -> Result<SchoolPlan, NotChosen> {
    let source = source::read(bytes).map_err(|e| NotChosen::Unreadable(e.to_string()))?;
    let preview = preview(&source.book, None);
    let sound = preview.choose(&Selection::WithoutErrors);
    let Some(sound) = sound.ok().filter(|_| source.faults.broken.is_empty()) else {
        return Err(NotChosen::FormBroken);
    };
    let gaps = own_errors(&source, &preview, &sound.plan);
    let own = gaps.values().map(Vec::len).sum::<usize>();
    let errors = preview.errors().len() + own + source.faults.loose.len();
    if errors == 0 {
        return Ok(sound.plan);
    }
    if !skip_refused_rows {
        return Err(NotChosen::Errors(errors));
    }
    if gaps.is_empty() {
        return Ok(sound.plan);
    }
    let sound_rows = preview
        .verdicts()
        .iter()
        .filter(|row| row.verdict != Verdict::Error)
        .map(|row| row.at);
    let rows: BTreeSet<RowRef> = sound_rows.filter(|at| !gaps.contains_key(at)).collect();
    preview
        .choose(&Selection::Only(rows))
        .map(|chosen| chosen.plan)
        .map_err(|_| NotChosen::FormBroken)
}

/// Title, municipality and year: what makes a school the same school.
pub(super) fn school_key(plan: &SchoolPlan) -> (String, String, String) {
    use crate::domain::school_import::value::Value;
    (
        plan.school.full_name.clone(),
        plan.school.municipality.clone(),
        plan.school.year.canonical(),
    )
}

fn rows(
    source: &Source,
    preview: &Preview<'_>,
    plan: Option<&SchoolPlan>,
    own: &BTreeMap<RowRef, Vec<TableIssue>>,
) -> Vec<Row> {
    let (cells, places) = (Cells::of(&source.book, plan), &source.places);
    let mut issues: BTreeMap<RowRef, RowIssues> = BTreeMap::new();
    for error in preview.errors() {
        if let Some(at) = error.at {
            issues
                .entry(at)
                .or_default()
                .errors
                .push(findings::issue(error, places));
        }
    }
    for (at, errors) in own {
        let of_row = issues.entry(*at).or_default();
        of_row.errors.extend(errors.iter().cloned());
    }
    for (at, warnings) in &source.faults.row_warnings {
        let of_row = issues.entry(*at).or_default();
        of_row.warnings.extend(warnings.iter().cloned());
    }
    for warning in preview.warnings() {
        if let Some(at) = warning.at {
            issues
                .entry(at)
                .or_default()
                .warnings
                .push(findings::issue(warning, places));
        }
    }
    for mended in preview.normalisations() {
        issues
            .entry(mended.at)
            .or_default()
            .normalisations
            .push(findings::normalisation(mended, places));
    }
    let verdicts = preview.verdicts().iter().zip(0u32..);
    let mut rows: Vec<Row> = verdicts
        .map(|(row, position)| {
            let found = issues.remove(&row.at).unwrap_or_default();
            let sheet = cells.title(row.at.sheet).to_owned();
            let (verdict, issues) = found.judge(&row.verdict, row.at, places);
            let content = pb::ImportRow {
                sheet,
                row: row.at.row,
                cells: cells.of_row(row.at),
                verdict: verdict.into(),
                issues,
            };
            stored(position, content)
        })
        .collect();
    let first = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    rows.extend(loose_rows(&source.faults.loose, first));
    rows
}

/// Lines with errors that are no row of the form stand after the others.
fn loose_rows(issues: &[TableIssue], first: u32) -> Vec<Row> {
    let mut lines: BTreeMap<(&str, u32), Vec<&TableIssue>> = BTreeMap::new();
    for issue in issues {
        let line = (issue.sheet.as_str(), issue.row);
        lines.entry(line).or_default().push(issue);
    }
    let row = |((sheet, row), issues): ((&str, u32), Vec<&TableIssue>)| pb::ImportRow {
        sheet: sheet.to_owned(),
        row,
        cells: issues.iter().map(|issue| issue.value.clone()).collect(),
        verdict: pb::RowVerdict::Error.into(),
        issues: issues.into_iter().cloned().collect(),
    };
    let numbered = lines.into_iter().zip(first..);
    numbered
        .map(|(line, position)| stored(position, row(line)))
        .collect()
}

fn stored(position: u32, content: pb::ImportRow) -> Row {
    Row {
        position,
        verdict: number(content.verdict()),
        content: content.encode_to_vec(),
        sheet: content.sheet,
    }
}

/// The verdict as stored: the number of the contract.
pub(super) fn number(verdict: pb::RowVerdict) -> i16 {
    i16::try_from(i32::from(verdict)).unwrap_or(0)
}

#[derive(Default)]
struct RowIssues {
    errors: Vec<TableIssue>,
    warnings: Vec<TableIssue>,
    normalisations: Vec<TableIssue>,
}

impl RowIssues {
    /// The verdict of the contract, and the findings with the gravest first.
    fn judge(
        mut self,
        verdict: &Verdict,
        at: RowRef,
        places: &Places,
    ) -> (pb::RowVerdict, Vec<TableIssue>) {
        if let Verdict::Blocked(by) = verdict {
            self.errors.push(blocked(places, at, *by));
        }
        let refused =
            matches!(verdict, Verdict::Error | Verdict::Blocked(_)) || !self.errors.is_empty();
        let verdict = if refused {
            pb::RowVerdict::Error
        } else if !self.warnings.is_empty() {
            pb::RowVerdict::Warning
        } else if !self.normalisations.is_empty() {
            pb::RowVerdict::Normalised
        } else {
            pb::RowVerdict::New
        };
        let issues = self
            .errors
            .into_iter()
            .chain(self.warnings)
            .chain(self.normalisations);
        (verdict, issues.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::school_import::SheetKind;
    use crate::testing::{SmallSchool, to_xlsx};

    fn verdict_of(checked: &Checked, sheet: &str, row: u32) -> pb::ImportRow {
        let rows = checked
            .rows
            .iter()
            .map(|row| pb::ImportRow::decode(row.content.as_slice()).unwrap());
        rows.into_iter()
            .find(|r| r.sheet == sheet && r.row == row)
            .unwrap()
    }

    #[test]
    fn a_sound_school_is_new_in_every_row() {
        let checked = check_book(&SmallSchool::new().book());
        assert!(!checked.findings.refuse());
        let new = number(pb::RowVerdict::New);
        let other: Vec<&Row> = checked
            .rows
            .iter()
            .filter(|row| row.verdict != new)
            .collect();
        assert!(other.is_empty(), "{other:?}");
        assert_eq!(checked.counts.guardians, 6);
    }

    #[test]
    fn a_row_that_refers_to_a_refused_one_is_refused_with_its_reason() {
        let mut school = SmallSchool::new();
        school.set(SheetKind::Pupils, "F", 2, "31.02.2015");
        let checked = check_book(&school.book());
        let guardian = verdict_of(&checked, "Родители", 2);
        assert_eq!(guardian.verdict(), pb::RowVerdict::Error);
        assert_eq!(guardian.issues[0].reason, "REFERS_TO_REFUSED_ROW");
        assert_eq!(
            guardian.issues[0].message,
            "Ссылается на строку с ошибкой: лист «Ученики», строка 2"
        );
    }

    #[test]
    fn a_mended_row_says_what_was_mended() {
        let mut school = SmallSchool::new();
        school.set(SheetKind::Pupils, "G", 2, "5 а");
        let row = verdict_of(&check_book(&school.book()), "Ученики", 2);
        assert_eq!(row.verdict(), pb::RowVerdict::Normalised);
        let issue = &row.issues[0];
        assert_eq!(
            (issue.value.as_str(), issue.message.as_str()),
            ("5 а", "5-А")
        );
        assert_eq!(issue.column, "G «Класс»");
    }

    #[test]
    fn lessons_that_cannot_be_held_are_errors_and_can_be_skipped() {
        let mut school = SmallSchool::new();
        school.remove_row(SheetKind::Periods, 4);
        let bytes = to_xlsx(&school.book()).unwrap();
        let checked = check_file(&bytes).unwrap();
        assert!(checked.findings.refuse());
        assert_eq!(
            verdict_of(&checked, "Расписание", 6).issues[0].reason,
            "LESSON_WITHOUT_PERIOD"
        );
        assert_eq!(plan_of_file(&bytes, false), Err(NotChosen::Errors(1)));
        let plan = plan_of_file(&bytes, true).unwrap();
        assert_eq!(plan.timetable.len(), 4);
        assert_eq!(plan.loads.len(), 4);
    }

    #[test]
    fn a_broken_form_cannot_be_skipped() {
        let mut school = SmallSchool::new();
        school.remove_sheet(SheetKind::Classes);
        let bytes = to_xlsx(&school.book()).unwrap();
        assert_eq!(plan_of_file(&bytes, true), Err(NotChosen::FormBroken));
    }
}
