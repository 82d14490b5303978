//! IssueInvitations: the administrator issues codes for staff, the class teacher
//! for the class's pupils and parents; earlier unused codes of the same cards end.
//! Announces InvitationsIssued.

use std::collections::{BTreeMap, HashMap};

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::{UnitOfWork, micros};
use chassis::idempotency;
use chassis::status::{self, Refusal, from_db};
use jiff::SignedDuration;
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::identity::v1::identity_event::Change;
use zhurnal_proto::identity::v1::{
    Audience, InvitationsIssued, IssueInvitationsRequest, IssueInvitationsResponse,
    IssuedInvitation,
};

use super::convert;
use crate::domain::code;
use crate::store::entity::invitation;
use crate::store::people::Candidate;
use crate::store::{accounts, invitations, people, second_factors};
use crate::{Identity, who};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: IssueInvitationsRequest,
) -> Result<IssueInvitationsResponse, Status> {
    let school: SchoolId = request
        .school_id
        .parse()
        .map_err(|_| status::not_found("school"))?;
    let audience = request.audience();
    let class = class_of(&request)?;
    facts_and_check(
        identity,
        caller,
        "identity.invitations.issue",
        school,
        class,
    )
    .await?;
    let wanted = candidates(identity, school, audience, class).await?;
    let chosen = choose(identity, school, wanted, &request.person_ids).await?;

    let key = idempotency::key(
        &caller.actor(),
        "IssueInvitations",
        &request.request_id,
        &request,
    )?;
    let request_id = request.request_id.as_str();
    let mut answer: IssueInvitationsResponse =
        idempotency::once(&identity.cx.db, &key, |mut uow| async move {
            let now = identity.cx.clock.now();
            let ids: Vec<Uuid> = chosen.iter().map(|c| c.person_id).collect();
            invitations::revoke_of(uow.conn(), school.uuid(), &ids, now)
                .await
                .map_err(from_db)?;
            let names = people::names(uow.conn(), school.uuid(), &ids)
                .await
                .map_err(from_db)?;
            let mut rows = Vec::with_capacity(chosen.len());
            let mut issued = Vec::with_capacity(chosen.len());
            for candidate in &chosen {
                let row = fresh(identity, school, candidate, request_id)?;
                let name = names.get(&candidate.person_id).map(who::person_name);
                issued.push(IssuedInvitation {
                    invitation: Some(convert::invitation(&row, name, &candidate.relation, now)),
                    ..Default::default()
                });
                rows.push(row);
            }
            invitations::insert(uow.conn(), rows)
                .await
                .map_err(from_db)?;
            announce(identity, &mut uow, school, &chosen);
            Ok((
                uow,
                IssueInvitationsResponse {
                    invitations: issued,
                },
            ))
        })
        .await?;
    // The answer that is remembered for a repeat holds no code: codes follow from
    // the service's key, the request and the card, and are written in afterwards.
    for issued in &mut answer.invitations {
        let card = issued
            .invitation
            .as_ref()
            .map(|i| i.person_id.as_str())
            .unwrap_or_default();
        issued.code = plain(identity, card, request_id);
        let address = format!(
            "{}/register?code={}",
            identity.config.public_url, issued.code
        );
        issued.qr_svg = convert::qr(&address)?;
    }
    Ok(answer)
}

/// Tells who got a code, by role; the codes themselves are never told.
fn announce(identity: &Identity, uow: &mut UnitOfWork, school: SchoolId, chosen: &[Candidate]) {
    let mut by_role: BTreeMap<i16, Vec<String>> = BTreeMap::new();
    for candidate in chosen {
        let card = PersonId::from_uuid(candidate.person_id).to_string();
        by_role
            .entry(candidate.role.number())
            .or_default()
            .push(card);
    }
    for (role, cards) in by_role {
        for person_ids in cards.chunks(500) {
            let change = InvitationsIssued {
                person_ids: person_ids.to_vec(),
                role: role.into(),
            };
            uow.announce(identity.event(
                Some(school.uuid()),
                "invitations_issued",
                school.to_string(),
                Change::InvitationsIssued(change),
            ));
        }
    }
}

/// The code of a card in a request.
fn plain(identity: &Identity, person_id: &str, request_id: &str) -> String {
    code::from_bytes(
        &identity
            .secrets
            .derive(b"invitation", &[person_id, request_id]),
    )
}

/// The class of a CLASS audience; STAFF has none.
fn class_of(request: &IssueInvitationsRequest) -> Result<Option<ClassId>, Status> {
    match (request.audience(), request.class_id.as_str()) {
        (Audience::Staff, "") => Ok(None),
        (Audience::Staff, _) => Err(status::invalid_field(
            "classId",
            "NOT_FOR_STAFF",
            "для сотрудников класс не указывают",
        )),
        (_, "") => Err(status::invalid_field(
            "classId",
            "REQUIRED",
            "укажите класс",
        )),
        (_, text) => Ok(Some(text.parse().map_err(|_| status::not_found("class"))?)),
    }
}

/// Checks the permission for the staff's or a class's codes.
pub(super) async fn facts_and_check(
    identity: &Identity,
    caller: &Caller,
    permission: &str,
    school: SchoolId,
    class: Option<ClassId>,
) -> Result<(), Status> {
    let facts = match class {
        None => Facts::staff_audience(school),
        Some(class) => {
            let found = people::class(identity.cx.db.read(), school.uuid(), class.uuid())
                .await
                .map_err(from_db)?;
            let found = found.ok_or_else(|| status::not_found("class"))?;
            Facts::class_audience(school, class)
                .class_teachers(found.class_teacher_id.map(PersonId::from_uuid))
        }
    };
    identity
        .cx
        .access
        .check(caller, permission, &facts)
        .map(|_| ())
}

/// Everybody who may get a code of this kind.
pub(super) async fn candidates(
    identity: &Identity,
    school: SchoolId,
    audience: Audience,
    class: Option<ClassId>,
) -> Result<Vec<Candidate>, Status> {
    let conn = identity.cx.db.read();
    let (school, today) = (school.uuid(), identity.today());
    let found = match (audience, class) {
        (Audience::ClassPupils, Some(class)) => {
            people::pupils(conn, school, class.uuid(), today).await
        }
        (Audience::ClassGuardians, Some(class)) => {
            people::guardians(conn, school, class.uuid(), today).await
        }
        _ => people::staff(conn, school, today).await,
    };
    found.map_err(from_db)
}

/// The named persons, or all who have no account yet.
async fn choose(
    identity: &Identity,
    school: SchoolId,
    all: Vec<Candidate>,
    named: &[String],
) -> Result<Vec<Candidate>, Status> {
    if named.is_empty() {
        let ids: Vec<Uuid> = all.iter().map(|c| c.person_id).collect();
        let registered = accounts::registered(identity.cx.db.read(), school.uuid(), &ids)
            .await
            .map_err(from_db)?;
        return Ok(all
            .into_iter()
            .filter(|c| !registered.contains(&c.person_id))
            .collect());
    }
    refuse_protected(identity, school, &all, named).await?;
    let by_id: HashMap<Uuid, Candidate> = all.into_iter().map(|c| (c.person_id, c)).collect();
    named
        .iter()
        .map(|text| {
            let id: PersonId = text.parse().map_err(|_| out_of_scope())?;
            by_id.get(&id.uuid()).cloned().ok_or_else(out_of_scope)
        })
        .collect()
}

/// A person with a second factor gets no code: another account without one would take
/// the card.
async fn refuse_protected(
    identity: &Identity,
    school: SchoolId,
    all: &[Candidate],
    named: &[String],
) -> Result<(), Status> {
    let conn = identity.cx.db.read();
    let ids: Vec<Uuid> = named
        .iter()
        .filter_map(|text| text.parse::<PersonId>().ok())
        .map(|id| id.uuid())
        .filter(|id| all.iter().any(|c| c.person_id == *id))
        .collect();
    let holders = accounts::holders(conn, school.uuid(), &ids)
        .await
        .map_err(from_db)?;
    let protected = second_factors::on_of(conn, &holders)
        .await
        .map_err(from_db)?;
    if protected.is_empty() {
        return Ok(());
    }
    let text = "У человека включён второй фактор: новый пароль — по коду сброса, потерянный второй фактор сбрасывает администратор";
    Err(status::precondition("SECOND_FACTOR_ON", text))
}

fn out_of_scope() -> Status {
    Refusal::new(
        Code::FailedPrecondition,
        "PERSON_NOT_IN_SCOPE",
        "Этому человеку такой код не выдают",
    )
    .into()
}

fn fresh(
    identity: &Identity,
    school: SchoolId,
    candidate: &Candidate,
    request_id: &str,
) -> Result<invitation::Model, Status> {
    let plain = plain(
        identity,
        &PersonId::from_uuid(candidate.person_id).to_string(),
        request_id,
    );
    let normal = code::normalise(&plain)
        .ok_or_else(|| status::internal(anyhow::anyhow!("own code is not readable")))?;
    let now = identity.cx.clock.now();
    Ok(invitation::Model {
        invitation_id: identity.cx.ids.uuid(),
        school_id: Some(school.uuid()),
        person_id: Some(candidate.person_id),
        role: candidate.role.number(),
        code_hash: identity.secrets.code(&normal).to_vec(),
        issued_us: micros(now),
        expires_us: micros(now + SignedDuration::from_hours(24 * code::LIFETIME_DAYS)),
        used_us: None,
        revoked_us: None,
    })
}
