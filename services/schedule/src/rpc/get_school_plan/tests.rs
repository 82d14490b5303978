//! The plan as it was put, and who reads it.

use std::collections::BTreeSet;

use chassis::caller::Caller;
use tonic::Code;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, a_plan, refused};

fn request(academic_year: &str) -> pb::GetSchoolPlanRequest {
    pb::GetSchoolPlanRequest {
        school_id: a_plan().school_id,
        academic_year: academic_year.into(),
    }
}

async fn read_again(world: World) {
    let put = a_plan();
    let read = world.roster().get_school_plan(request("2026/2027")).await;
    let read = read.unwrap().into_inner();
    let titles = |periods: &[pb::PlannedPeriod]| -> BTreeSet<(String, String, String, u32, u32)> {
        let one = |it: &pb::PlannedPeriod| {
            let (from, to) = (it.starts_on.clone(), it.ends_on.clone());
            (it.title.clone(), from, to, it.grade_from, it.grade_to)
        };
        periods.iter().map(one).collect()
    };
    assert_eq!(titles(&read.periods), titles(&put.periods));
    assert_eq!(read.bells.len(), put.bells.len());
    assert!(read.days_off.iter().all(|day| !day.regional));
    let loads = |loads: &[pb::PlannedLoad]| -> BTreeSet<(String, String, String, u32)> {
        let one = |it: &pb::PlannedLoad| {
            let (group, teacher) = (it.group_id.clone(), it.teacher_id.clone());
            (
                group,
                it.subject.clone(),
                teacher,
                it.weekly_hours_hundredths,
            )
        };
        loads.iter().map(one).collect()
    };
    assert_eq!(loads(&read.loads), loads(&put.loads));
    let lessons = |lessons: &[pb::PlannedLesson]| -> BTreeSet<(u32, u32, String, String, String)> {
        let one = |it: &pb::PlannedLesson| {
            let (group, room) = (it.group_id.clone(), it.room.clone());
            (
                it.weekday,
                it.lesson_number,
                group,
                it.subject.clone(),
                room,
            )
        };
        lessons.iter().map(one).collect()
    };
    assert_eq!(lessons(&read.weekly_lessons), lessons(&put.weekly_lessons));
}

chassis::on_both_databases! { crate::store::migrations();
    async fn what_was_put_is_read_again(db) {
        read_again(World::on(db).planned().await).await;
    }
}

#[tokio::test]
async fn a_year_without_a_plan_is_empty() {
    let world = World::with_a_plan().await;
    let read = world.roster().get_school_plan(request("2027/2028")).await;
    let read = read.unwrap().into_inner();
    assert_eq!(read, pb::GetSchoolPlanResponse::default());
}

#[tokio::test]
async fn only_roster_reads_a_whole_plan() {
    let world = World::with_a_plan().await;
    for mut calls in [
        world.deputy(),
        world.calls(&Caller::service("grading")),
        world.client(&["schedule.read"], &[]),
    ] {
        let answer = calls.get_school_plan(request("2026/2027")).await;
        assert_eq!(refused(answer).0, Code::PermissionDenied);
    }
}
