//! SuggestOrderNumber: the next free number of a kind in the school's academic year.

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{order_entry, parse};
use crate::Roster;
use crate::domain::academic_year;
use crate::domain::orders::{next_number, prefix};
use crate::store::orders;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::SuggestOrderNumberRequest>,
) -> Result<pb::SuggestOrderNumberResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, found) =
        parse::school(roster, &caller, "roster.orders.put", &request.school_id).await?;
    let kind = order_entry::kind(request.kind())
        .ok_or_else(|| status::invalid_field("kind", "REQUIRED", "Укажите вид приказа"))?;
    let year = academic_year::begins(&found.academic_year).unwrap_or_default();
    let taken = orders::numbers(roster.cx.db.read(), school, year, prefix(kind))
        .await
        .map_err(status::from_db)?;
    Ok(pb::SuggestOrderNumberResponse {
        number: next_number(kind, taken.iter().map(String::as_str)),
    })
}
