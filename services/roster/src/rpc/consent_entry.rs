//! Consents between the contract and the domain, and what is shown beside them.

use std::collections::HashMap;

use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::status;
use jiff::civil::Date;
use sea_orm::DbErr;
use tonic::Status;
use zhurnal_proto::id::{ConsentId, PersonId};
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::announce::{self, Moved};
use crate::domain::card::link_changed;
use crate::domain::consent::{self, CannotSign, Consent, ConsentKind, Decision, may_sign};
use crate::domain::record::{GuardianLink, Informing, Name};
use crate::store::consents::{self, Kept};
use crate::store::pupils::Listed;
use crate::store::registries::Change;
use crate::store::{School, cards, guardians};

/// What a caller wants to be recorded.
pub(super) fn wanted(
    id: ConsentId,
    pupil: PersonId,
    consent: &pb::Consent,
) -> Result<Consent, Status> {
    let required = |field: &str| status::invalid_field(field, "REQUIRED", "Заполните поле");
    let kind = ConsentKind::ALL
        .into_iter()
        .find(|one| kind(*one) == consent.kind())
        .ok_or_else(|| required("consent.kind"))?;
    let decision = match consent.decision() {
        pb::ConsentDecision::Given => Decision::Given,
        pb::ConsentDecision::Refused => Decision::Refused,
        pb::ConsentDecision::Unspecified => return Err(required("consent.decision")),
    };
    Ok(Consent {
        id,
        pupil,
        signer: parse::id("consent.signerId", &consent.signer_id)?,
        kind,
        decision,
        signed_on: parse::date("consent.signedOn", &consent.signed_on)?,
        withdrawn_on: parse::optional_date("consent.withdrawnOn", &consent.withdrawn_on)?,
        note: consent.note.trim().to_owned(),
    })
}

/// The refusal of a signature.
pub(super) fn cannot_sign(why: CannotSign) -> Status {
    let (reason, message) = match why {
        CannotSign::Unknown => (
            "SIGNER_UNKNOWN",
            "Подписать может законный представитель или сам ученик",
        ),
        CannotSign::NotRepresentative => (
            "SIGNER_NOT_REPRESENTATIVE",
            "В этот день этот человек не был законным представителем ученика",
        ),
        CannotSign::TooYoung => ("PUPIL_TOO_YOUNG", "Ученик подписывает сам с 14 лет"),
        CannotSign::OfAge => (
            "PUPIL_OF_AGE",
            "Ученику было 18 лет: за себя он подписывает сам",
        ),
    };
    status::precondition(reason, message)
}

pub(super) const fn kind(kind: ConsentKind) -> pb::ConsentKind {
    match kind {
        ConsentKind::PersonalData => pb::ConsentKind::PersonalData,
        ConsentKind::Informing => pb::ConsentKind::Informing,
        ConsentKind::Photo => pb::ConsentKind::Photo,
        ConsentKind::ThirdParty => pb::ConsentKind::ThirdParty,
    }
}

/// A consent as answers show one.
pub(super) fn show(kept: &Kept, names: &HashMap<PersonId, Name>) -> pb::Consent {
    let one = &kept.consent;
    let decision = match one.decision {
        Decision::Given => pb::ConsentDecision::Given,
        Decision::Refused => pb::ConsentDecision::Refused,
    };
    pb::Consent {
        consent_id: one.id.to_string(),
        pupil_id: one.pupil.to_string(),
        signer_id: one.signer.to_string(),
        kind: kind(one.kind).into(),
        decision: decision.into(),
        signed_on: one.signed_on.to_string(),
        withdrawn_on: one
            .withdrawn_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
        note: one.note.clone(),
        signer_name: names.get(&one.signer).map(convert::name),
        etag: chassis::etag::of(kept.version),
        own: false,
    }
}

/// Whether a family has signed with one of its cards.
pub(super) fn is_own(caller: &Caller, signer: PersonId) -> bool {
    let cards = caller.user().map(|user| user.cards());
    cards.is_some_and(|mut cards| cards.any(|card| card == signer))
}

/// Whose names [`of_pupil`] shows.
pub(super) fn named<'a>(
    kept: impl IntoIterator<Item = &'a Kept>,
    links: impl IntoIterator<Item = &'a GuardianLink>,
) -> Vec<PersonId> {
    let signers = kept.into_iter().map(|one| one.consent.signer);
    let guardians = links.into_iter().map(|link| link.guardian_id);
    signers.chain(guardians).collect()
}

/// One pupil with consents and those who may sign today.
pub(super) fn of_pupil(
    pupil: &Listed,
    kept: &[&Kept],
    links: &[GuardianLink],
    names: &HashMap<PersonId, Name>,
    today: Date,
) -> pb::PupilConsents {
    let consents: Vec<Consent> = kept.iter().map(|one| one.consent.clone()).collect();
    pb::PupilConsents {
        pupil_id: pupil.id.to_string(),
        pupil_name: Some(convert::name(&pupil.name)),
        consents: kept.iter().map(|one| show(one, names)).collect(),
        missing: consent::missing(&consents)
            .into_iter()
            .map(|one| kind(one).into())
            .collect(),
        signers: signers(pupil, links, names, today),
    }
}

fn signers(
    pupil: &Listed,
    links: &[GuardianLink],
    names: &HashMap<PersonId, Name>,
    today: Date,
) -> Vec<pb::ConsentSigner> {
    let about = (pupil.id, pupil.birth_date);
    let may = |signer| may_sign(signer, about, links, today).is_ok();
    let mut signers: Vec<pb::ConsentSigner> = links
        .iter()
        .filter(|link| link.is_in_force(today) && may(link.guardian_id))
        .map(|link| pb::ConsentSigner {
            person_id: link.guardian_id.to_string(),
            name: names.get(&link.guardian_id).map(convert::name),
            relation: link.relation.clone(),
            informing: convert::informing(link.informing).into(),
        })
        .collect();
    if may(pupil.id) {
        signers.push(pb::ConsentSigner {
            person_id: pupil.id.to_string(),
            name: Some(convert::name(&pupil.name)),
            relation: String::new(),
            informing: pb::Informing::Unspecified.into(),
        });
    }
    signers
}

/// The signer is informed as the newest application says. Without any it stays as it is.
pub(super) async fn inform(
    roster: &Roster,
    uow: &mut UnitOfWork,
    school: School,
    about: &Consent,
    by: (&Change, &str),
) -> Result<(), Status> {
    if about.kind != ConsentKind::Informing {
        return Ok(());
    }
    let kept = consents::of_pupils(uow.conn(), school, &[about.pupil])
        .await
        .map_err(status::from_db)?;
    let own = kept
        .iter()
        .map(|one| &one.consent)
        .filter(|one| one.signer == about.signer);
    let Some(informing) = consent::informing(own) else {
        return Ok(());
    };
    let changed = change_links(roster, uow, school, (about, informing), by)
        .await
        .map_err(status::from_db)?;
    let moved = Moved {
        guardian_links: changed,
        ..Moved::default()
    };
    announce::moved(uow, by.0.at, school.id(), &moved);
    Ok(())
}

async fn change_links(
    roster: &Roster,
    uow: &UnitOfWork,
    school: School,
    (about, informing): (&Consent, Informing),
    by: (&Change, &str),
) -> Result<Vec<GuardianLink>, DbErr> {
    let conn = uow.conn();
    // The pupil's card holds the family against other changes.
    cards::some(conn, school, &[about.pupil], true).await?;
    let versions = guardians::versions(conn, school, about.pupil).await?;
    let mut changed = Vec::new();
    for was in guardians::of_pupil(conn, school, about.pupil).await? {
        if was.guardian_id != about.signer || was.informing == informing {
            continue;
        }
        let link = GuardianLink {
            informing,
            ..was.clone()
        };
        let version = versions.get(&link.id).copied().unwrap_or(1) + 1;
        guardians::replace(conn, school, &link, version).await?;
        let people = (about.pupil, about.signer);
        let what = link_changed(&was, &link);
        cards::remember(conn, school, people, what, by, || roster.cx.ids.uuid()).await?;
        changed.push(link);
    }
    Ok(changed)
}
