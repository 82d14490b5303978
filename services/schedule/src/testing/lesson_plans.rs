//! Lesson plans in tests.

use tonic::{Response, Status};
use zhurnal_proto::grading::v1::ControlKind;
use zhurnal_proto::id::{GroupId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::plans::id;
use super::world::{Calls, World, text};

/// A request's idempotency key.
pub fn request_id(n: u8) -> String {
    format!("0192f0c1-0000-7000-8000-0000000000{n:02x}")
}

/// A theme of so many hours.
pub fn theme(title: &str, hours: u32) -> pb::LessonPlanTheme {
    pb::LessonPlanTheme {
        section: "Раздел".into(),
        title: title.into(),
        hours,
        homework: "§ 1".into(),
        ..Default::default()
    }
}

/// A theme for a control work.
pub fn control_work(title: &str, hours: u32) -> pb::LessonPlanTheme {
    pb::LessonPlanTheme {
        control_kind: ControlKind::ControlWork.into(),
        ..theme(title, hours)
    }
}

impl World {
    /// Calls by the teacher of that name.
    pub fn teacher(&self, name: &str) -> Calls {
        self.staff_with_card("school", &["TEACHER"], id(name))
    }

    /// Id of a subject by its title.
    pub async fn subject(&self, title: &str) -> String {
        let request = pb::ListTeachingLoadsRequest {
            school_id: text::<SchoolId>("school"),
            page_size: 500,
            ..Default::default()
        };
        let loads = self.deputy().list_teaching_loads(request).await.unwrap();
        let loads = loads.into_inner().teaching_loads.into_iter();
        let mut of_title = loads.filter(|load| load.subject_title == title);
        of_title.next().expect("the subject").subject_id
    }

    /// The plan that everybody who may sees, asked by the deputy.
    pub async fn lesson_plan(&self, group: &str, subject: &str) -> pb::LessonPlan {
        let request = pb::GetLessonPlanRequest {
            school_id: text::<SchoolId>("school"),
            group_id: text::<GroupId>(group),
            subject_id: self.subject(subject).await,
        };
        let answer = self.deputy().get_lesson_plan(request).await.unwrap();
        answer.into_inner().lesson_plan.unwrap()
    }

    /// A request that saves these themes over the plan as it is.
    pub async fn put_request(
        &self,
        (group, subject): (&str, &str),
        themes: Vec<pb::LessonPlanTheme>,
        n: u8,
    ) -> pb::PutLessonPlanRequest {
        let present = self.lesson_plan(group, subject).await;
        pb::PutLessonPlanRequest {
            school_id: present.school_id,
            group_id: present.group_id,
            subject_id: present.subject_id,
            title: "Учебник".into(),
            themes,
            etag: present.etag,
            request_id: request_id(n),
        }
    }

    /// Saves a plan as the deputy; its events are left aside.
    pub async fn put_plan(
        &self,
        of: (&str, &str),
        themes: Vec<pb::LessonPlanTheme>,
        n: u8,
    ) -> pb::LessonPlan {
        let request = self.put_request(of, themes, n).await;
        let answer = self.deputy().put_lesson_plan(request).await.unwrap();
        self.harness.ignore_announced().await;
        answer.into_inner().lesson_plan.unwrap()
    }

    /// Approves the plan as the deputy saw it.
    pub async fn approve(
        &self,
        seen: &pb::LessonPlan,
        n: u8,
    ) -> Result<Response<pb::ApproveLessonPlanResponse>, Status> {
        let request = approve_request(seen, n);
        self.deputy().approve_lesson_plan(request).await
    }

    /// Plans announced since the last look.
    pub async fn announced_plans(&self) -> Vec<pb::LessonPlan> {
        let events: Vec<pb::ScheduleEvent> = self.harness.announced().await;
        let plans = events.into_iter().map(|event| match event.change {
            Some(Change::LessonPlanChanged(changed)) => changed.lesson_plan.unwrap(),
            other => panic!("not a lesson plan: {other:?}"),
        });
        plans.collect()
    }
}

/// A request that approves the plan as it was seen.
pub fn approve_request(seen: &pb::LessonPlan, n: u8) -> pb::ApproveLessonPlanRequest {
    pb::ApproveLessonPlanRequest {
        school_id: seen.school_id.clone(),
        group_id: seen.group_id.clone(),
        subject_id: seen.subject_id.clone(),
        etag: seen.etag.clone(),
        request_id: request_id(n),
    }
}

/// A request that returns the plan as it was seen.
pub fn return_request(seen: &pb::LessonPlan, n: u8) -> pb::ReturnLessonPlanRequest {
    pb::ReturnLessonPlanRequest {
        school_id: seen.school_id.clone(),
        group_id: seen.group_id.clone(),
        subject_id: seen.subject_id.clone(),
        remark: "Добавьте повторение".into(),
        etag: seen.etag.clone(),
        request_id: request_id(n),
    }
}
