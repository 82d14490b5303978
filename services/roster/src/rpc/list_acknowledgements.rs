//! ListAcknowledgements: the staff, and who has acknowledged a local act.

use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::domain::registry::Registry;
use crate::store::{registries, staff};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListAcknowledgementsRequest>,
) -> Result<pb::ListAcknowledgementsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.registries.acknowledgements";
    let (school, _) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let id = parse::id("record_id", &request.record_id)?;
    let conn = roster.cx.db.read();
    registries::get(conn, school, id)
        .await
        .map_err(status::from_db)?
        .filter(|kept| kept.record.registry == Registry::LocalActs)
        .ok_or_else(|| status::not_found("LocalAct"))?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListAcknowledgements")
        .and(&request.school_id)
        .and(&request.record_id);
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let found = staff::page(conn, school, after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.sort_key.clone(), one.member.person_id.uuid())
    })?;
    let people = found.iter().map(|one| one.member.person_id);
    let mut days = registries::days_of(conn, school, id, people)
        .await
        .map_err(status::from_db)?;
    let acknowledgements = found.into_iter().map(|one| pb::Acknowledgement {
        person_id: one.member.person_id.to_string(),
        person_name: Some(convert::name(&one.name)),
        post: one.member.post,
        acknowledged_on: days.remove(&one.member.person_id).unwrap_or_default(),
    });
    Ok(pb::ListAcknowledgementsResponse {
        acknowledgements: acknowledgements.collect(),
        next_page_token,
    })
}
