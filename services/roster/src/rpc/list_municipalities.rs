//! ListMunicipalities: those that the caller may see, by title, with their schools counted.

use chassis::access::Facts;
use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::store::municipalities;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListMunicipalitiesRequest>,
) -> Result<pb::ListMunicipalitiesResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let scope = roster
        .cx
        .access
        .check(&caller, "roster.municipalities.list", &Facts::own())?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListMunicipalities");
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let only = scope.only_municipality();
    let found = municipalities::page(roster.cx.db.read(), only, after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.sort_key.clone(), one.municipality.id.uuid())
    })?;
    let shown = found
        .iter()
        .map(|one| convert::municipality(&one.municipality, one.schools));
    Ok(pb::ListMunicipalitiesResponse {
        municipalities: shown.collect(),
        next_page_token,
    })
}
