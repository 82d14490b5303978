//! The next year opened, and what works in it before it has begun.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::new_year::{NEXT, open_request};
use crate::testing::school_years::{off, save_request};
use crate::testing::study_documents::{added, loads_request};
use crate::testing::{World, refused, text, violations};

fn year(text: &str) -> pb::GetSchoolYearRequest {
    pb::GetSchoolYearRequest {
        school_id: crate::testing::text::<SchoolId>("school"),
        academic_year: text.into(),
    }
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn the_next_year_is_opened_announced_and_waits_for_the_director(db) {
        let world = World::on(db).rolled_over().await;
        let draft = world.year_draft().await;
        let mut request = open_request(&draft, 1);
        request.days_off.push(off("2028-04-10"));
        let opened = world.open_year(request.clone()).await.unwrap().into_inner();
        let opened = opened.school_year.unwrap();
        let announced = world.announced_year().await;
        assert_eq!(announced.calendars, vec![opened.calendar.clone().unwrap()]);
        assert_eq!(announced.documents, vec![opened.study_document.clone().unwrap()]);
        assert!(announced.lessons.is_empty());
        let document = opened.study_document.clone().unwrap();
        assert_eq!(
            (document.kind(), document.state(), document.number, document.academic_year.as_str()),
            (pb::StudyDocumentKind::Calendar, pb::StudyDocumentState::Draft, 1, NEXT)
        );
        let calendar = opened.calendar.clone().unwrap();
        assert_eq!((calendar.periods.len(), calendar.bells.len(), calendar.time_zone.as_str()), (6, 4, "Europe/Simferopol"));
        assert!(calendar.periods.iter().all(|one| one.period_id.starts_with("prd_")));
        assert_eq!((calendar.days_off.iter().filter(|one| one.regional).count(), opened.regional_version), (15, 1));
        assert!(calendar.days_off.iter().any(|one| one.date == "2028-04-10" && !one.regional));

        let answer = world.deputy().get_school_year(year(NEXT)).await.unwrap().into_inner();
        assert_eq!(answer.school_year, Some(opened.clone()));
        assert_eq!(answer.academic_years, ["2026/2027", NEXT]);
        assert_eq!(answer.next_academic_year, "2028/2029");
        // Until September the present year is the present one.
        assert_eq!(world.school_year().await.calendar.unwrap().academic_year, "2026/2027");

        let again = world.open_year(request).await.unwrap().into_inner();
        assert_eq!(again.school_year, Some(opened.clone()), "the same request once more");
        let other = world.open_year(open_request(&draft, 2)).await;
        assert_eq!(refused(other), (Code::AlreadyExists, "SCHOOL_YEAR_EXISTS".into()));

        // It changes as any year does.
        let mut change = save_request(&opened, 3);
        change.academic_year = NEXT.into();
        change.days_off.push(off("2027-09-06"));
        let saved = world.save_year(change).await.unwrap().into_inner();
        assert_eq!(saved.effect.unwrap().removed, 0);
        world.harness.ignore_announced().await;
    }

    async fn of_two_deputies_at_once_one_opens_the_year(db) {
        let world = World::on(db).rolled_over().await;
        let draft = world.year_draft().await;
        let (one, other) = tokio::join!(
            world.open_year(open_request(&draft, 1)),
            world.open_year(open_request(&draft, 2)),
        );
        let (done, refusal) = if one.is_ok() { (one, other) } else { (other, one) };
        assert!(done.is_ok(), "{done:?}");
        assert_eq!(refused(refusal), (Code::AlreadyExists, "SCHOOL_YEAR_EXISTS".into()));
        assert_eq!(world.announced_year().await.calendars.len(), 1);
    }

    async fn a_load_can_be_entered_for_the_groups_of_the_rollover(db) {
        let world = World::on(db).rolled_over().await;
        world.open_next(1).await;
        let mut action = added("6-А", "Биология", "Ким", 2);
        if let pb::teaching_load_operation::Action::Add(add) = &mut action {
            add.starts_on = "2027-09-01".into();
        }
        let mut request = loads_request(vec![action], 2);
        let present = world.deputy().change_teaching_loads(request.clone()).await;
        assert_eq!(violations(present), [("operations[0].add.groupId".into(), "UNKNOWN_GROUP".into())]);
        request.academic_year = NEXT.into();
        let answer = world.deputy().change_teaching_loads(request).await.unwrap().into_inner();
        assert_eq!(answer.teaching_loads[0].academic_year, NEXT);
        let list = pb::ListTeachingLoadsRequest {
            school_id: text::<SchoolId>("school"),
            academic_year: NEXT.into(),
            ..Default::default()
        };
        let listed = world.deputy().list_teaching_loads(list).await.unwrap().into_inner();
        assert_eq!(listed.teaching_loads, answer.teaching_loads);
        world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn a_year_without_a_regional_calendar_is_opened_with_the_schools_own_days() {
    let world = World::empty().await.rolled_over().await;
    world.open_next(1).await;
    let mut request = open_request(&world.year_draft().await, 2);
    request.days_off = vec![off("2028-11-06")];
    let opened = world.open_year(request).await.unwrap().into_inner();
    let opened = opened.school_year.unwrap();
    assert_eq!((opened.regional, opened.regional_version), (None, 0));
    assert_eq!(opened.calendar.unwrap().days_off.len(), 1);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn what_cannot_be_is_named_at_its_item_and_nothing_is_opened() {
    let world = World::empty().await.rolled_over().await;
    let mut request = open_request(&world.year_draft().await, 1);
    request.periods.retain(|one| one.grade_from == 1);
    request.periods[0].starts_on = "2027-08-30".into();
    request.bells[1].starts_at = "08:30".into();
    request.bells.push(request.bells[0].clone());
    let told = violations(world.open_year(request).await);
    let told: Vec<(&str, &str)> = told
        .iter()
        .map(|(field, rule)| (field.as_str(), rule.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("periods[0]", "OUTSIDE_YEAR"),
            ("periods", "NO_PERIOD"),
            ("bells[4]", "TWICE"),
            ("bells[1]", "BELLS_OVERLAP"),
        ]
    );
    assert_eq!(world.year_draft().await.academic_year, NEXT);
}

#[tokio::test]
async fn only_the_year_after_the_newest_is_opened() {
    let world = World::empty().await.rolled_over().await;
    let mut request = open_request(&world.year_draft().await, 1);
    request.academic_year = "2028/2029".into();
    request.periods.truncate(1);
    let expected = (Code::FailedPrecondition, "SCHOOL_YEAR_NOT_NEXT".to_owned());
    assert_eq!(refused(world.open_year(request.clone()).await), expected);
    request.academic_year = "2026/2027".into();
    let expected = (Code::AlreadyExists, "SCHOOL_YEAR_EXISTS".to_owned());
    assert_eq!(refused(world.open_year(request.clone()).await), expected);
    let empty = World::empty().await;
    let expected = (Code::FailedPrecondition, "SCHOOL_YEAR_MISSING".to_owned());
    assert_eq!(refused(empty.open_year(request).await), expected);
}

#[tokio::test]
async fn only_deputies_and_administrators_of_the_school_open_it() {
    let world = World::empty().await.rolled_over().await;
    let request = open_request(&world.year_draft().await, 1);
    for (school, role) in [
        ("school", "TEACHER"),
        ("school", "DIRECTOR"),
        ("other", "DEPUTY"),
    ] {
        let answer = world
            .staff(school, &[role])
            .open_school_year(request.clone())
            .await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{role} of {school}"
        );
    }
    let mut administrator = world.staff("school", &["ADMINISTRATOR"]);
    administrator.open_school_year(request).await.unwrap();
    world.harness.ignore_announced().await;
}
