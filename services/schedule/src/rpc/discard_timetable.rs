//! DiscardTimetable: a deputy or the administrator throws a draft away.

use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response};
use zhurnal_proto::schedule::v1 as pb;

use super::Answer;
use super::parse::checked;
use super::timetable::Wanted;
use crate::store::timetables;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::DiscardTimetableRequest>,
) -> Answer<pb::DiscardTimetableResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let wanted = Wanted::of(&message.school_id, &message.timetable_id)?;
    let school = wanted.let_in(cx, &caller, "schedule.timetableVersions.discard")?;

    let key = idempotency::key(
        &caller.actor(),
        "DiscardTimetable",
        &message.request_id,
        &message,
    )?;
    let response = idempotency::once(&cx.db, &key, |uow| async move {
        let draft = wanted.lock(&uow, school, &message.etag).await?;
        timetables::discard(uow.conn(), school, &draft)
            .await
            .map_err(status::from_db)?;
        Ok((uow, pb::DiscardTimetableResponse {}))
    })
    .await?;
    Ok(Response::new(response))
}

#[cfg(test)]
mod tests;
