//! ListStudyDocuments: the staff of a school sees the versions of curriculum, load and tariff
//! order with their approvals (R99, R100, R102).

use chassis::access::Facts;
use chassis::caller;
use chassis::service::Cx;
use tonic::{Request, Response};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::Answer;
use super::parse::{self, checked};
use super::study_document::{Shelf, wanted_year};
use crate::domain::study_document::StudyDocument;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListStudyDocumentsRequest>,
) -> Answer<pb::ListStudyDocumentsResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(caller, "schedule.studyDocuments.list", &facts)?;
    let school = parse::school(&scope)?;

    let Some(year) = wanted_year(cx, school, &message.academic_year).await? else {
        return Ok(Response::new(pb::ListStudyDocumentsResponse::default()));
    };
    let shelf = Shelf::of(cx, cx.db.read(), school, year).await?;
    Ok(Response::new(pb::ListStudyDocumentsResponse {
        study_documents: views(&shelf),
    }))
}

/// By kind, the newest first.
fn views(shelf: &Shelf) -> Vec<pb::StudyDocument> {
    let mut all: Vec<&StudyDocument> = shelf.all.iter().collect();
    all.sort_by_key(|one| (one.kind, std::cmp::Reverse(one.number)));
    all.into_iter().map(|one| shelf.view(one)).collect()
}

#[cfg(test)]
mod tests;
