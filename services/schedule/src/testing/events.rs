//! Events of classes and of the school in tests.

use chassis::caller::{Caller, User, UserKind};
use tonic::{Response, Status};
use uuid::Uuid;
use zhurnal_proto::id::{
    AccountId, ClassId, GroupId, GuardianLinkId, PersonId, SchoolId, SessionId,
};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change as Told;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::lesson_plans::request_id;
use super::plans::id;
use super::world::{Calls, World, text};

/// A Monday of three lessons.
pub const DAY: &str = "2026-09-07";

/// An excursion of 5-А.
pub fn excursion() -> pb::SchoolEventContent {
    pb::SchoolEventContent {
        kind: pb::SchoolEventKind::Activity.into(),
        title: "Экскурсия".into(),
        starts_on: DAY.into(),
        starts_at: "10:00".into(),
        ends_at: "12:00".into(),
        place: "Музей".into(),
        audience: pb::SchoolEventAudience::Classes.into(),
        class_ids: vec![text::<ClassId>("5-А")],
        ..Default::default()
    }
}

/// Of another audience than classes.
pub fn of_audience(audience: pb::SchoolEventAudience) -> pb::SchoolEventContent {
    pb::SchoolEventContent {
        audience: audience.into(),
        class_ids: Vec::new(),
        ..excursion()
    }
}

/// A request that makes an event.
pub fn save_request(content: pb::SchoolEventContent, n: u8) -> pb::SaveSchoolEventRequest {
    pb::SaveSchoolEventRequest {
        school_id: text::<SchoolId>("school"),
        content: Some(content),
        request_id: request_id(n),
        ..Default::default()
    }
}

/// A request that changes the event as it was seen.
pub fn change_request(
    seen: &pb::SchoolEvent,
    content: pb::SchoolEventContent,
    n: u8,
) -> pb::SaveSchoolEventRequest {
    pb::SaveSchoolEventRequest {
        school_event_id: seen.school_event_id.clone(),
        etag: seen.etag.clone(),
        ..save_request(content, n)
    }
}

/// A request that publishes the events as they were seen.
pub fn publish_request(seen: &[&pb::SchoolEvent], n: u8) -> pb::PublishSchoolEventsRequest {
    let seen = seen.iter().map(|event| pb::SeenSchoolEvent {
        school_event_id: event.school_event_id.clone(),
        etag: event.etag.clone(),
    });
    pb::PublishSchoolEventsRequest {
        school_id: text::<SchoolId>("school"),
        school_events: seen.collect(),
        request_id: request_id(n),
    }
}

/// A request that cancels the event as it was seen.
pub fn cancel_request(seen: &pb::SchoolEvent, n: u8) -> pb::CancelSchoolEventRequest {
    pb::CancelSchoolEventRequest {
        school_id: text::<SchoolId>("school"),
        school_event_id: seen.school_event_id.clone(),
        reason: "дождь".into(),
        etag: seen.etag.clone(),
        request_id: request_id(n),
    }
}

/// A request that removes the draft as it was seen.
pub fn discard_request(seen: &pb::SchoolEvent, n: u8) -> pb::DiscardSchoolEventRequest {
    pb::DiscardSchoolEventRequest {
        school_id: text::<SchoolId>("school"),
        school_event_id: seen.school_event_id.clone(),
        etag: seen.etag.clone(),
        request_id: request_id(n),
    }
}

/// A request for September's events.
pub fn september(class: &str) -> pb::ListSchoolEventsRequest {
    let class_id = match class {
        "" => String::new(),
        title => text::<ClassId>(title),
    };
    pb::ListSchoolEventsRequest {
        school_id: text::<SchoolId>("school"),
        from: "2026-09-01".into(),
        to: "2026-09-30".into(),
        class_id,
    }
}

/// A request for September's events of the pupil.
pub fn of_pupil(pupil: &str) -> pb::ListPupilEventsRequest {
    pb::ListPupilEventsRequest {
        school_id: text::<SchoolId>("school"),
        pupil_id: text::<PersonId>(pupil),
        from: "2026-09-01".into(),
        to: "2026-09-30".into(),
    }
}

impl World {
    /// Roster says that Иванова is the class teacher of 5-А and Петров of 10-А.
    pub async fn class_teachers(self) -> Self {
        let class = |title: &str, grade, teacher: &str| roster::SchoolClass {
            class_id: text::<ClassId>(title),
            school_id: text::<SchoolId>("school"),
            academic_year: "2026/2027".into(),
            grade,
            title: title.into(),
            class_teacher_id: text::<PersonId>(teacher),
            ..Default::default()
        };
        let classes = vec![class("5-А", 5, "Иванова"), class("10-А", 10, "Петров")];
        let changed = roster::ClassesChanged {
            classes,
            ..Default::default()
        };
        let told = self.hear(id("school"), Told::ClassesChanged(changed));
        told.await.unwrap();
        self
    }

    /// Roster says that the guardian represents the pupil until the day; empty = with no end.
    pub async fn represent(&self, guardian: &str, pupil: &str, ends_on: &str) {
        let link = roster::GuardianLink {
            guardian_link_id: text::<GuardianLinkId>(&format!("{guardian} {pupil}")),
            school_id: text::<SchoolId>("school"),
            guardian_id: text::<PersonId>(guardian),
            pupil_id: text::<PersonId>(pupil),
            is_representative: true,
            starts_on: "2020-09-01".into(),
            ends_on: ends_on.into(),
            ..Default::default()
        };
        let changed = roster::GuardianLinksChanged {
            guardian_links: vec![link],
        };
        let told = self.hear(id("school"), Told::GuardianLinksChanged(changed));
        told.await.unwrap();
    }

    /// Calls by a guardian or a pupil.
    pub fn family(&self, card: &str) -> Calls {
        self.calls(&Caller::User(User {
            account: AccountId::from_uuid(Uuid::from_u128(7)),
            session: SessionId::from_uuid(Uuid::from_u128(8)),
            kind: UserKind::Family,
            person: None,
            persons: vec![id(card)],
            school: None,
            roles: Vec::new(),
            municipality: None,
            region: false,
            display: "Родитель".into(),
        }))
    }

    /// Saves an event as the class teacher of 5-А.
    pub async fn save_event(
        &self,
        request: pb::SaveSchoolEventRequest,
    ) -> Result<Response<pb::SaveSchoolEventResponse>, Status> {
        self.teacher("Иванова").save_school_event(request).await
    }

    /// A draft that the deputy has made.
    pub async fn drafted(&self, content: pb::SchoolEventContent, n: u8) -> pb::SchoolEvent {
        let request = save_request(content, n);
        let answer = self.deputy().save_school_event(request).await.unwrap();
        answer.into_inner().school_event.unwrap()
    }

    /// An event that the deputy has published; what was announced is left aside.
    pub async fn published(&self, content: pb::SchoolEventContent, n: u8) -> pb::SchoolEvent {
        let draft = self.drafted(content, n).await;
        let request = publish_request(&[&draft], n + 100);
        let answer = self.deputy().publish_school_events(request).await.unwrap();
        self.harness.ignore_announced().await;
        answer.into_inner().school_events.remove(0)
    }

    /// Events announced since the last look.
    pub async fn announced_events(&self) -> Vec<pb::SchoolEventChanged> {
        let events: Vec<pb::ScheduleEvent> = self.harness.announced().await;
        let changed = events.into_iter().map(|event| match event.change {
            Some(Change::SchoolEventChanged(changed)) => changed,
            other => panic!("not an event of the school: {other:?}"),
        });
        changed.collect()
    }

    /// Titles of September's events as whoever asks sees them.
    pub async fn seen_by(&self, calls: &mut Calls, class: &str) -> Vec<String> {
        let answer = calls.list_school_events(september(class)).await.unwrap();
        titles(answer.into_inner().school_events)
    }

    /// Titles of September's events of the pupil as a card of the family sees them.
    pub async fn family_sees(&self, card: &str, pupil: &str) -> Vec<String> {
        let answer = self.family(card).list_pupil_events(of_pupil(pupil)).await;
        titles(answer.unwrap().into_inner().school_events)
    }
}

fn titles(events: Vec<pb::SchoolEvent>) -> Vec<String> {
    let title = |event: pb::SchoolEvent| event.content.unwrap().title;
    events.into_iter().map(title).collect()
}

/// Ids of groups in order.
pub fn groups(titles: &[&str]) -> Vec<String> {
    let mut ids: Vec<_> = titles.iter().map(|title| text::<GroupId>(title)).collect();
    ids.sort();
    ids
}

/// Cards in order.
pub fn cards(names: &[&str]) -> Vec<String> {
    let mut ids: Vec<_> = names.iter().map(|name| text::<PersonId>(name)).collect();
    ids.sort();
    ids
}
