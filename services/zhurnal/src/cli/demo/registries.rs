//! Registries of the demo school: the model plan with two measures done, the persons
//! named, a regulation to acknowledge, a contract, a training, a computer room.

use anyhow::Context;
use chassis::client::PeerChannel;
use chassis::lifecycle::Running;
use chassis::service::Cx;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use roster::demo::{DemoPerson, DemoRole, Seeded};
use zhurnal_proto::id::RegistryRecordId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::registry_record::Entry;
use zhurnal_proto::roster::v1::roster_service_client::RosterServiceClient;

/// Puts the records as the school's director, once.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let Some(director) = super::person(seeded, DemoRole::Director) else {
        return Ok(());
    };
    let cx = running.context("roster").context("roster runs here")?;
    let today = cx.clock.today(&TimeZone::get("Europe/Simferopol")?);
    let channel = super::channel(running, seeded, (director, "DIRECTOR"), "roster")?;
    let mut office = Office {
        calls: RosterServiceClient::new(channel),
        cx,
        school_id: seeded.school_id.to_string(),
    };
    office.plan(director, today).await?;
    let administrator = super::person(seeded, DemoRole::Administrator).unwrap_or(director);
    for (person, kind, duties) in [
        (
            administrator,
            pb::ResponsibilityKind::Administrator,
            "Ведёт электронный журнал школы",
        ),
        (
            administrator,
            pb::ResponsibilityKind::SystemSpecialist,
            "Помогает коллегам с программой",
        ),
        (
            director,
            pb::ResponsibilityKind::GroupHead,
            "Руководит рабочей группой",
        ),
    ] {
        let named = pb::ResponsiblePerson {
            kind: kind.into(),
            person_id: person.person_id.to_string(),
            duties: duties.into(),
            order_number: "1-ЭЖ".into(),
            order_date: today.to_string(),
            starts_on: today.to_string(),
            ends_on: String::new(),
        };
        office.add(Entry::ResponsiblePerson(named)).await?;
    }
    for (kind, title, to_acknowledge) in [
        (
            pb::LocalActKind::Regulation,
            "Положение об электронном журнале (пример)",
            true,
        ),
        (
            pb::LocalActKind::Contract,
            "Договор с оператором журнала (пример)",
            false,
        ),
    ] {
        let act = pb::LocalAct {
            kind: kind.into(),
            title: title.into(),
            number: "1".into(),
            dated_on: today.to_string(),
            version: "1".into(),
            link: "https://school.example/documents".into(),
            starts_on: today.to_string(),
            to_acknowledge,
            ..Default::default()
        };
        office.add(Entry::LocalAct(act)).await?;
    }
    if let Some(teacher) = super::person(seeded, DemoRole::Teacher) {
        let training = pb::Training {
            kind: pb::TrainingKind::Course.into(),
            person_id: teacher.person_id.to_string(),
            title: "Работа в электронном журнале (пример)".into(),
            due_on: today.to_string(),
            done_on: today.to_string(),
            hours: 16,
            result: "Удостоверение".into(),
        };
        office.add(Entry::Training(training)).await?;
    }
    let equipment = pb::Equipment {
        kind: pb::EquipmentKind::Computer.into(),
        title: "Компьютер (пример)".into(),
        place: "Кабинет информатики".into(),
        quantity: 12,
        responsible_id: administrator.person_id.to_string(),
        is_access_point: true,
        schedule: "Понедельник–пятница, 14:00–17:00".into(),
        starts_on: today.to_string(),
        ends_on: String::new(),
    };
    office.add(Entry::Equipment(equipment)).await
}

/// Calls that keep the registries.
struct Office {
    calls: RosterServiceClient<PeerChannel>,
    cx: Cx,
    school_id: String,
}

impl Office {
    /// The model plan; its first two measures are done.
    async fn plan(&mut self, director: &DemoPerson, today: Date) -> anyhow::Result<()> {
        let request = pb::AddModelMeasuresRequest {
            school_id: self.school_id.clone(),
            request_id: self.cx.ids.uuid().to_string(),
        };
        self.calls.add_model_measures(request).await?;
        let request = pb::ListRegistryRecordsRequest {
            school_id: self.school_id.clone(),
            registry: pb::Registry::Measures.into(),
            page_size: 2,
            ..Default::default()
        };
        let first = self
            .calls
            .list_registry_records(request)
            .await?
            .into_inner();
        for record in first.records {
            let Some(Entry::Measure(measure)) = record.entry else {
                continue;
            };
            let done = pb::Measure {
                responsible_id: director.person_id.to_string(),
                done_on: today.to_string(),
                result: "Исполнено (пример)".into(),
                ..measure
            };
            self.keep(record.record_id, record.etag, Entry::Measure(done))
                .await?;
        }
        Ok(())
    }

    async fn add(&mut self, entry: Entry) -> anyhow::Result<()> {
        let id = RegistryRecordId::from_uuid(self.cx.ids.uuid()).to_string();
        self.keep(id, String::new(), entry).await
    }

    async fn keep(&mut self, id: String, etag: String, entry: Entry) -> anyhow::Result<()> {
        let request = pb::PutRegistryRecordRequest {
            school_id: self.school_id.clone(),
            record_id: id,
            record: Some(pb::RegistryRecord {
                entry: Some(entry),
                ..Default::default()
            }),
            etag,
            request_id: self.cx.ids.uuid().to_string(),
        };
        self.calls.put_registry_record(request).await?;
        Ok(())
    }
}
