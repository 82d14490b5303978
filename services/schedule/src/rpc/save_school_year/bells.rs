//! Changed bells, and the dated lessons that get their times (R239).

use chassis::service::Service;
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::school_years::{counts, off, preview_of, save_request};
use crate::testing::{World, violations};

/// The first shift ten minutes earlier, each lesson as long as it was.
fn earlier(year: &mut pb::SaveSchoolYearRequest) {
    for (bell, times) in year
        .bells
        .iter_mut()
        .zip([("07:50", "08:30"), ("08:40", "09:20")])
    {
        (bell.starts_at, bell.ends_at) = (times.0.into(), times.1.into());
    }
}

fn times(lesson: &pb::Lesson) -> String {
    format!("{}-{} {}", lesson.starts_at, lesson.ends_at, lesson.etag)
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn lessons_from_tomorrow_on_get_the_new_times_and_the_past_keeps_its_own(db) {
        let world = World::on(db).planned().await;
        // Monday, 7 September 2026.
        world.harness.clock().set("2026-09-07T06:00:00Z".parse().unwrap());
        let mut request = save_request(&world.school_year().await, 1);
        earlier(&mut request);
        let told = world.deputy().preview_school_year(preview_of(&request)).await.unwrap().into_inner().effect;
        let answer = world.save_year(request.clone()).await.unwrap().into_inner();
        assert_eq!(told, answer.effect);
        let (added, changed, removed, _) = counts(answer.effect.clone());
        assert!(added == 0 && removed == 0 && changed > 100, "{:?}", answer.effect);
        assert!(answer.effect.unwrap().grades.is_empty());
        let announced = world.announced_year().await;
        assert_eq!(announced.calendars[0].bells, request.bells);
        assert_eq!(announced.lessons.len(), usize::try_from(changed).unwrap());
        assert!(announced.lessons.iter().all(|one| one.date.as_str() > "2026-09-07"));
        assert_eq!(times(&world.lesson("2026-09-07", 1, "5-А").await), "08:00-08:40 v1");
        assert_eq!(times(&world.lesson("2026-09-14", 1, "5-А").await), "07:50-08:30 v2");
        assert_eq!(times(&world.lesson("2026-09-14", 2, "10-А").await), "10:00-10:40 v1");

        // Approved with the calendar, shown with it also after the next change.
        let document = answer.school_year.unwrap().study_document.unwrap();
        world.approved(&document, 2).await;
        world.change_year(3, |year| year.bells[0].starts_at = "07:45".into()).await;
        let kept = world.document(&document).await.calendar.unwrap();
        assert_eq!(kept.bells[0].starts_at, "07:50");
        world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn bells_that_are_not_sent_stay_and_the_same_ones_change_nothing() {
    let world = World::with_a_plan().await;
    let before = world.school_year().await.calendar.unwrap().bells;
    let answer = world
        .change_year(1, |year| {
            year.bells.clear();
            year.days_off.push(off("2026-11-16"));
        })
        .await;
    assert_eq!(counts(answer.effect), (0, 0, 3, 0));
    let answer = world.change_year(2, |year| year.bells.reverse()).await;
    assert_eq!(counts(answer.effect), (0, 0, 0, 0));
    assert_eq!(world.school_year().await.calendar.unwrap().bells, before);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_bell_that_the_timetable_needs_stays_and_others_come_and_go() {
    let world = World::with_a_plan().await;
    let third = pb::Bell {
        lesson_number: 3,
        starts_at: "09:40".into(),
        ends_at: "10:20".into(),
        shift: 1,
    };
    let answer = world
        .change_year(1, |year| year.bells.insert(2, third))
        .await;
    assert_eq!(counts(answer.effect), (0, 0, 0, 0));
    world.harness.ignore_announced().await;
    let mut request = save_request(&world.school_year().await, 2);
    request
        .bells
        .retain(|one| (one.shift, one.lesson_number) != (2, 2));
    let answer = world.save_year(request.clone()).await;
    let message = answer.as_ref().unwrap_err().clone();
    assert_eq!(violations(answer), [("bells".into(), "BELL_IN_USE".into())]);
    let told = chassis::status::violations(&message);
    assert_eq!(
        told[0].description,
        "звонок нужен расписанию: 2 смена, 2 урок"
    );
    request = save_request(&world.school_year().await, 3);
    request.bells.retain(|one| one.lesson_number != 3);
    world.save_year(request).await.unwrap();
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn bells_that_cannot_be_rung_are_named_with_what_else_is_wrong() {
    let world = World::with_a_plan().await;
    let mut request = save_request(&world.school_year().await, 1);
    request.bells[0].ends_at = "07:00".into();
    request.bells[3].starts_at = "09:30".into();
    request.days_off.push(off("2030-01-01"));
    let last = format!("daysOff[{}]", request.days_off.len() - 1);
    let told = violations(world.save_year(request.clone()).await);
    let told: Vec<(&str, &str)> = told
        .iter()
        .map(|(field, rule)| (field.as_str(), rule.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (last.as_str(), "OUTSIDE_YEAR"),
            ("bells[0]", "REVERSED"),
            ("bells[3]", "BELLS_OVERLAP"),
        ]
    );
    request.bells[0].ends_at = "later".into();
    let field = violations(world.save_year(request).await)[0].0.clone();
    assert_eq!(field, "bells[0].endsAt");
}
