//! CarryLoads: a deputy or the administrator carries the loads of the year before over to a year
//! (R118, R230); the loads and the draft of the year's load are announced.

use chassis::access::Facts;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::change_teaching_loads::announce_loads;
use super::load_carry::LoadCarry;
use super::parse::{self, checked};
use super::study_document::{Shelf, open_year};
use super::{Answer, refused};
use crate::domain::refusal::Refusal;
use crate::domain::study_document::Kind;
use crate::store::loads;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::CarryLoadsRequest>,
) -> Answer<pb::CarryLoadsResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(&caller, "schedule.teachingLoads.carry", &facts)?;
    let school = parse::school(&scope)?;

    let key = idempotency::key(&caller.actor(), "CarryLoads", &message.request_id, &message)?;
    let year = open_year(cx, school, &message.academic_year).await?;
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let shelf = Shelf::lock(cx, &uow, school, year).await?;
        let response = take(cx, &mut uow, shelf, &message.etag).await?;
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

async fn take(
    cx: &Cx,
    uow: &mut UnitOfWork,
    mut shelf: Shelf,
    etag: &str,
) -> Result<pb::CarryLoadsResponse, Status> {
    let (school, year) = (shelf.school, shelf.year.clone());
    let draft = shelf.draft(cx, Kind::TeachingLoad, chassis::etag::version(etag))?;
    let carry = LoadCarry::of(uow.conn(), school, year).await?;
    let carried = carry.carried(cx);
    if carried.is_empty() {
        return Err(refused::status(&Refusal::NothingToCarry));
    }
    loads::put(uow.conn(), (school, shelf.year.year), &carried)
        .await
        .map_err(status::from_db)?;
    announce_loads(cx, uow, &shelf, &carried).await?;
    let document = shelf.write(cx, uow, &draft).await?;
    tracing::info!(school = %school.id(), year = %shelf.year.year, loads = carried.len(), "loads carried over");
    Ok(pb::CarryLoadsResponse {
        carry: Some(carry.view()),
        study_document: Some(document),
    })
}

#[cfg(test)]
mod tests;
