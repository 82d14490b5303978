//! Versions of the timetable in tests.

use tonic::{Response, Status};
use zhurnal_proto::id::{GroupId, PersonId, SchoolId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::timetable_operation::Action;

use super::lesson_plans::request_id;
use super::plans::id;
use super::world::{Calls, World, text};

/// An operation.
pub fn operation(action: Action) -> pb::TimetableOperation {
    pb::TimetableOperation {
        action: Some(action),
    }
}

/// Moves a lesson.
pub fn moved(
    entry: &str,
    (weekday, lesson_number): (u32, u32),
    week: u32,
) -> pb::TimetableOperation {
    operation(Action::Move(pb::MoveTimetableEntry {
        timetable_entry_id: entry.to_owned(),
        weekday,
        lesson_number,
        week,
    }))
}

/// Takes a lesson out.
pub fn removed(entry: &str) -> pb::TimetableOperation {
    operation(Action::Remove(pb::RemoveTimetableEntry {
        timetable_entry_id: entry.to_owned(),
    }))
}

/// Title and cycle.
pub fn terms(title: &str, cycle_weeks: u32, cycle_starts_on: &str) -> pb::TimetableOperation {
    operation(Action::SetTerms(pb::SetTimetableTerms {
        title: title.into(),
        cycle_weeks,
        cycle_starts_on: cycle_starts_on.into(),
        approve_by: String::new(),
    }))
}

/// A request that changes the draft as it was seen.
pub fn change_request(
    seen: &pb::Timetable,
    operations: Vec<pb::TimetableOperation>,
    n: u8,
) -> pb::ChangeTimetableRequest {
    pb::ChangeTimetableRequest {
        school_id: seen.school_id.clone(),
        timetable_id: seen.timetable_id.clone(),
        etag: seen.etag.clone(),
        operations,
        request_id: request_id(n),
    }
}

/// A request that approves the draft as it was seen.
pub fn approval_request(
    seen: &pb::Timetable,
    valid_from: &str,
    n: u8,
) -> pb::ApproveTimetableRequest {
    pb::ApproveTimetableRequest {
        school_id: seen.school_id.clone(),
        timetable_id: seen.timetable_id.clone(),
        valid_from: valid_from.into(),
        etag: seen.etag.clone(),
        request_id: request_id(n),
    }
}

/// Weekday, number, week, group, subject and room of a lesson.
pub type Row = (u32, u32, u32, String, String, String);

/// Lessons as rows.
pub fn rows(entries: &[pb::TimetableEntry]) -> Vec<Row> {
    let row = |one: &pb::TimetableEntry| {
        let titles = (
            one.group_title.clone(),
            one.subject_title.clone(),
            one.room.clone(),
        );
        (
            one.weekday,
            one.lesson_number,
            one.week,
            titles.0,
            titles.1,
            titles.2,
        )
    };
    entries.iter().map(row).collect()
}

/// Kinds of a check's conflicts.
pub fn kinds(check: &pb::TimetableCheck) -> Vec<pb::TimetableConflictKind> {
    check.conflicts.iter().map(|one| one.kind()).collect()
}

impl World {
    /// Calls by the director.
    pub fn director(&self) -> Calls {
        self.staff("school", &["DIRECTOR"])
    }

    /// Versions of the year, the newest first.
    pub async fn timetables(&self) -> Vec<pb::Timetable> {
        let request = pb::ListTimetablesRequest {
            school_id: text::<SchoolId>("school"),
            academic_year: String::new(),
        };
        let answer = self.deputy().list_timetables(request).await.unwrap();
        answer.into_inner().timetables
    }

    /// The imported version.
    pub async fn imported(&self) -> pb::Timetable {
        self.timetables().await.pop().expect("the imported version")
    }

    /// A draft that copies the version.
    pub async fn copy_of(&self, source: &pb::Timetable, n: u8) -> pb::Timetable {
        let request = pb::CreateTimetableRequest {
            school_id: source.school_id.clone(),
            source_timetable_id: source.timetable_id.clone(),
            title: "Черновик".into(),
            request_id: request_id(n),
        };
        let answer = self.deputy().create_timetable(request).await.unwrap();
        answer.into_inner().timetable.unwrap()
    }

    /// A draft that copies the imported version.
    pub async fn draft(&self, n: u8) -> pb::Timetable {
        self.copy_of(&self.imported().await, n).await
    }

    /// A version with its lessons.
    pub async fn version(&self, of: &pb::Timetable) -> pb::GetTimetableVersionResponse {
        let request = pb::GetTimetableVersionRequest {
            school_id: of.school_id.clone(),
            timetable_id: of.timetable_id.clone(),
        };
        let answer = self.deputy().get_timetable_version(request).await.unwrap();
        answer.into_inner()
    }

    /// Id of the version's lesson at a place.
    pub async fn entry(&self, of: &pb::Timetable, at: (u32, u32), group: &str) -> String {
        let entries = self.version(of).await.entries.into_iter();
        let mut there = entries
            .filter(|one| (one.weekday, one.lesson_number) == at && one.group_title == group);
        there.next().expect("the lesson").timetable_entry_id
    }

    /// Puts a lesson of these names.
    pub async fn put_operation(
        &self,
        (weekday, lesson_number): (u32, u32),
        (group, subject, teacher): (&str, &str, &str),
        room: &str,
    ) -> pb::TimetableOperation {
        operation(Action::Put(pb::PutTimetableEntry {
            weekday,
            lesson_number,
            group_id: text::<GroupId>(group),
            subject_id: self.subject(subject).await,
            teacher_id: text::<PersonId>(teacher),
            room: room.into(),
            ..Default::default()
        }))
    }

    /// Changes a draft as the deputy.
    pub async fn change(
        &self,
        seen: &pb::Timetable,
        operations: Vec<pb::TimetableOperation>,
        n: u8,
    ) -> Result<Response<pb::ChangeTimetableResponse>, Status> {
        let request = change_request(seen, operations, n);
        self.deputy().change_timetable(request).await
    }

    /// A draft of the imported version in which one lesson has moved.
    pub async fn moved_draft(
        &self,
        (from, group): ((u32, u32), &str),
        to: (u32, u32),
        n: u8,
    ) -> pb::Timetable {
        let draft = self.draft(n).await;
        let entry = self.entry(&draft, from, group).await;
        let changed = self.change(&draft, vec![moved(&entry, to, 0)], n + 1).await;
        changed.unwrap().into_inner().timetable.unwrap()
    }

    /// Approves a draft as the director.
    pub async fn approve_timetable(
        &self,
        seen: &pb::Timetable,
        valid_from: &str,
        n: u8,
    ) -> Result<Response<pb::ApproveTimetableResponse>, Status> {
        let request = approval_request(seen, valid_from, n);
        self.director().approve_timetable(request).await
    }

    /// Roster says that these pupils are in the group.
    pub async fn enrol(&self, group: &str, pupils: &[&str], ends_on: &str) {
        let membership = |pupil: &&str| roster::GroupMembership {
            school_id: text::<SchoolId>("school"),
            group_id: text::<GroupId>(group),
            pupil_id: text::<PersonId>(pupil),
            starts_on: "2026-09-01".into(),
            ends_on: ends_on.into(),
        };
        let memberships = pupils.iter().map(membership).collect();
        let changed = roster::MembershipsChanged { memberships };
        self.hear(id("school"), Change::MembershipsChanged(changed))
            .await
            .unwrap();
    }
}
