//! What the demo school says of itself, and how it keeps its journal: a pilot alongside
//! paper, and one pupil who is taught individually.

use anyhow::Context;
use chassis::client::PeerChannel;
use chassis::lifecycle::Running;
use chassis::service::Cx;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use roster::demo::{DemoRole, Seeded};
use zhurnal_proto::id::JournalModeId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_service_client::RosterServiceClient;

/// Puts all of it as the school's director, once.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let Some(director) = super::person(seeded, DemoRole::Director) else {
        return Ok(());
    };
    let cx = running.context("roster").context("roster runs here")?;
    let channel = super::channel(running, seeded, (director, "DIRECTOR"), "roster")?;
    let mut office = Office {
        calls: RosterServiceClient::new(channel),
        cx,
        school_id: seeded.school_id.to_string(),
    };
    office.say_of_itself().await?;
    office.keep_the_journal().await
}

struct Office {
    calls: RosterServiceClient<PeerChannel>,
    cx: Cx,
    school_id: String,
}

impl Office {
    /// The profile, confirmed.
    async fn say_of_itself(&mut self) -> anyhow::Result<()> {
        let address = "Примерный район, с. Вымышленное, ул. Школьная, 1";
        let entry = pb::SchoolProfileEntry {
            full_title: "Муниципальное бюджетное общеобразовательное учреждение «Школа-пример»"
                .into(),
            short_title: "МБОУ «Школа-пример»".into(),
            // Of no organisation: the check digits fit, the rest is invented.
            inn: "0000000018".into(),
            ogrn: "1000000000000".into(),
            legal_address: address.into(),
            actual_address: address.into(),
            phone: "+7 978 000-00-00".into(),
            email: "school@school.example".into(),
            site: "https://school.example".into(),
            journal_page: "https://school.example/journal".into(),
            building_count: 1,
        };
        let request = pb::PutSchoolProfileRequest {
            school_id: self.school_id.clone(),
            entry: Some(entry),
            etag: String::new(),
            request_id: self.request_id(),
        };
        let answer = self.calls.put_school_profile(request).await?.into_inner();
        let request = pb::ConfirmSchoolProfileRequest {
            school_id: self.school_id.clone(),
            etag: answer.profile.unwrap_or_default().etag,
            request_id: self.request_id(),
        };
        self.calls.confirm_school_profile(request).await?;
        Ok(())
    }

    /// Prepared in summer, a pilot since September; the last pupil of the last class learns
    /// at home.
    async fn keep_the_journal(&mut self) -> anyhow::Result<()> {
        let school_id = self.school_id.clone();
        let request = pb::GetSchoolRequest { school_id };
        let school = self.calls.get_school(request).await?.into_inner().school;
        let academic_year = school.unwrap_or_default().academic_year;
        let year: i16 = academic_year.get(..4).unwrap_or_default().parse()?;
        let begins = date(year, 9, 1);
        for (kind, day) in [
            (pb::JournalModeKind::Preparation, date(year, 6, 1)),
            (pb::JournalModeKind::Pilot, begins),
        ] {
            self.decide(pb::JournalMode {
                kind: kind.into(),
                starts_on: day.to_string(),
                ..Default::default()
            })
            .await?;
        }
        let Some(pupil_id) = self.last_pupil().await? else {
            return Ok(());
        };
        let today = self.cx.clock.today(&TimeZone::get("Europe/Simferopol")?);
        let from: Date = today.clamp(begins, date(year + 1, 8, 31));
        self.decide(pb::JournalMode {
            kind: pb::JournalModeKind::Paper.into(),
            pupil_id,
            starts_on: from.to_string(),
            order_number: "1-У (пример)".into(),
            order_date: from.to_string(),
            ..Default::default()
        })
        .await
    }

    async fn last_pupil(&mut self) -> anyhow::Result<Option<String>> {
        let request = pb::ListClassesRequest {
            school_id: self.school_id.clone(),
            ..Default::default()
        };
        let classes = self.calls.list_classes(request).await?.into_inner().classes;
        let Some(class) = classes.last() else {
            return Ok(None);
        };
        let request = pb::ListPupilsRequest {
            school_id: self.school_id.clone(),
            class_id: class.class_id.clone(),
            ..Default::default()
        };
        let pupils = self.calls.list_pupils(request).await?.into_inner().pupils;
        Ok(pupils.last().map(|pupil| pupil.pupil_id.clone()))
    }

    async fn decide(&mut self, mode: pb::JournalMode) -> anyhow::Result<()> {
        let request = pb::PutJournalModeRequest {
            school_id: self.school_id.clone(),
            mode_id: JournalModeId::from_uuid(self.cx.ids.uuid()).to_string(),
            mode: Some(mode),
            etag: String::new(),
            request_id: self.request_id(),
        };
        self.calls.put_journal_mode(request).await?;
        Ok(())
    }

    fn request_id(&self) -> String {
        self.cx.ids.uuid().to_string()
    }
}
