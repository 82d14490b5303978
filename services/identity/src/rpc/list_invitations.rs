//! ListInvitations: who has a code and who has registered; never the codes.

use std::collections::HashMap;

use chassis::caller::Caller;
use chassis::page::{self, PageFilter};
use chassis::status::{self, from_db};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, SchoolId};
use zhurnal_proto::identity::v1::{Audience, ListInvitationsRequest, ListInvitationsResponse};

use super::{convert, issue_invitations};
use crate::store::people::Candidate;
use crate::store::{accounts, invitations, people};
use crate::{Identity, who};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: ListInvitationsRequest,
) -> Result<ListInvitationsResponse, Status> {
    let school: SchoolId = request
        .school_id
        .parse()
        .map_err(|_| status::not_found("school"))?;
    let class: Option<ClassId> = match request.class_id.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| status::not_found("class"))?),
    };
    issue_invitations::facts_and_check(
        identity,
        caller,
        "identity.invitations.list",
        school,
        class,
    )
    .await?;
    let people = audience(identity, school, class).await?;
    let ids: Vec<Uuid> = people.iter().map(|c| c.person_id).collect();

    let conn = identity.cx.db.read();
    let filter = PageFilter::of("ListInvitations")
        .and(&request.school_id)
        .and(&request.class_id);
    let size = page::size(request.page_size)?;
    let before: Option<Uuid> = page::decode(&request.page_token, &filter)?;
    let mut rows = invitations::page(conn, school.uuid(), &ids, before, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |r| r.invitation_id)?;

    let names = people::names(conn, school.uuid(), &ids)
        .await
        .map_err(from_db)?;
    let relations: HashMap<Uuid, &str> = people
        .iter()
        .map(|c| (c.person_id, c.relation.as_str()))
        .collect();
    let now = identity.cx.clock.now();
    let invitations = rows
        .iter()
        .map(|row| {
            let name = row
                .person_id
                .and_then(|p| names.get(&p))
                .map(who::person_name);
            let relation = row
                .person_id
                .and_then(|p| relations.get(&p).copied())
                .unwrap_or_default();
            convert::invitation(row, name, relation, now)
        })
        .collect();
    let registered = accounts::registered(conn, school.uuid(), &ids)
        .await
        .map_err(from_db)?;
    Ok(ListInvitationsResponse {
        invitations,
        next_page_token,
        person_count: u32::try_from(ids.len()).unwrap_or(u32::MAX),
        registered_count: u32::try_from(registered.len()).unwrap_or(u32::MAX),
    })
}

async fn audience(
    identity: &Identity,
    school: SchoolId,
    class: Option<ClassId>,
) -> Result<Vec<Candidate>, Status> {
    match class {
        None => issue_invitations::candidates(identity, school, Audience::Staff, None).await,
        Some(_) => {
            let mut all =
                issue_invitations::candidates(identity, school, Audience::ClassPupils, class)
                    .await?;
            all.extend(
                issue_invitations::candidates(identity, school, Audience::ClassGuardians, class)
                    .await?,
            );
            Ok(all)
        }
    }
}
