//! PutGuardianLink: a guardian is added, or the link changed in the version that the caller
//! saw: relation, representative, informing, days. Class teacher, secretary, administrator,
//! director. Announces the link, and the card when it is new.

use chassis::db::UnitOfWork;
use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::{GuardianLinkId, PersonId};
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use super::pupil_card::{self, Family};
use crate::Roster;
use crate::announce::{self, Moved};
use crate::domain::card::{Changed, Entry, Field, link_changed, overlap};
use crate::domain::record::GuardianLink;
use crate::domain::text::tidy;
use crate::store::cards::{self, Kept};
use crate::store::guardians;
use crate::store::registries::Change;

/// What a request asks for.
struct Command {
    link: GuardianLink,
    guardian: Option<PersonId>,
    new: Option<Entry>,
    seen: Option<i64>,
}

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutGuardianLinkRequest>,
) -> Result<pb::PutGuardianLinkResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.cards.put";
    let family = pupil_card::family(roster, &caller, permission, &request.pupil_id).await?;
    let today = roster.today(&family.found.time_zone);
    let command = command(&request, family.pupil, today)?;
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let by_name = pupil_card::by_name(&caller);
    let key = idempotency::key(
        &caller.actor(),
        "PutGuardianLink",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let written = write(roster, &uow, &family, command, (&change, by_name.as_str())).await?;
        let Written {
            link,
            version,
            card,
            is_new,
        } = written;
        let namesakes = if is_new {
            pupil_card::namesakes(uow.conn(), family.school, &card).await?
        } else {
            Vec::new()
        };
        let moved = Moved {
            people: if is_new {
                vec![card.person()]
            } else {
                Vec::new()
            },
            guardian_links: vec![link.clone()],
            ..Moved::default()
        };
        announce::moved(&mut uow, change.at, family.school.id(), &moved);
        let guardian = pupil_card::guardian(family.school, (&link, version), Some(&card));
        let answer = pb::PutGuardianLinkResponse {
            guardian: Some(guardian),
            namesakes,
        };
        Ok((uow, answer))
    })
    .await
}

fn command(
    request: &pb::PutGuardianLinkRequest,
    pupil: PersonId,
    today: jiff::civil::Date,
) -> Result<Command, Status> {
    let new = request.new_guardian.as_ref();
    let new = new.map(|new| pupil_card::entry("newGuardian", new, today));
    let guardian: Option<PersonId> = parse::optional_id("guardianId", &request.guardian_id)?;
    let relation = tidy(&request.relation);
    if relation.is_empty() {
        let message = "Укажите, кем приходится ученику";
        return Err(status::invalid_field("relation", "REQUIRED", message));
    }
    let link = GuardianLink {
        id: parse::id("guardianLinkId", &request.guardian_link_id)?,
        guardian_id: guardian.unwrap_or(pupil),
        pupil_id: pupil,
        relation,
        is_representative: request.is_representative,
        informing: pupil_card::informing(request.informing()),
        starts_on: parse::date("startsOn", &request.starts_on)?,
        ends_on: parse::optional_date("endsOn", &request.ends_on)?,
    };
    if link.ends_on.is_some_and(|last| last < link.starts_on) {
        let message = "Последний день раньше первого";
        return Err(status::invalid_field("endsOn", "DATES_REVERSED", message));
    }
    if guardian == Some(pupil) {
        let message = "Ученик не может быть своим представителем";
        return Err(status::invalid_field(
            "guardianId",
            "GUARDIAN_IS_PUPIL",
            message,
        ));
    }
    let command = Command {
        link,
        guardian,
        new: new.transpose()?,
        seen: chassis::etag::version(&request.etag),
    };
    if command.seen.is_none() && command.guardian.is_some() == command.new.is_some() {
        let message = "Укажите карточку школы или заполните новую";
        return Err(status::invalid_field(
            "guardianId",
            "GUARDIAN_OR_NEW",
            message,
        ));
    }
    Ok(command)
}

struct Written {
    link: GuardianLink,
    version: i64,
    card: Kept,
    is_new: bool,
}

async fn write(
    roster: &Roster,
    uow: &UnitOfWork,
    family: &Family,
    command: Command,
    by: (&Change, &str),
) -> Result<Written, Status> {
    let (conn, school, pupil) = (uow.conn(), family.school, family.pupil);
    // The pupil's card holds the family against other changes.
    cards::some(conn, school, &[pupil], true)
        .await
        .map_err(status::from_db)?;
    let links = guardians::of_pupil(conn, school, pupil)
        .await
        .map_err(status::from_db)?;
    let versions = guardians::versions(conn, school, pupil)
        .await
        .map_err(status::from_db)?;
    let known = links.iter().find(|link| link.id == command.link.id);
    let known = known.map(|link| (link, versions.get(&link.id).copied().unwrap_or(1)));
    let (card, is_new) = match known {
        None if command.seen.is_some() => return Err(status::not_found("GuardianLink")),
        Some((_, version)) if command.seen != Some(version) => {
            return Err(status::stale_etag(&chassis::etag::of(version)));
        }
        Some((link, _)) => (one(conn, family, link.guardian_id).await?, false),
        None => match (command.guardian, command.new) {
            (Some(id), _) => (one(conn, family, id).await?, false),
            (None, Some(entry)) => (
                Kept {
                    id: PersonId::from_uuid(roster.cx.ids.uuid()),
                    entry,
                    version: 1,
                },
                true,
            ),
            (None, None) => return Err(status::not_found("GuardianLink")),
        },
    };
    let link = GuardianLink {
        guardian_id: card.id,
        ..command.link
    };
    let twice = links.iter().any(|other| {
        other.id != link.id && other.guardian_id == link.guardian_id && overlap(other, &link)
    });
    if twice {
        return Err(status::already_exists(
            "GUARDIAN_LINKED",
            "Этот человек уже указан представителем ученика в эти дни",
        ));
    }
    let (changed, version) = match known {
        Some((was, version)) => {
            let changed = link_changed(was, &link);
            guardians::replace(conn, school, &link, version + 1)
                .await
                .map_err(status::from_db)?;
            (changed, version + 1)
        }
        None => {
            if is_new {
                cards::add(conn, school, &card)
                    .await
                    .map_err(status::from_db)?;
            }
            add(conn, school, &link).await?;
            let added: Changed = (Field::Guardian, String::new(), link.relation.clone());
            (vec![added], 1)
        }
    };
    cards::remember(conn, school, (pupil, card.id), changed, by, || {
        roster.cx.ids.uuid()
    })
    .await
    .map_err(status::from_db)?;
    Ok(Written {
        link,
        version,
        card,
        is_new,
    })
}

/// Another pupil's link under this id is as good as none: it cannot be taken over.
async fn add(
    conn: &impl sea_orm::ConnectionTrait,
    school: crate::store::School,
    link: &GuardianLink,
) -> Result<(), Status> {
    let ids: [GuardianLinkId; 1] = [link.id];
    let taken = guardians::by_ids(conn, school, &ids)
        .await
        .map_err(status::from_db)?;
    if !taken.is_empty() {
        return Err(status::not_found("GuardianLink"));
    }
    guardians::add(conn, school, std::slice::from_ref(link))
        .await
        .map_err(status::from_db)
}

/// A card of the school.
async fn one(
    conn: &impl sea_orm::ConnectionTrait,
    family: &Family,
    id: PersonId,
) -> Result<Kept, Status> {
    let found = cards::some(conn, family.school, &[id], false)
        .await
        .map_err(status::from_db)?
        .pop();
    found.ok_or_else(|| {
        let message = "Такой карточки в школе нет";
        status::invalid_field("guardianId", "GUARDIAN_UNKNOWN", message)
    })
}
