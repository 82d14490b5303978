//! ListDayChanges: the staff of a school sees days that were cancelled or held remotely.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, day_change};
use crate::store::day_changes;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListDayChangesRequest>,
) -> Answer<pb::ListDayChangesResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let days = (
        parse::date("from", &message.from)?,
        parse::date("to", &message.to)?,
    );
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(caller, "schedule.dayChanges.list", &facts)?;
    let school = parse::school(&scope)?;

    let found = day_changes::list(cx.db.read(), school, days).await;
    let found = found.map_err(status::from_db)?;
    let views = found.iter().map(|one| day_change::view(school.id(), one));
    Ok(Response::new(pb::ListDayChangesResponse {
        day_changes: views.collect(),
    }))
}
