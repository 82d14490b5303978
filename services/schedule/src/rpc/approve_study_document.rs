//! ApproveStudyDocument: the director approves calendar, curriculum, load or tariff order (R46,
//! R99, R100, R102). Load and calendar are kept as they are at that moment.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::schedule::v1 as pb;

use super::get_study_document::loads_of;
use super::parse::{self, checked};
use super::study_document::{KIND, Shelf, Wanted};
use super::{Answer, refused, school_year};
use crate::domain::refusal::Refusal;
use crate::domain::study_document::{Approval, Kind, StudyDocument, newest};
use crate::store::school_years::{self, Calendar};
use crate::store::study_documents;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ApproveStudyDocumentRequest>,
) -> Answer<pb::ApproveStudyDocumentResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let wanted = Wanted::of(&message.school_id, &message.study_document_id)?;
    let facts = Facts::object(KIND, wanted.document, wanted.school);
    let scope = cx
        .access
        .check(&caller, "schedule.studyDocuments.approve", &facts)?;
    let school = parse::school(&scope)?;

    let key = idempotency::key(
        &caller.actor(),
        "ApproveStudyDocument",
        &message.request_id,
        &message,
    )?;
    let seen = chassis::etag::version(&message.etag);
    let year = wanted.year(cx.db.read(), school).await?;
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let mut shelf = Shelf::lock(cx, &uow, school, year).await?;
        let draft = wanted.on(&shelf)?.clone();
        let approved = approve(cx, &uow, (&shelf, draft), (seen, &caller)).await?;
        let document = shelf.write(cx, &mut uow, &approved).await?;
        let response = pb::ApproveStudyDocumentResponse {
            study_document: Some(document),
        };
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

async fn approve(
    cx: &Cx,
    uow: &UnitOfWork,
    (shelf, draft): (&Shelf, StudyDocument),
    (seen, caller): (Option<i64>, &Caller),
) -> Result<StudyDocument, Status> {
    let refuse = |refusal: Refusal| refused::status(&refusal);
    let approval = Approval {
        by: caller.user().and_then(|user| user.person),
        at: cx.clock.now(),
    };
    let load = newest(&shelf.all, Kind::TeachingLoad);
    let approved = draft.clone().approve(approval, load).map_err(refuse)?;
    draft.seen(seen).map_err(refuse)?;
    let (conn, school) = (uow.conn(), shelf.school);
    if draft.kind == Kind::Calendar {
        keep_calendar(uow, shelf, &draft).await?;
        return Ok(approved);
    }
    let lines = study_documents::lines(conn, school, draft.id).await;
    let lines = lines.map_err(status::from_db)?;
    let loads = loads_of(conn, shelf, &draft).await?;
    if lines.is_empty() && loads.is_empty() {
        return Err(refuse(Refusal::StudyDocumentEmpty));
    }
    if draft.kind == Kind::TeachingLoad {
        study_documents::keep_loads(conn, school, draft.id, &loads)
            .await
            .map_err(status::from_db)?;
    }
    Ok(approved)
}

/// A calendar is never empty: it has come with the plan of the year.
async fn keep_calendar(
    uow: &UnitOfWork,
    shelf: &Shelf,
    draft: &StudyDocument,
) -> Result<(), Status> {
    let stored = school_year::calendar(uow.conn(), shelf.school, &shelf.year).await?;
    let calendar = Calendar {
        periods: stored.periods,
        holidays: stored.holidays,
        days_off: stored.days_off,
        shortened: stored.shortened,
        bells: stored.bells,
    };
    school_years::keep(uow.conn(), shelf.school, draft.id, &calendar)
        .await
        .map_err(status::from_db)
}

#[cfg(test)]
mod tests;
