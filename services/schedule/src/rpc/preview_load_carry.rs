//! PreviewLoadCarry: which loads of the year before would go on in a year; nothing is saved.

use chassis::access::Facts;
use chassis::caller;
use chassis::service::Cx;
use tonic::{Request, Response};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::Answer;
use super::load_carry::LoadCarry;
use super::parse::{self, checked};
use super::study_document::open_year;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::PreviewLoadCarryRequest>,
) -> Answer<pb::PreviewLoadCarryResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(caller, "schedule.teachingLoads.previewCarry", &facts)?;
    let school = parse::school(&scope)?;

    let year = open_year(cx, school, &message.academic_year).await?;
    let carry = LoadCarry::of(cx.db.read(), school, year).await?;
    Ok(Response::new(pb::PreviewLoadCarryResponse {
        carry: Some(carry.view()),
    }))
}
