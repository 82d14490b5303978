//! WithdrawConsent: who has signed takes it back, from today on.

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::found_pupil::FoundPupil;
use super::{consent_entry, parse, pupil_card};
use crate::Roster;
use crate::domain::consent::Decision;
use crate::store::registries::Change;
use crate::store::{consents, people};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::WithdrawConsentRequest>,
) -> Result<pb::WithdrawConsentResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let card = FoundPupil::find(roster, &caller, &request.pupil_id).await?;
    let access = &roster.cx.access;
    access.check(&caller, "roster.consents.withdraw", &card.facts())?;

    let id = parse::id("consent_id", &request.consent_id)?;
    let (school, change) = (
        card.school,
        Change {
            by: caller.actor(),
            at: roster.cx.clock.now(),
        },
    );
    let mut uow = roster.cx.db.begin().await.map_err(status::from_db)?;
    let mut kept = consents::lock(uow.conn(), school, id)
        .await
        .map_err(status::from_db)?
        .filter(|known| {
            known.consent.pupil == card.id && consent_entry::is_own(&caller, known.consent.signer)
        })
        .ok_or_else(|| status::not_found("Consent"))?;
    if kept.consent.decision != Decision::Given {
        return Err(status::precondition(
            "CONSENT_NOT_GIVEN",
            "Отозвать можно только данное согласие",
        ));
    }
    if kept.consent.is_in_force() {
        kept.consent.withdrawn_on = Some(card.today);
        kept.version += 1;
        consents::replace(uow.conn(), school, &kept, &change)
            .await
            .map_err(status::from_db)?;
        let by_name = pupil_card::by_name(&caller);
        let by = (&change, by_name.as_str());
        consent_entry::inform(roster, &mut uow, school, &kept.consent, by).await?;
    }
    let names = people::names(uow.conn(), school, vec![kept.consent.signer])
        .await
        .map_err(status::from_db)?;
    uow.commit().await.map_err(status::from_db)?;
    let consent = pb::Consent {
        own: true,
        ..consent_entry::show(&kept, &names)
    };
    Ok(pb::WithdrawConsentResponse {
        consent: Some(consent),
    })
}
