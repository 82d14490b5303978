//! GetPupilCard: cards of a pupil and the guardians, and who changed what. Class teacher,
//! secretary, administrator, deputies, director.

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::id::PersonId;
use zhurnal_proto::roster::v1 as pb;

use super::{parse, pupil_card};
use crate::Roster;
use crate::store::{cards, guardians};

/// Changes of an answer.
const CHANGES: u64 = 100;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetPupilCardRequest>,
) -> Result<pb::GetPupilCardResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.cards.get";
    let family = pupil_card::family(roster, &caller, permission, &request.pupil_id).await?;
    let (db, school, pupil) = (roster.cx.db.read(), family.school, family.pupil);
    let links = guardians::of_pupil(db, school, pupil)
        .await
        .map_err(status::from_db)?;
    let versions = guardians::versions(db, school, pupil)
        .await
        .map_err(status::from_db)?;
    let mut people: Vec<PersonId> = links.iter().map(|link| link.guardian_id).collect();
    people.push(pupil);
    let kept = cards::some(db, school, &people, false)
        .await
        .map_err(status::from_db)?;
    let of = |id: PersonId| kept.iter().find(|card| card.id == id);
    let own = of(pupil).ok_or_else(|| status::not_found("Pupil"))?;
    let history = cards::history(db, school, pupil, CHANGES)
        .await
        .map_err(status::from_db)?;
    let may_write = roster
        .cx
        .access
        .check(&caller, "roster.cards.put", &family.facts)
        .is_ok();
    Ok(pb::GetPupilCardResponse {
        card: Some(pupil_card::card(own)),
        class_title: family.class_title,
        guardians: links
            .iter()
            .map(|link| {
                let version = versions.get(&link.id).copied().unwrap_or(1);
                pupil_card::guardian(school, (link, version), of(link.guardian_id))
            })
            .collect(),
        changes: history
            .into_iter()
            .map(|made| pupil_card::change(made, &kept))
            .collect(),
        namesakes: pupil_card::namesakes(db, school, own).await?,
        may_write,
    })
}
