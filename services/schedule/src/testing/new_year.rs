//! The school of `a_plan` after its rollover, and its next year, in tests.

use tonic::{Response, Status};
use zhurnal_proto::id::{ClassId, GroupId, SchoolId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as pb;

use super::lesson_plans::request_id;
use super::plans::id;
use super::world::{World, text};

/// The year after that of `a_plan`.
pub const NEXT: &str = "2027/2028";

/// A class as roster tells it.
pub fn class(title: &str, year: &str, grade: u32, shift: u32) -> roster::SchoolClass {
    roster::SchoolClass {
        class_id: text::<ClassId>(title),
        school_id: text::<SchoolId>("school"),
        academic_year: year.into(),
        grade,
        title: title.into(),
        shift,
        ..Default::default()
    }
}

/// A group of a class as roster tells it: neither grade nor shift.
pub fn group_of(title: &str, class: &str, year: &str) -> roster::Group {
    roster::Group {
        group_id: text::<GroupId>(title),
        school_id: text::<SchoolId>("school"),
        academic_year: year.into(),
        title: title.into(),
        kind: roster::GroupKind::Class.into(),
        class_id: text::<ClassId>(class),
        ..Default::default()
    }
}

/// A request that opens the year as it was drafted.
pub fn open_request(draft: &pb::SchoolYearDraft, n: u8) -> pb::OpenSchoolYearRequest {
    let draft = draft.clone();
    pb::OpenSchoolYearRequest {
        school_id: text::<SchoolId>("school"),
        academic_year: draft.academic_year,
        study_week_days: draft.study_week_days,
        periods: draft.periods,
        holidays: draft.holidays,
        days_off: draft.days_off,
        shortened_days: draft.shortened_days,
        bells: draft.bells,
        request_id: request_id(n),
    }
}

impl World {
    /// Roster tells of classes and groups.
    pub async fn hear_classes(
        &self,
        classes: Vec<roster::SchoolClass>,
        groups: Vec<roster::Group>,
    ) {
        let changed = roster::ClassesChanged {
            classes,
            removed_ids: Vec::new(),
        };
        let changed = Change::ClassesChanged(changed);
        self.hear(id("school"), changed).await.unwrap();
        let changed = roster::GroupsChanged {
            groups,
            removed_ids: Vec::new(),
        };
        let changed = Change::GroupsChanged(changed);
        self.hear(id("school"), changed).await.unwrap();
    }

    /// With the plan of `a_plan`, rolled over: 5-А is 6-А, 10-А is 11-А of the next year.
    pub async fn rolled_over(self) -> Self {
        let world = self.planned().await;
        let year = "2026/2027";
        let classes = vec![class("5-А", year, 5, 1), class("10-А", year, 10, 2)];
        world.hear_classes(classes, Vec::new()).await;
        let classes = vec![class("6-А", NEXT, 6, 1), class("11-А", NEXT, 11, 2)];
        let groups = vec![
            group_of("6-А", "6-А", NEXT),
            group_of("6-А Английский гр.1", "6-А", NEXT),
            group_of("11-А", "11-А", NEXT),
        ];
        world.hear_classes(classes, groups).await;
        world
    }

    /// The next year as the deputy sees it.
    pub async fn year_draft(&self) -> pb::SchoolYearDraft {
        let request = pb::DraftSchoolYearRequest {
            school_id: text::<SchoolId>("school"),
        };
        let answer = self.deputy().draft_school_year(request).await.unwrap();
        answer.into_inner().draft.unwrap()
    }

    /// Opens the next year as it was drafted.
    pub async fn open_next(&self, n: u8) -> pb::SchoolYear {
        let request = open_request(&self.year_draft().await, n);
        let answer = self.open_year(request).await.unwrap();
        self.harness.ignore_announced().await;
        answer.into_inner().school_year.unwrap()
    }

    /// Opens a year as the deputy.
    pub async fn open_year(
        &self,
        request: pb::OpenSchoolYearRequest,
    ) -> Result<Response<pb::OpenSchoolYearResponse>, Status> {
        self.deputy().open_school_year(request).await
    }

    /// Carries the loads over to the next year.
    pub async fn carry(
        &self,
        etag: &str,
        n: u8,
    ) -> Result<Response<pb::CarryLoadsResponse>, Status> {
        let request = pb::CarryLoadsRequest {
            school_id: text::<SchoolId>("school"),
            academic_year: NEXT.into(),
            etag: etag.into(),
            request_id: request_id(n),
        };
        self.deputy().carry_loads(request).await
    }
}
