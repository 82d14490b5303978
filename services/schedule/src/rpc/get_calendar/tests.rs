//! Reading the calendar of the present year.

use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, a_plan, id, refused, text};

fn request(school: &str) -> pb::GetCalendarRequest {
    pb::GetCalendarRequest {
        school_id: text::<SchoolId>(school),
    }
}

#[tokio::test]
async fn staff_read_periods_days_off_and_bells() {
    let world = World::with_a_plan().await;
    let mut teacher = world.staff("school", &["TEACHER"]);
    let calendar = teacher
        .get_calendar(request("school"))
        .await
        .unwrap()
        .into_inner()
        .calendar
        .unwrap();
    assert_eq!(
        (calendar.academic_year.as_str(), calendar.time_zone.as_str()),
        ("2026/2027", "Europe/Simferopol")
    );
    let periods: Vec<_> = calendar
        .periods
        .iter()
        .map(|one| (one.title.as_str(), one.grade_from, one.grade_to))
        .collect();
    assert_eq!(
        periods,
        [
            ("1 четверть", 1, 9),
            ("2 четверть", 1, 9),
            ("3 четверть", 1, 9),
            ("4 четверть", 1, 9),
            ("1 полугодие", 10, 11),
            ("2 полугодие", 10, 11),
        ]
    );
    assert!(
        calendar
            .periods
            .iter()
            .all(|one| one.period_id.starts_with("prd_"))
    );
    // 19 days of the region; the school's own six are among them.
    assert_eq!(
        (
            calendar.days_off.len(),
            calendar.bells.len(),
            calendar.study_week_days
        ),
        (19, 4, 5)
    );
    assert!(calendar.days_off.is_sorted_by_key(|day| day.date.clone()));
}

#[tokio::test]
async fn the_next_year_begins_at_midnight_of_the_schools_zone() {
    let folder = tempfile::tempdir().unwrap();
    let next_year = "region = 'Крым'\nacademic_year = '2027/2028'\nversion = 9\nday = []\n";
    std::fs::write(
        folder.path().join("regional-calendar-2027-2028.toml"),
        next_year,
    )
    .unwrap();
    let world = World::with_calendars(folder.path()).await.planned().await;
    let mut plan = a_plan();
    plan.academic_year = "2027/2028".into();
    plan.days_off.clear();
    plan.periods.truncate(1);
    (plan.periods[0].starts_on, plan.periods[0].ends_on) =
        ("2027-09-01".into(), "2027-10-22".into());
    plan.periods[0].grade_to = 11;
    world.put(plan).await;
    world.harness.ignore_announced().await;
    let year = || async {
        let answer = world
            .deputy()
            .get_calendar(request("school"))
            .await
            .unwrap()
            .into_inner();
        answer.calendar.unwrap().academic_year
    };
    let at = |instant: &str| world.harness.clock().set(instant.parse().unwrap());
    at("2026-08-01T00:00:00Z");
    assert_eq!(
        year().await,
        "2026/2027",
        "before the first year the first one is shown"
    );
    at("2027-08-31T20:59:59Z");
    assert_eq!(year().await, "2026/2027");
    at("2027-08-31T21:00:00Z");
    assert_eq!(year().await, "2027/2028");
}

#[tokio::test]
async fn a_school_without_a_plan_has_no_calendar() {
    let world = World::empty().await;
    assert_eq!(
        refused(world.deputy().get_calendar(request("school")).await).0,
        Code::NotFound
    );
}

#[tokio::test]
async fn another_schools_calendar_is_refused() {
    let world = World::with_a_plan().await;
    let mut abroad = world.staff("other school", &["DIRECTOR"]);
    assert_eq!(
        refused(abroad.get_calendar(request("school")).await).0,
        Code::PermissionDenied
    );
    let mut client = world.client(&["schedule.read"], &[id("school")]);
    assert!(client.get_calendar(request("school")).await.is_ok());
}
