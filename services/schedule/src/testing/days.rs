//! Changed days in tests.

use tonic::{Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::lesson_plans::request_id;
use super::world::{World, text};

/// A Monday of three lessons.
pub const MONDAY: &str = "2026-09-07";

/// A request that changes all lessons of the Monday.
pub fn change_request(kind: pb::DayChangeKind, n: u8) -> pb::ChangeDayRequest {
    pb::ChangeDayRequest {
        school_id: text::<SchoolId>("school"),
        date: MONDAY.into(),
        kind: kind.into(),
        reason: "карантин".into(),
        request_id: request_id(n),
        ..Default::default()
    }
}

/// A request that undoes the change as it was seen.
pub fn undo_request(seen: &pb::DayChange, n: u8) -> pb::UndoDayChangeRequest {
    pb::UndoDayChangeRequest {
        school_id: seen.school_id.clone(),
        day_change_id: seen.day_change_id.clone(),
        etag: seen.etag.clone(),
        request_id: request_id(n),
    }
}

impl World {
    /// Changes a day as the deputy.
    pub async fn change_day(
        &self,
        request: pb::ChangeDayRequest,
    ) -> Result<Response<pb::ChangeDayResponse>, Status> {
        self.deputy().change_day(request).await
    }

    /// A change that the deputy has made; its events are left aside.
    pub async fn changed_day(&self, request: pb::ChangeDayRequest) -> pb::DayChange {
        let answer = self.change_day(request).await.unwrap();
        self.harness.ignore_announced().await;
        answer.into_inner().day_change.unwrap()
    }

    /// Changes of the year's first month.
    pub async fn days(&self) -> Vec<pb::DayChange> {
        let request = pb::ListDayChangesRequest {
            school_id: text::<SchoolId>("school"),
            from: "2026-09-01".into(),
            to: "2026-09-30".into(),
        };
        let answer = self.deputy().list_day_changes(request).await.unwrap();
        answer.into_inner().day_changes
    }

    /// Lessons and changed days announced since the last look.
    pub async fn announced_days(&self) -> (Vec<pb::Lesson>, Vec<pb::DayChanged>) {
        let events: Vec<pb::ScheduleEvent> = self.harness.announced().await;
        let (mut lessons, mut days) = (Vec::new(), Vec::new());
        for event in events {
            match event.change {
                Some(Change::LessonsChanged(changed)) => lessons.extend(changed.lessons),
                Some(Change::DayChanged(changed)) => days.push(changed),
                other => panic!("neither lessons nor a day: {other:?}"),
            }
        }
        (lessons, days)
    }
}
