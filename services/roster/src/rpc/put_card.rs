//! PutCard: the card of a pupil or of one of the guardians is written in the version that
//! the caller saw, and every changed field remembered. Class teacher, secretary,
//! administrator, director. Announces the card.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::PersonId;
use zhurnal_proto::roster::v1 as pb;

use super::{parse, pupil_card};
use crate::Roster;
use crate::announce::{self, Moved};
use crate::store::cards::{self, Kept};
use crate::store::registries::Change;
use crate::store::{guardians, staff};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutCardRequest>,
) -> Result<pb::PutCardResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.cards.put";
    let family = pupil_card::family(roster, &caller, permission, &request.pupil_id).await?;
    let id: PersonId = parse::id("personId", &request.person_id)?;
    let today = roster.today(&family.found.time_zone);
    let entry = pupil_card::entry("entry", &request.entry.clone().unwrap_or_default(), today)?;
    let seen = chassis::etag::version(&request.etag);
    let (school, pupil) = (family.school, family.pupil);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let by_name = pupil_card::by_name(&caller);
    let of_office = pupil_card::is_of_office(&caller);
    let key = idempotency::key(&caller.actor(), "PutCard", &request.request_id, &request)?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let conn = uow.conn();
        let links = guardians::of_pupil(conn, school, pupil)
            .await
            .map_err(status::from_db)?;
        if id != pupil && !links.iter().any(|link| link.guardian_id == id) {
            return Err(status::not_found("Card"));
        }
        let known = cards::some(conn, school, &[id], true)
            .await
            .map_err(status::from_db)?
            .pop();
        let known = known.ok_or_else(|| status::not_found("Card"))?;
        let of_staff = staff::cards(conn, school, today)
            .await
            .map_err(status::from_db)?
            .contains(&id);
        if of_staff && !of_office {
            return Err(status::precondition(
                "CARD_OF_STAFF",
                "Это карточка сотрудника школы: её ведёт канцелярия",
            ));
        }
        if seen != Some(known.version) {
            return Err(status::stale_etag(&chassis::etag::of(known.version)));
        }
        let changed = known.entry.changed_to(&entry);
        let mut kept = known;
        if !changed.is_empty() {
            kept = Kept {
                id,
                entry,
                version: kept.version + 1,
            };
            cards::replace(conn, school, &kept)
                .await
                .map_err(status::from_db)?;
            let by = (&change, by_name.as_str());
            cards::remember(conn, school, (pupil, id), changed, by, || {
                roster.cx.ids.uuid()
            })
            .await
            .map_err(status::from_db)?;
        }
        let namesakes = pupil_card::namesakes(uow.conn(), school, &kept).await?;
        let moved = Moved {
            people: vec![kept.person()],
            ..Moved::default()
        };
        announce::moved(&mut uow, change.at, school.id(), &moved);
        let answer = pb::PutCardResponse {
            card: Some(pupil_card::card(&kept)),
            namesakes,
        };
        Ok((uow, answer))
    })
    .await
}
