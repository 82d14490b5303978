//! Consents in the demo class: its class teacher has collected two of every three.

use anyhow::Context;
use chassis::lifecycle::Running;
use jiff::tz::TimeZone;
use roster::demo::{DemoRole, Seeded};
use zhurnal_proto::id::ConsentId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_service_client::RosterServiceClient;

/// Puts the papers as the class teacher, once; nobody's way of being informed changes.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let Some(teacher) = super::person(seeded, DemoRole::ClassTeacher) else {
        return Ok(());
    };
    let cx = running.context("roster").context("roster runs here")?;
    let today = cx.clock.today(&TimeZone::get("Europe/Simferopol")?);
    let channel = super::channel(running, seeded, (teacher, "TEACHER"), "roster")?;
    let mut calls = RosterServiceClient::new(channel);
    let classes = calls
        .list_classes(pb::ListClassesRequest {
            school_id: seeded.school_id.to_string(),
            ..Default::default()
        })
        .await?
        .into_inner()
        .classes;
    let own = teacher.person_id.to_string();
    let Some(class) = classes.into_iter().find(|one| one.class_teacher_id == own) else {
        return Ok(());
    };
    let request = pb::ListClassConsentsRequest {
        school_id: seeded.school_id.to_string(),
        class_id: class.class_id,
    };
    let pupils = calls
        .list_class_consents(request)
        .await?
        .into_inner()
        .pupils;
    for (at, pupil) in pupils.into_iter().enumerate() {
        let Some(signer) = pupil.signers.first().filter(|_| at % 3 != 2) else {
            continue;
        };
        for kind in [pb::ConsentKind::PersonalData, pb::ConsentKind::Informing] {
            let on_paper =
                kind == pb::ConsentKind::Informing && signer.informing() == pb::Informing::Paper;
            let decision = if on_paper {
                pb::ConsentDecision::Refused
            } else {
                pb::ConsentDecision::Given
            };
            let consent = pb::Consent {
                signer_id: signer.person_id.clone(),
                kind: kind.into(),
                decision: decision.into(),
                signed_on: today.to_string(),
                note: "Папка класса (пример)".into(),
                ..Default::default()
            };
            let request = pb::PutConsentRequest {
                pupil_id: pupil.pupil_id.clone(),
                consent_id: ConsentId::from_uuid(cx.ids.uuid()).to_string(),
                consent: Some(consent),
                etag: String::new(),
                request_id: cx.ids.uuid().to_string(),
            };
            calls.put_consent(request).await?;
        }
    }
    Ok(())
}
