//! SaveStudyDocument: a deputy or the administrator saves the draft of curriculum, load or
//! tariff order, or opens the next version of an approved one.

use std::collections::BTreeSet;

use chassis::access::Facts;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use jiff::civil::Date;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::study_document::{Shelf, open_year};
use super::{Answer, convert_study_document, lesson_plan};
use crate::domain::study_document::{Kind, Terms};
use crate::domain::subject::fold_title;
use crate::store::study_documents::Line;
use crate::store::{catalogue, study_documents};

struct Command {
    school: SchoolId,
    kind: Kind,
    terms: Terms,
    lines: Vec<pb::CurriculumLine>,
    seen: Option<i64>,
}

impl TryFrom<&pb::SaveStudyDocumentRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::SaveStudyDocumentRequest) -> Result<Self, Status> {
        checked(request)?;
        let day = |field: &str, text: &str| -> Result<Option<Date>, Status> {
            let said = !text.is_empty();
            said.then(|| parse::date(field, text)).transpose()
        };
        let kind = convert_study_document::read_kind(request.kind());
        let kind =
            kind.ok_or_else(|| status::invalid_field("kind", "REQUIRED", "какой документ"))?;
        if kind != Kind::Curriculum && !request.curriculum_lines.is_empty() {
            let message = "часы по классам есть только в учебном плане";
            let field = "curriculumLines";
            return Err(status::invalid_field(field, "NOT_A_CURRICULUM", message));
        }
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            kind,
            terms: Terms {
                title: request.title.trim().to_owned(),
                order_number: request.order_number.trim().to_owned(),
                ordered_on: day("orderedOn", &request.ordered_on)?,
                approve_by: day("approveBy", &request.approve_by)?,
            },
            lines: once_each(&request.curriculum_lines)?,
            seen: chassis::etag::version(&request.etag),
        })
    }
}

/// The lines, when none names a grade and subject again.
fn once_each(lines: &[pb::CurriculumLine]) -> Result<Vec<pb::CurriculumLine>, Status> {
    let mut known = BTreeSet::new();
    let twice = lines.iter().enumerate().filter_map(|(at, line)| {
        let new = known.insert((line.grade, fold_title(&line.subject_title)));
        let field = format!("curriculumLines[{at}].subjectTitle");
        (!new).then(|| status::violation(field, "TWICE", "этот предмет в этом классе уже есть"))
    });
    let twice: Vec<_> = twice.collect();
    if twice.is_empty() {
        Ok(lines.to_vec())
    } else {
        Err(status::invalid(twice))
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::SaveStudyDocumentRequest>,
) -> Answer<pb::SaveStudyDocumentResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let command = Command::try_from(&message)?;
    let facts = Facts::school(command.school);
    let scope = cx
        .access
        .check(&caller, "schedule.studyDocuments.save", &facts)?;
    let school = parse::school(&scope)?;

    let key = idempotency::key(
        &caller.actor(),
        "SaveStudyDocument",
        &message.request_id,
        &message,
    )?;
    let year = open_year(cx, school, &message.academic_year).await?;
    let terms = lesson_plan::Terms::of(cx, school, year.year).await?;
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let mut shelf = Shelf::lock(cx, &uow, school, year).await?;
        let mut draft = shelf.draft(cx, command.kind, command.seen)?;
        draft.terms = command.terms;
        let document = shelf.write(cx, &mut uow, &draft).await?;
        if draft.kind == Kind::Curriculum {
            let lines = lines(cx, &uow, &terms, &command.lines).await?;
            study_documents::put_lines(uow.conn(), school, draft.id, &lines)
                .await
                .map_err(status::from_db)?;
        }
        let response = pb::SaveStudyDocumentResponse {
            study_document: Some(document),
        };
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

/// Lines with the ids of their subjects and the hours of the year.
async fn lines(
    cx: &Cx,
    uow: &UnitOfWork,
    terms: &lesson_plan::Terms,
    lines: &[pb::CurriculumLine],
) -> Result<Vec<Line>, Status> {
    let titles = lines.iter().map(|line| line.subject_title.as_str());
    let subjects = catalogue::ensure_subjects(uow.conn(), titles, &mut || cx.ids.uuid()).await;
    let subjects = subjects.map_err(status::from_db)?;
    let read = lines.iter().enumerate().map(|(at, line)| {
        let field = format!("curriculumLines[{at}].subjectTitle");
        let subject = subjects
            .get(&line.subject_title)
            .ok_or_else(|| status::invalid_field(&field, "REQUIRED", "нужно название предмета"))?;
        let grade = u8::try_from(line.grade).unwrap_or(u8::MAX);
        let weekly = line.weekly_hours_hundredths;
        Ok(Line {
            grade,
            subject: subject.id,
            weekly_hours_hundredths: weekly,
            yearly_hours: match line.yearly_hours {
                0 => terms.yearly_hours(grade, weekly),
                hours => hours,
            },
        })
    });
    read.collect()
}

#[cfg(test)]
mod tests;
