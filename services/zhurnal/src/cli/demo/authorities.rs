//! Registries above the demo school: its municipality has a responsible person, the model
//! list and a schedule of help, and lacks the rest; another municipality has nothing; the
//! ministry has published an order.

use anyhow::Context;
use chassis::client::PeerChannel;
use chassis::lifecycle::Running;
use chassis::service::Cx;
use jiff::tz::TimeZone;
use roster::demo::{DemoRole, Seeded};
use zhurnal_proto::id::{MunicipalityId, RegistryRecordId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::registry_record::Entry;
use zhurnal_proto::roster::v1::roster_service_client::RosterServiceClient;
use zhurnal_proto::types::v1::PersonName;

/// A municipality without schools and records.
const EMPTY: &str = "Вымышленный городской округ";

/// Puts all of it, once.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let Some(director) = super::person(seeded, DemoRole::Director) else {
        return Ok(());
    };
    let cx = running.context("roster").context("roster runs here")?;
    let today = cx.clock.today(&TimeZone::get("Europe/Simferopol")?);
    let office = |role: &'static str, of: String| -> anyhow::Result<Office> {
        let channel = super::channel(running, seeded, (director, role), "roster")?;
        Ok(Office {
            calls: RosterServiceClient::new(channel),
            cx: cx.clone(),
            municipality_id: of,
        })
    };
    let mut ministry = office(super::MINISTRY, String::new())?;
    let request = pb::PutMunicipalityRequest {
        municipality_id: MunicipalityId::from_uuid(cx.ids.uuid()).to_string(),
        title: EMPTY.into(),
        etag: String::new(),
        request_id: cx.ids.uuid().to_string(),
    };
    ministry.calls.put_municipality(request).await?;
    let act = |kind: pb::LocalActKind, title: &str, link: &str| {
        Entry::LocalAct(pb::LocalAct {
            kind: kind.into(),
            title: title.into(),
            number: "1".into(),
            dated_on: today.to_string(),
            link: link.into(),
            starts_on: today.to_string(),
            ..Default::default()
        })
    };
    let order = act(
        pb::LocalActKind::Order,
        "Об использовании единой системы электронных журналов (пример)",
        "https://ministry.example/order",
    );
    ministry.add(order, None).await?;

    let mut municipal = office(super::MUNICIPAL, seeded.municipality_id.to_string())?;
    let request = pb::AddModelAuthorityMeasuresRequest {
        municipality_id: seeded.municipality_id.to_string(),
        request_id: cx.ids.uuid().to_string(),
    };
    municipal
        .calls
        .add_model_authority_measures(request)
        .await?;
    let responsible = Entry::ResponsiblePerson(pb::ResponsiblePerson {
        kind: pb::ResponsibilityKind::SystemUse.into(),
        duties: "Ведёт учёт школ, которые пользуются журналом".into(),
        order_number: "1".into(),
        order_date: today.to_string(),
        starts_on: today.to_string(),
        ..Default::default()
    });
    let name = PersonName {
        surname: "Примерова".into(),
        given_name: "Анна".into(),
        patronymic: "Вымысловна".into(),
    };
    municipal.add(responsible, Some(name)).await?;
    let help = act(
        pb::LocalActKind::HelpSchedule,
        "График методической помощи школам (пример)",
        "",
    );
    municipal.add(help, None).await
}

/// Calls that keep registries above schools.
struct Office {
    calls: RosterServiceClient<PeerChannel>,
    cx: Cx,
    municipality_id: String,
}

impl Office {
    async fn add(&mut self, entry: Entry, person_name: Option<PersonName>) -> anyhow::Result<()> {
        let post = person_name.as_ref().map(|_| "Методист (пример)".to_owned());
        let request = pb::PutAuthorityRecordRequest {
            municipality_id: self.municipality_id.clone(),
            record_id: RegistryRecordId::from_uuid(self.cx.ids.uuid()).to_string(),
            record: Some(pb::RegistryRecord {
                entry: Some(entry),
                person_name,
                post: post.unwrap_or_default(),
                ..Default::default()
            }),
            etag: String::new(),
            request_id: self.cx.ids.uuid().to_string(),
        };
        self.calls.put_authority_record(request).await?;
        Ok(())
    }
}
