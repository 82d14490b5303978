//! Rows → proto and events, nothing else.

use std::collections::BTreeMap;

use chassis::db::from_micros;
use chassis::outbox::Announcement;
use jiff::Timestamp;
use prost::Message;
use uuid::Uuid;
use zhurnal_proto::id::{NoticeId, PersonId};
use zhurnal_proto::notification::v1::notification_event::Change;
use zhurnal_proto::notification::v1::{Notice, NoticesAdded, NotificationEvent};

use crate::store::entity::notice;

/// A notice as its reader sees it.
pub fn notice(row: &notice::Model, names: &BTreeMap<Uuid, String>) -> Notice {
    Notice {
        notice_id: NoticeId::from_uuid(row.notice_id).to_string(),
        kind: row.kind.into(),
        pupil_id: row
            .pupil_id
            .map(|p| PersonId::from_uuid(p).to_string())
            .unwrap_or_default(),
        pupil_given_name: row
            .pupil_id
            .and_then(|p| names.get(&p).cloned())
            .unwrap_or_default(),
        text: row.text.clone(),
        link: row.link.clone(),
        created_at: Some(timestamp(from_micros(row.created_us))),
        read: row.read_us.is_some(),
    }
}

/// NoticesAdded, ready to announce.
pub fn added(person_id: Uuid, school_id: Uuid, now: Timestamp) -> Announcement {
    let person = PersonId::from_uuid(person_id).to_string();
    let change = Change::NoticesAdded(NoticesAdded {
        person_id: person.clone(),
        count: 1,
    });
    let event = NotificationEvent {
        occurred_at: Some(timestamp(now)),
        change: Some(change),
    };
    Announcement {
        school_id: Some(school_id),
        kind: "notices_added",
        key: person,
        payload: event.encode_to_vec(),
        occurred_at: now,
    }
}

fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond(),
    }
}
