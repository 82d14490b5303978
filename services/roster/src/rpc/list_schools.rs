//! Schools that the caller may see, by title. Staff and clients; the scope narrows it.

use chassis::access::Facts;
use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::store::schools;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListSchoolsRequest>,
) -> Result<pb::ListSchoolsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let scope = roster
        .cx
        .access
        .check(&caller, "roster.schools.list", &Facts::own())?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListSchools").and(&request.municipality_id);
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let only = scope.only_schools_of();
    let narrow = (
        only.as_deref(),
        parse::only_municipality(&scope, &request.municipality_id)?,
    );
    let found = schools::page(roster.cx.db.read(), narrow, after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.sort_key.clone(), one.school.id.uuid())
    })?;
    Ok(pb::ListSchoolsResponse {
        schools: found
            .iter()
            .map(|one| convert::school(&one.school))
            .collect(),
        next_page_token,
    })
}
