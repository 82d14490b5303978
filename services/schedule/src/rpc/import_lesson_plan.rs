//! ImportLessonPlan: whoever may save a plan reads its themes from the text of a table;
//! nothing is saved, every refused row is named.

use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::types::v1::TableIssue;

use super::lesson_plan::{self, Wanted};
use super::parse::checked;
use super::{Answer, convert_plan};
use crate::domain::lesson_plan::{hours_of, table};

/// Characters of a cell's value in a finding.
const SHOWN: usize = 200;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ImportLessonPlanRequest>,
) -> Answer<pb::ImportLessonPlanResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let wanted = Wanted::of(&message.school_id, &message.group_id, &message.subject_id)?;
    let opened = lesson_plan::open(cx, caller, "schedule.lessonPlans.import", wanted).await?;

    let rows = rows(&message.text)?;
    let read = table::read(&rows)
        .map_err(|unusable| status::precondition(unusable.reason(), unusable.to_string()))?;
    let themes = read.themes.iter().zip(1..);
    Ok(Response::new(pb::ImportLessonPlanResponse {
        themes: themes
            .map(|(text, number)| convert_plan::theme(number, text))
            .collect(),
        issues: read.issues.iter().map(issue).collect(),
        planned_hours: hours_of(&read.themes),
        required_hours: opened.figures.required_hours,
    }))
}

/// The cells, each row with the line that it begins at.
fn rows(text: &str) -> Result<Vec<(u32, Vec<String>)>, Status> {
    let text = text.replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.map_err(status::internal)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().map(str::to_owned).collect();
        Ok((u32::try_from(line).unwrap_or(u32::MAX), cells))
    };
    reader.records().map(row).collect()
}

/// What parts the columns. Cells of a spreadsheet come with tabs. A comma parts them only
/// in a table whose first line names columns: titles have commas of their own.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty());
    let first = first.unwrap_or_default().to_lowercase();
    if text.contains('\t') {
        b'\t'
    } else if first.contains(';') {
        b';'
    } else if first.contains(',') && first.contains("тема") && first.contains("час") {
        b','
    } else {
        b'\t'
    }
}

fn issue(issue: &table::Issue) -> TableIssue {
    TableIssue {
        sheet: String::new(),
        row: issue.row,
        column: format!("«{}»", issue.column.title()),
        value: issue.value.chars().take(SHOWN).collect(),
        reason: issue.fault.reason().to_owned(),
        message: issue.fault.to_string(),
        hint: issue.fault.hint().to_owned(),
    }
}

#[cfg(test)]
mod tests;
