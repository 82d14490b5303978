//! The book of orders (книга приказов, R119, R234), newest first. Director, deputies,
//! secretary and administrators.

use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::roster::v1 as pb;

use super::order_view::View;
use super::{order_entry, parse};
use crate::Roster;
use crate::domain::academic_year;
use crate::domain::text::search_key;
use crate::store::orders::{self, Wanted};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListOrdersRequest>,
) -> Result<pb::ListOrdersResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, _) =
        parse::school(roster, &caller, "roster.orders.list", &request.school_id).await?;
    let size = page::size(request.page_size)?;
    let wanted = Wanted {
        kind: order_entry::kind(request.kind()),
        state: order_entry::state(request.state()),
        pupil: parse::optional_id("pupilId", &request.pupil_id)?,
        search: request.search.clone(),
        year: year(&request.academic_year)?,
    };
    let filter = PageFilter::of("ListOrders")
        .and(&request.school_id)
        .and(request.kind.to_string())
        .and(request.state.to_string())
        .and(&request.pupil_id)
        .and(search_key(&request.search))
        .and(&request.academic_year);
    let before: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let conn = roster.cx.db.read();
    let found = orders::page(conn, school, &wanted, before, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.order.date.to_string(), one.order.id.uuid())
    })?;
    let view = View::load(conn, school, &found)
        .await
        .map_err(status::from_db)?;
    Ok(pb::ListOrdersResponse {
        orders: found.iter().map(|one| view.show(one)).collect(),
        next_page_token,
    })
}

fn year(text: &str) -> Result<Option<i16>, Status> {
    if text.is_empty() {
        return Ok(None);
    }
    academic_year::begins(text).map(Some).ok_or_else(|| {
        status::invalid_field(
            "academicYear",
            "ACADEMIC_YEAR",
            "Учебный год в виде 2026/2027",
        )
    })
}
