//! ListPupilMarks: a pupil's marks by subject in a period with exact means, for the
//! same people as the diary.

use std::collections::BTreeMap;

use chassis::{caller::Caller, looks::Subject, status};
use jiff::civil::{Date, date};
use sea_orm::{ConnectionTrait, DbErr};
use tonic::Status;
use zhurnal_proto::{
    grading::v1::{DatedMark, ListPupilMarksRequest, ListPupilMarksResponse, SubjectMarks},
    id::{PeriodId, PersonId},
    identity::v1::LookRecord,
};

use super::{convert, facts};
use crate::{
    Grading,
    domain::collation::sort_key,
    store::{
        calendar::{self, Period},
        diary::{self, SubjectCell},
        pupils::PupilFacts,
        schools,
    },
};

const PERMISSION: &str = "grading.pupilMarks.list";

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: ListPupilMarksRequest,
) -> Result<ListPupilMarksResponse, Status> {
    let pupil: PersonId = facts::id(&request.pupil_id, "Pupil")?;
    let wanted: Option<PeriodId> = match request.period_id.as_str() {
        "" => None,
        text => Some(facts::id(text, "Period")?),
    };

    let db = grading.cx.db.read();
    let found = facts::pupils(grading, db, &[pupil])
        .await?
        .pop()
        .ok_or_else(|| status::not_found("Pupil"))?;
    let told = facts::of_pupil(&found);
    grading.cx.access.check(caller, PERMISSION, &told)?;
    let today = grading.cx.clock.today(&schools::zone(&found.time_zone));
    let (first, last) = (date(1, 1, 1), date(9999, 12, 31));
    let periods = calendar::periods(db, found.school, found.grade, first, last)
        .await
        .map_err(status::from_db)?;
    let Some(period) = choose(periods, wanted, today) else {
        return match wanted {
            Some(_) => Err(status::not_found("Period")),
            None => Ok(ListPupilMarksResponse::default()),
        };
    };
    let days = (period.starts_on, period.ends_on);
    let cells = cells(db, &found, days).await.map_err(status::from_db)?;
    let looks = &grading.cx.looks;
    looks.note(caller, &told, LookRecord::Marks, [Subject::Pupil(pupil)]);
    Ok(ListPupilMarksResponse {
        period_id: period.id.to_string(),
        period_title: period.title,
        subjects: subjects(cells),
    })
}

/// Of the present school, and of the earlier ones in whose time the period began.
async fn cells(
    db: &impl ConnectionTrait,
    pupil: &PupilFacts,
    (from, to): (Date, Date),
) -> Result<Vec<SubjectCell>, DbErr> {
    let mut cells = Vec::new();
    for school in pupil.earlier_schools(db, &from.to_string()).await? {
        cells.extend(diary::cells(db, school, pupil.pupil, from, to).await?);
    }
    cells.extend(diary::cells(db, pupil.school, pupil.pupil, from, to).await?);
    Ok(cells)
}

/// The wanted period; else the present one; else the last that has begun; else the first.
fn choose(mut periods: Vec<Period>, wanted: Option<PeriodId>, today: Date) -> Option<Period> {
    let at = match wanted {
        Some(id) => periods.iter().position(|period| period.id == id)?,
        None => periods
            .iter()
            .rposition(|period| period.starts_on <= today)
            .unwrap_or(0),
    };
    (at < periods.len()).then(|| periods.swap_remove(at))
}

fn subjects(cells: Vec<SubjectCell>) -> Vec<SubjectMarks> {
    let mut by_subject: BTreeMap<(String, String), Vec<SubjectCell>> = BTreeMap::new();
    for cell in cells {
        by_subject
            .entry((sort_key(&cell.subject_title), cell.subject.to_string()))
            .or_default()
            .push(cell);
    }
    by_subject
        .into_iter()
        .map(|((_, subject_id), cells)| SubjectMarks {
            subject_id,
            subject_title: cells
                .last()
                .map(|cell| cell.subject_title.clone())
                .unwrap_or_default(),
            marks: cells.iter().flat_map(dated).collect(),
            average: convert::average(cells.iter().map(|cell| &cell.cell)),
            missed_lessons: u32::try_from(
                cells.iter().filter(|cell| cell.cell.is_absent()).count(),
            )
            .unwrap_or(0),
        })
        .filter(|subject| !subject.marks.is_empty() || subject.missed_lessons > 0)
        .collect()
}

fn dated(cell: &SubjectCell) -> Vec<DatedMark> {
    let (lesson_id, date) = (cell.lesson.to_string(), &cell.date);
    let marks = convert::marks(&cell.cell).into_iter();
    marks
        .map(|mark| DatedMark {
            lesson_id: lesson_id.clone(),
            date: date.clone(),
            mark: Some(mark),
        })
        .collect()
}
