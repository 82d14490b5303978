//! ListNotices: a person reads the own notices, newest first.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::page::{self, PageFilter};
use chassis::status::from_db;
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::notification::v1::{ListNoticesRequest, ListNoticesResponse};

use super::{cards, convert};
use crate::Shared;
use crate::store::{notices, people};

pub(super) async fn handle(
    shared: &Shared,
    caller: &Caller,
    request: ListNoticesRequest,
) -> Result<ListNoticesResponse, Status> {
    shared
        .cx
        .access
        .check(caller, "notification.notices.list", &Facts::own())?;
    let own = cards(caller)?;
    let filter = PageFilter::of("ListNotices").and(caller.actor());
    let size = page::size(request.page_size)?;
    let before: Option<Uuid> = page::decode(&request.page_token, &filter)?;
    let conn = shared.cx.db.read();
    let mut rows = notices::page(conn, &own, before, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |r| r.notice_id)?;
    let schools: Vec<Uuid> = rows.iter().map(|r| r.school_id).collect();
    let pupils: Vec<Uuid> = rows.iter().filter_map(|r| r.pupil_id).collect();
    let names = people::given_names(conn, &schools, &pupils)
        .await
        .map_err(from_db)?;
    let unread = notices::unread(conn, &own).await.map_err(from_db)?;
    Ok(ListNoticesResponse {
        notices: rows.iter().map(|r| convert::notice(r, &names)).collect(),
        next_page_token,
        unread_count: u32::try_from(unread).unwrap_or(u32::MAX),
    })
}
