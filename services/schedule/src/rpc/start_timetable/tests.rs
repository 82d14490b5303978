//! The first version of a year.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{ClassId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::lesson_plans::request_id;
use crate::testing::new_year::NEXT;
use crate::testing::timetables::kinds;
use crate::testing::{World, refused, text};

fn request(carry: bool, n: u8) -> pb::StartTimetableRequest {
    pb::StartTimetableRequest {
        school_id: text::<SchoolId>("school"),
        academic_year: NEXT.into(),
        title: " С сентября ".into(),
        carry,
        request_id: request_id(n),
    }
}

async fn start(world: &World, carry: bool, n: u8) -> pb::StartTimetableResponse {
    let answer = world.deputy().start_timetable(request(carry, n)).await;
    answer.unwrap().into_inner()
}

async fn lessons(world: &World) -> Vec<(String, u32, String, String)> {
    let request = pb::ListLessonsRequest {
        school_id: text::<SchoolId>("school"),
        from: "2027-09-01".into(),
        to: "2027-09-07".into(),
        page_size: 500,
        ..Default::default()
    };
    let found = world.deputy().list_lessons(request).await.unwrap();
    let row = |one: pb::Lesson| (one.date, one.lesson_number, one.group_title, one.starts_at);
    found.into_inner().lessons.into_iter().map(row).collect()
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn an_empty_first_version_is_filled_and_approved_before_the_year_begins(db) {
        let world = World::on(db).rolled_over().await;
        world.open_next(1).await;
        world.carry("", 2).await.unwrap();
        world.harness.ignore_announced().await;
        let made = start(&world, false, 3).await;
        assert_eq!(start(&world, false, 3).await, made, "the same request once more");
        let draft = made.timetable.unwrap();
        assert_eq!(
            (draft.number, draft.title.as_str(), draft.academic_year.as_str(), draft.entry_count, draft.state()),
            (1, "С сентября", NEXT, 0, pb::TimetableState::Draft)
        );
        assert_eq!(draft.cycle_starts_on, "2027-08-30");
        let put = vec![
            world.put_operation((1, 1), ("6-А", "Математика", "Иванова"), "каб. 1").await,
            world.put_operation((3, 2), ("11-А", "Алгебра", "Иванова"), "").await,
        ];
        let changed = world.change(&draft, put, 4).await.unwrap().into_inner();
        assert_eq!(changed.check.as_ref().unwrap().error_count, 0, "{:?}", kinds(changed.check.as_ref().unwrap()));
        let approved = world.approve_timetable(&changed.timetable.unwrap(), "2027-09-01", 5).await.unwrap().into_inner();
        assert!(approved.effect.unwrap().added > 50);
        world.harness.ignore_announced().await;
        assert_eq!(lessons(&world).await, [
            ("2027-09-01".into(), 2, "11-А".into(), "10:00".into()),
            ("2027-09-06".into(), 1, "6-А".into(), "08:00".into()),
        ]);
        let of_class = pb::GetTimetableRequest {
            school_id: text::<SchoolId>("school"),
            class_id: text::<ClassId>("6-А"),
            date: "2027-09-06".into(),
            ..Default::default()
        };
        let shown = world.deputy().get_timetable(of_class).await.unwrap().into_inner();
        assert_eq!((shown.timetable.unwrap().academic_year.as_str(), shown.entries.len()), (NEXT, 1));
    }

    async fn the_lessons_of_the_year_before_go_on_where_the_teacher_has_the_load(db) {
        let world = World::on(db).rolled_over().await;
        world.open_next(1).await;
        let nobody = start(&world, true, 2).await;
        assert_eq!((nobody.timetable.unwrap().entry_count, nobody.left_out), (0, 5));
        world.carry("", 3).await.unwrap();
        world.harness.ignore_announced().await;
        let made = start(&world, true, 4).await;
        let draft = made.timetable.unwrap();
        assert_eq!((draft.number, draft.entry_count, made.left_out), (2, 5, 0));
        let version = world.version(&draft).await;
        assert_eq!(version.check.unwrap().error_count, 0);
        let mut groups: Vec<_> = version.entries.iter().map(|one| one.group_title.as_str()).collect();
        groups.sort_unstable();
        groups.dedup();
        assert_eq!(groups, ["11-А", "6-А", "6-А Английский гр.1"]);
        let approved = world.approve_timetable(&draft, "2027-09-01", 5).await.unwrap().into_inner();
        assert!(approved.effect.unwrap().added > 100);
        world.harness.ignore_announced().await;
        assert_eq!(lessons(&world).await.len(), 5);
    }
}

#[tokio::test]
async fn a_year_that_is_not_there_has_no_timetable() {
    let world = World::with_a_plan().await;
    let expected = (Code::FailedPrecondition, "SCHOOL_YEAR_MISSING".to_owned());
    let answer = world.deputy().start_timetable(request(false, 1)).await;
    assert_eq!(refused(answer), expected);
    let first = pb::StartTimetableRequest {
        academic_year: String::new(),
        ..request(true, 2)
    };
    let answer = world.deputy().start_timetable(first).await;
    assert_eq!(refused(answer), expected, "there is no year before");
}

#[tokio::test]
async fn drafts_are_not_without_number_and_only_the_office_makes_them() {
    let world = World::empty().await.rolled_over().await;
    world.open_next(1).await;
    for (school, role) in [
        ("school", "TEACHER"),
        ("school", "DIRECTOR"),
        ("other", "DEPUTY"),
    ] {
        let answer = world
            .staff(school, &[role])
            .start_timetable(request(false, 2))
            .await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{role} of {school}"
        );
    }
    for n in 3..23 {
        start(&world, false, n).await;
    }
    let answer = world.deputy().start_timetable(request(false, 23)).await;
    let expected = (
        Code::FailedPrecondition,
        "TIMETABLE_TOO_MANY_DRAFTS".to_owned(),
    );
    assert_eq!(refused(answer), expected);
}
