//! MarkNoticesRead: a person has seen the own notices up to one.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status::{self, from_db};
use tonic::Status;
use zhurnal_proto::id::NoticeId;
use zhurnal_proto::notification::v1::{MarkNoticesReadRequest, MarkNoticesReadResponse};

use super::cards;
use crate::Shared;
use crate::store::notices;

pub(super) async fn handle(
    shared: &Shared,
    caller: &Caller,
    request: MarkNoticesReadRequest,
) -> Result<MarkNoticesReadResponse, Status> {
    shared
        .cx
        .access
        .check(caller, "notification.notices.markRead", &Facts::own())?;
    let own = cards(caller)?;
    let up_to: NoticeId = request
        .notice_id
        .parse()
        .map_err(|_| status::not_found("notice"))?;
    let uow = shared.cx.db.begin().await.map_err(from_db)?;
    notices::mark_read(uow.conn(), &own, up_to.uuid(), shared.cx.clock.now())
        .await
        .map_err(from_db)?;
    let unread = notices::unread(uow.conn(), &own).await.map_err(from_db)?;
    uow.commit().await.map_err(from_db)?;
    Ok(MarkNoticesReadResponse {
        unread_count: u32::try_from(unread).unwrap_or(u32::MAX),
    })
}
