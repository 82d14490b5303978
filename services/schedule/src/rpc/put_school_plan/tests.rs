//! Putting plans: counts, idempotency, refusals, what is announced.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use tonic::Code;
use zhurnal_proto::id::{GroupId, SchoolId, SchoolImportId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use crate::testing::{World, a_plan, id, refused, school_12, text, violations};

/// Lessons of school 12 in 2026/2027, by an independent count in Python:
/// `tests/data/school-12/count.py`.
const SCHOOL_12: u32 = 43_558;

/// Study days that are Mondays, counted by hand: 38 from 7 September to 24 May, less
/// 26 October, 4 January and 22 March (holidays), 8 March, 3 and 10 May (days off).
const MONDAYS: u32 = 32;

/// Tuesdays: 39 from 1 September to 25 May, less 27 October, 5 January and 23 March
/// (holidays) and 23 February.
const TUESDAYS: u32 = 35;

#[tokio::test]
async fn the_plan_of_school_12_has_as_many_lessons_as_counted_independently() {
    let world = World::empty().await;
    let plan = school_12();
    assert_eq!(
        (
            plan.groups.len(),
            plan.loads.len(),
            plan.weekly_lessons.len()
        ),
        (170, 648, 1289)
    );
    let (count, sent) = world.harness.counted(world.put(plan)).await;
    assert_eq!(count, SCHOOL_12);
    assert!(sent.statements <= 30 && sent.commits == 1, "{sent:?}");

    let events: Vec<pb::ScheduleEvent> = world.harness.announced().await;
    let mut lessons = BTreeSet::new();
    let mut loads = BTreeSet::new();
    for event in &events {
        match event.change.as_ref().unwrap() {
            Change::CalendarChanged(_) => {}
            Change::LessonPlanChanged(_)
            | Change::StudyDocumentChanged(_)
            | Change::LessonAltered(_)
            | Change::DayChanged(_)
            | Change::SchoolEventChanged(_) => panic!("nobody has done that"),
            Change::TeachingLoadsChanged(list) => {
                assert!(list.teaching_loads.len() <= 500);
                loads.extend(
                    list.teaching_loads
                        .iter()
                        .map(|load| load.teaching_load_id.as_str()),
                );
            }
            Change::LessonsChanged(list) => {
                assert!(list.lessons.len() <= 500);
                lessons.extend(list.lessons.iter().map(|lesson| lesson.lesson_id.as_str()));
            }
        }
    }
    assert_eq!((lessons.len(), loads.len()), (SCHOOL_12 as usize, 648));
    assert!(
        matches!(events[0].change, Some(Change::CalendarChanged(_))),
        "the calendar comes first"
    );
}

#[tokio::test]
async fn what_is_announced_is_what_is_stored() {
    let world = World::empty().await;
    world.put(a_plan()).await;
    let events: Vec<pb::ScheduleEvent> = world.harness.announced().await;
    let announced: BTreeMap<String, pb::Lesson> = events
        .iter()
        .flat_map(|event| match &event.change {
            Some(Change::LessonsChanged(changed)) => changed.lessons.clone(),
            _ => Vec::new(),
        })
        .map(|lesson| (lesson.lesson_id.clone(), lesson))
        .collect();
    let mut stored = BTreeMap::new();
    for (from, to) in [("2026-09-01", "2026-09-30"), ("2027-05-01", "2027-05-31")] {
        for lesson in listed(&world, from, to).await {
            assert_eq!(announced.get(&lesson.lesson_id), Some(&lesson));
            stored.insert(lesson.lesson_id.clone(), lesson);
        }
    }
    assert!(stored.len() > 30);
    let Some(Change::CalendarChanged(changed)) = &events[0].change else {
        panic!("the calendar comes first")
    };
    let request = pb::GetCalendarRequest {
        school_id: text::<SchoolId>("school"),
    };
    let calendar = world
        .deputy()
        .get_calendar(request)
        .await
        .unwrap()
        .into_inner()
        .calendar
        .unwrap();
    let sorted = |calendar: &pb::Calendar| {
        let mut calendar = calendar.clone();
        calendar
            .periods
            .sort_by(|a, b| a.period_id.cmp(&b.period_id));
        calendar
    };
    assert_eq!(
        sorted(changed.calendar.as_ref().unwrap()),
        sorted(&calendar)
    );
}

async fn listed(world: &World, from: &str, to: &str) -> Vec<pb::Lesson> {
    let request = pb::ListLessonsRequest {
        school_id: text::<SchoolId>("school"),
        from: from.into(),
        to: to.into(),
        page_size: 500,
        ..Default::default()
    };
    world
        .deputy()
        .list_lessons(request)
        .await
        .unwrap()
        .into_inner()
        .lessons
}

#[tokio::test]
async fn lessons_stand_on_study_days_and_take_their_times_from_the_bells_of_the_shift() {
    let world = World::empty().await;
    let mondays = i32::try_from(MONDAYS).unwrap();
    assert_eq!(world.put(a_plan()).await, 3 * MONDAYS + 2 * TUESDAYS);
    let lessons = world
        .harness
        .announced::<pb::ScheduleEvent>()
        .await
        .into_iter();
    let lessons: Vec<pb::Lesson> = lessons
        .flat_map(|event| match event.change {
            Some(Change::LessonsChanged(changed)) => changed.lessons,
            _ => Vec::new(),
        })
        .collect();
    let mut of_senior = 0;
    for lesson in &lessons {
        let date: Date = lesson.date.parse().unwrap();
        assert!(matches!(date.weekday(), Weekday::Monday | Weekday::Tuesday));
        let autumn = Date::constant(2026, 10, 24)..=Date::constant(2026, 11, 1);
        assert!(!autumn.contains(&date), "in the holidays: {lesson:?}");
        if lesson.group_id == text::<GroupId>("10-А") {
            of_senior += 1;
            assert_eq!(
                (
                    lesson.starts_at.as_str(),
                    lesson.ends_at.as_str(),
                    lesson.grade
                ),
                ("10:00", "10:40", 10)
            );
        }
    }
    assert_eq!(of_senior, mondays);
    assert!(lessons.is_sorted_by_key(|lesson| (lesson.date.clone(), lesson.lesson_number)));
    assert!(
        lessons.is_sorted_by_key(|lesson| lesson.lesson_id.clone()),
        "ids are in order of time"
    );
}

#[tokio::test]
async fn days_off_of_the_region_need_not_be_on_the_schools_list() {
    let world = World::empty().await;
    let mut plan = a_plan();
    plan.days_off.clear();
    plan.days_off.push(pb::DayOff {
        date: "2026-09-07".into(),
        title: "День села".into(),
        ..Default::default()
    });
    assert_eq!(world.put(plan).await, 3 * (MONDAYS - 1) + 2 * TUESDAYS);
    world.harness.ignore_announced().await;
    let request = pb::GetCalendarRequest {
        school_id: text::<SchoolId>("school"),
    };
    let calendar = world
        .deputy()
        .get_calendar(request)
        .await
        .unwrap()
        .into_inner()
        .calendar
        .unwrap();
    let titles: BTreeMap<_, _> = calendar
        .days_off
        .iter()
        .map(|day| (day.date.as_str(), day.title.as_str()))
        .collect();
    assert_eq!(titles.get("2026-09-07"), Some(&"День села"));
    assert_eq!(
        titles.get("2027-03-18"),
        Some(&"День воссоединения Крыма с Россией")
    );
}

#[tokio::test]
async fn putting_again_with_the_same_import_changes_nothing() {
    let world = World::empty().await;
    let count = world.put(a_plan()).await;
    world.harness.ignore_announced().await;
    assert_eq!(world.put(a_plan()).await, count);
    assert_eq!(world.harness.announced::<pb::ScheduleEvent>().await, []);
    assert_eq!(listed(&world, "2026-09-07", "2026-09-07").await.len(), 3);
}

#[tokio::test]
async fn another_import_of_the_same_year_is_refused() {
    let world = World::empty().await;
    world.put(a_plan()).await;
    world.harness.ignore_announced().await;
    let other = pb::PutSchoolPlanRequest {
        school_import_id: text::<SchoolImportId>("other"),
        ..a_plan()
    };
    let answer = world.roster().put_school_plan(other).await;
    assert_eq!(
        refused(answer),
        (Code::AlreadyExists, "PLAN_EXISTS".to_owned())
    );
}

#[tokio::test]
async fn two_schools_share_the_subjects_of_the_region() {
    let world = World::empty().await;
    world.put(a_plan()).await;
    let mut plan = a_plan();
    plan.school_id = text::<SchoolId>("other school");
    for lesson in &mut plan.weekly_lessons {
        lesson.subject = format!("  {} ", lesson.subject.to_uppercase());
    }
    for load in &mut plan.loads {
        load.subject = load.subject.to_lowercase();
    }
    world.put(plan).await;
    let events: Vec<pb::ScheduleEvent> = world.harness.announced().await;
    let mut subjects: BTreeMap<String, String> = BTreeMap::new();
    for event in events {
        if let Some(Change::LessonsChanged(changed)) = event.change {
            subjects.extend(
                changed
                    .lessons
                    .into_iter()
                    .map(|one| (one.subject_id, one.subject_title)),
            );
        }
    }
    let titles: Vec<_> = subjects
        .into_values()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    assert_eq!(
        titles,
        ["Алгебра", "Английский язык", "Математика", "Русский язык"]
    );
}

#[tokio::test]
async fn a_plan_that_does_not_hold_together_is_refused_whole_and_at_its_fields() {
    let world = World::empty().await;
    let mut plan = a_plan();
    plan.weekly_lessons[0].lesson_number = 3;
    plan.weekly_lessons[1].group_id = text::<GroupId>("no such group");
    plan.weekly_lessons.push(plan.weekly_lessons[4].clone());
    let answer = world.roster().put_school_plan(plan).await;
    let at = |field: &str, rule: &str| (field.to_owned(), rule.to_owned());
    assert_eq!(
        violations(answer),
        [
            at("weeklyLessons[0]", "NO_BELL"),
            at("weeklyLessons[1]", "UNKNOWN_GROUP"),
            at("weeklyLessons[5]", "SLOT_TAKEN"),
        ]
    );
    assert_eq!(world.harness.announced::<pb::ScheduleEvent>().await, []);
    assert!(world.put(a_plan()).await > 0);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn fields_that_cannot_be_read_are_refused() {
    let world = World::empty().await;
    let put = |spoil: fn(&mut pb::PutSchoolPlanRequest)| {
        let mut plan = a_plan();
        spoil(&mut plan);
        let mut roster = world.roster();
        async move { violations(roster.put_school_plan(plan).await) }
    };
    let at = |field: &str, rule: &str| vec![(field.to_owned(), rule.to_owned())];
    assert_eq!(
        put(|plan| plan.academic_year = "2026/2028".into()).await,
        at("academicYear", "INVALID_YEAR")
    );
    assert_eq!(
        put(|plan| plan.time_zone = "Крым".into()).await,
        at("timeZone", "UNKNOWN_TIME_ZONE")
    );
    assert_eq!(
        put(|plan| plan.study_week_days = 4).await,
        at("studyWeekDays", "TOO_SMALL")
    );
    assert_eq!(
        put(|plan| plan.school_id = "school".into()).await,
        at("schoolId", "INVALID_ID")
    );
    assert_eq!(
        put(|plan| plan.bells[0].ends_at = "25:00".into()).await,
        at("bells[0].endsAt", "INVALID_TIME")
    );
    assert_eq!(
        put(|plan| plan.periods[0].kind = 0).await,
        at("periods[0].kind", "REQUIRED")
    );
}

#[tokio::test]
async fn a_year_without_a_regional_calendar_is_refused() {
    let world = World::empty().await;
    let mut plan = a_plan();
    plan.academic_year = "2030/2031".into();
    let answer = world.roster().put_school_plan(plan).await;
    assert_eq!(
        refused(answer),
        (
            Code::FailedPrecondition,
            "REGIONAL_CALENDAR_MISSING".to_owned()
        )
    );
}

#[tokio::test]
async fn nobody_but_roster_puts_plans() {
    let world = World::empty().await;
    let by_service = world
        .calls(&chassis::caller::Caller::service("grading"))
        .put_school_plan(a_plan())
        .await;
    assert_eq!(refused(by_service).0, Code::PermissionDenied);
    let by_person = world
        .staff("school", &["ADMINISTRATOR"])
        .put_school_plan(a_plan())
        .await;
    assert_eq!(refused(by_person).0, Code::PermissionDenied);
    let by_client = world
        .client(&["schedule.read"], &[id("school")])
        .put_school_plan(a_plan())
        .await;
    assert_eq!(refused(by_client).0, Code::PermissionDenied);
}

chassis::on_both_databases! { crate::store::migrations();
    async fn the_same_import_twice_at_once_makes_the_lessons_once(db) {
        let world = World::on(db);
        let (mut one, mut two) = (world.roster(), world.roster());
        let (one, two) = tokio::join!(one.put_school_plan(a_plan()), two.put_school_plan(a_plan()));
        let count = 3 * MONDAYS + 2 * TUESDAYS;
        assert_eq!((one.unwrap().into_inner().lesson_count, two.unwrap().into_inner().lesson_count), (count, count));
        let mut announced = 0;
        for event in world.harness.announced::<pb::ScheduleEvent>().await {
            if let Some(Change::LessonsChanged(changed)) = event.change {
                announced += changed.lessons.len();
            }
        }
        assert_eq!(announced, count as usize);
        assert_eq!(listed(&world, "2026-09-07", "2026-09-07").await.len(), 3);
    }

    async fn schools_put_at_once_share_new_subjects_and_do_not_wait_for_each_other_for_ever(db) {
        let world = World::on(db);
        let schools: Vec<String> = (0..6).map(|n| format!("school {n}")).collect();
        let puts = schools.iter().enumerate().map(|(n, school)| {
            let mut plan = a_plan();
            plan.school_id = text::<SchoolId>(school);
            // Each names the subjects in another order.
            plan.weekly_lessons.rotate_left(n % 5);
            plan.loads.clear();
            let mut roster = world.roster();
            async move { roster.put_school_plan(plan).await.map(|answer| answer.into_inner().lesson_count) }
        });
        for count in futures::future::join_all(puts).await {
            assert_eq!(count.unwrap(), 3 * MONDAYS + 2 * TUESDAYS);
        }
        let mut subjects = BTreeSet::new();
        for event in world.harness.announced::<pb::ScheduleEvent>().await {
            if let Some(Change::LessonsChanged(changed)) = event.change {
                subjects.extend(changed.lessons.into_iter().map(|lesson| lesson.subject_id));
            }
        }
        assert_eq!(subjects.len(), 4);
    }
}
