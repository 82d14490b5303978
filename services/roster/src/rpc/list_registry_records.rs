//! ListRegistryRecords: one registry of a school by day.

use chassis::access::Facts;
use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use super::registry_entry::{self, Beside};
use crate::Roster;
use crate::domain::registry::Registry;
use crate::store::registries;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListRegistryRecordsRequest>,
) -> Result<pb::ListRegistryRecordsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let registry = registry_entry::registry(request.registry())?;
    let school_id: SchoolId = parse::id("school_id", &request.school_id)?;
    let mut facts = Facts::school(school_id);
    // Who has been taught what is for the office alone.
    if registry != Registry::Trainings {
        facts = facts.flag("open");
    }
    let (school, found) =
        parse::school_by(roster, &caller, "roster.registries.list", &facts).await?;
    let today = roster.today(&found.time_zone);
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListRegistryRecords")
        .and(&request.school_id)
        .and(request.registry.to_string())
        .and(request.only_current.to_string());
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let current = request.only_current.then_some(today);
    let conn = roster.cx.db.read();
    let found = registries::page(conn, school, registry, current, after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.record.day.to_string(), one.record.id.uuid())
    })?;
    let by = caller.user().and_then(|user| user.person);
    let beside = Beside::load(roster, school, today, &found, by).await?;
    Ok(pb::ListRegistryRecordsResponse {
        records: found.iter().map(|kept| beside.show(kept)).collect(),
        next_page_token,
    })
}
