//! GetConsentCoverage: how far the collecting of consents is, class by class, and which
//! documents on personal data the school has.

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{consent_entry, parse};
use crate::Roster;
use crate::domain::consent::ConsentKind;
use crate::domain::registry::Registry;
use crate::store::{classes, consents, registries};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetConsentCoverageRequest>,
) -> Result<pb::GetConsentCoverageResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.consents.coverage";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let db = roster.cx.db.read();
    let (day, today) = (roster.present_day(&found), roster.today(&found.time_zone));
    let classes = classes::of_year(db, school, &found.academic_year)
        .await
        .map_err(status::from_db)?;
    let sizes = classes::sizes(db, school, day)
        .await
        .map_err(status::from_db)?;
    let collected = consents::collected(db, school, day)
        .await
        .map_err(status::from_db)?;
    let acts = registries::kinds_in_force(db, school, Registry::LocalActs, today)
        .await
        .map_err(status::from_db)?;
    let people = registries::kinds_in_force(db, school, Registry::ResponsiblePersons, today)
        .await
        .map_err(status::from_db)?;
    let shown = classes.iter().map(|class| pb::ClassConsents {
        class_id: class.id.to_string(),
        class_title: class.title.clone(),
        pupil_count: sizes.get(&class.id).copied().unwrap_or(0),
        counts: ConsentKind::ALL
            .into_iter()
            .map(|kind| {
                let count = collected
                    .get(&(class.id, kind))
                    .copied()
                    .unwrap_or_default();
                pb::ConsentCount {
                    kind: consent_entry::kind(kind).into(),
                    given_count: count.given,
                    refused_count: count.refused,
                }
            })
            .collect(),
    });
    let has = |kinds: &std::collections::HashSet<i16>, kind: i32| {
        i16::try_from(kind).is_ok_and(|kind| kinds.contains(&kind))
    };
    Ok(pb::GetConsentCoverageResponse {
        classes: shown.collect(),
        has_rules: has(&acts, pb::LocalActKind::PersonalData.into()),
        has_form: has(&acts, pb::LocalActKind::Form.into()),
        has_responsible_person: has(&people, pb::ResponsibilityKind::DataProtection.into()),
    })
}
