//! Loads of the year before, carried over.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change as Told;

use crate::Schedule;
use crate::testing::lesson_plans::request_id;
use crate::testing::new_year::{NEXT, class, group_of};
use crate::testing::{World, id, refused, staff_member, text};

use pb::LoadCarryOutcome as Outcome;

fn preview() -> pb::PreviewLoadCarryRequest {
    pb::PreviewLoadCarryRequest {
        school_id: text::<SchoolId>("school"),
        academic_year: NEXT.into(),
    }
}

/// Group, its successor, subject and outcome of each load.
fn rows(carry: &pb::LoadCarry) -> Vec<(&str, &str, &str, Outcome)> {
    carry
        .loads
        .iter()
        .map(|one| {
            (
                one.group_title.as_str(),
                one.next_group_title.as_str(),
                one.subject_title.as_str(),
                one.outcome(),
            )
        })
        .collect()
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn loads_go_on_with_their_groups_and_what_does_not_is_named(db) {
        use Outcome::{AlreadyThere, Carried, TeacherLeft};
        let world = World::on(db).rolled_over().await;
        let gone = roster::StaffMember { ends_on: "2027-08-31".into(), ..staff_member("Петров", &[roster::Duty::Teacher]) };
        let gone = roster::StaffChanged { staff: vec![gone] };
        world.hear(id("school"), Change::StaffChanged(gone)).await.unwrap();
        world.open_next(1).await;

        let told = world.deputy().preview_load_carry(preview()).await.unwrap().into_inner().carry.unwrap();
        assert_eq!((told.source_academic_year.as_str(), told.starts_on.as_str()), ("2026/2027", "2027-09-01"));
        let expected = [
            ("10-А", "11-А", "Алгебра", Carried),
            ("5-А", "6-А", "Математика", Carried),
            ("5-А", "6-А", "Русский язык", TeacherLeft),
            ("5-А Английский гр.1", "6-А Английский гр.1", "Английский язык", Carried),
        ];
        assert_eq!(rows(&told), expected);
        let done = world.carry("", 2).await.unwrap().into_inner();
        assert_eq!(done.carry, Some(told), "as the preview told");
        let document = done.study_document.clone().unwrap();
        assert_eq!((document.kind(), document.academic_year.as_str()), (pb::StudyDocumentKind::TeachingLoad, NEXT));

        let mut announced = Vec::new();
        for event in world.harness.announced::<pb::ScheduleEvent>().await {
            if let Some(Told::TeachingLoadsChanged(changed)) = event.change {
                announced.extend(changed.teaching_loads);
            }
        }
        assert_eq!(announced.len(), 3);
        assert!(announced.iter().all(|one| one.academic_year == NEXT && one.starts_on == "2027-09-01" && one.ends_on.is_empty()));
        let mathematics = announced.iter().find(|one| one.subject_title == "Математика").unwrap();
        assert_eq!((mathematics.teacher_id.as_str(), mathematics.weekly_hours_hundredths), (text::<PersonId>("Иванова").as_str(), 200));

        // The same request changes nothing; another one finds nothing to carry.
        assert_eq!(world.carry("", 2).await.unwrap().into_inner(), done);
        let late = world.carry("", 3).await;
        assert_eq!(refused(late), (Code::Aborted, "ETAG_STALE".into()));
        let again = world.carry(&document.etag, 4).await;
        assert_eq!(refused(again), (Code::FailedPrecondition, "NOTHING_TO_CARRY".into()));
        let told = world.deputy().preview_load_carry(preview()).await.unwrap().into_inner().carry.unwrap();
        assert_eq!(told.loads.iter().filter(|one| one.outcome() == AlreadyThere).count(), 3);
    }

    async fn groups_that_come_later_get_their_loads_by_another_carrying(db) {
        let world = World::on(db).planned().await;
        let year = "2026/2027";
        world.hear_classes(vec![class("5-А", year, 5, 1), class("10-А", year, 10, 2)], Vec::new()).await;
        world.open_next(1).await;
        let nothing = world.carry("", 2).await;
        assert_eq!(refused(nothing), (Code::FailedPrecondition, "NOTHING_TO_CARRY".into()));
        // The group is told before its class: the other way round than roster does.
        let mut told = roster::GroupsChanged::default();
        told.groups.push(group_of("6-А", "6-А", NEXT));
        world.hear(id("school"), Change::GroupsChanged(told)).await.unwrap();
        world.hear_classes(vec![class("6-А", NEXT, 6, 1)], Vec::new()).await;
        let done = world.carry("", 3).await.unwrap().into_inner().carry.unwrap();
        let count = |outcome| done.loads.iter().filter(|one| one.outcome() == outcome).count();
        assert_eq!((count(Outcome::Carried), count(Outcome::NoSuccessor)), (2, 2));
        world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn a_year_without_one_before_it_has_nothing_to_carry() {
    let world = World::with_a_plan().await;
    for year in [NEXT, "2026/2027"] {
        let request = pb::CarryLoadsRequest {
            academic_year: year.into(),
            school_id: text::<SchoolId>("school"),
            request_id: request_id(1),
            ..Default::default()
        };
        let expected = (Code::FailedPrecondition, "SCHOOL_YEAR_MISSING".to_owned());
        let answer = world.deputy().carry_loads(request).await;
        assert_eq!(refused(answer), expected, "{year}");
    }
}

#[tokio::test]
async fn only_the_office_of_the_school_carries() {
    let world = World::empty().await.rolled_over().await;
    world.open_next(1).await;
    for (school, role) in [
        ("school", "TEACHER"),
        ("school", "DIRECTOR"),
        ("other", "DEPUTY"),
    ] {
        let mut calls = world.staff(school, &[role]);
        let request = pb::CarryLoadsRequest {
            academic_year: NEXT.into(),
            school_id: text::<SchoolId>("school"),
            request_id: request_id(2),
            ..Default::default()
        };
        let answer = calls.carry_loads(request).await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{role} of {school}"
        );
        let answer = calls.preview_load_carry(preview()).await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{role} of {school}"
        );
    }
}
