//! A changed calendar, and the dated lessons that follow it.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::lesson_plans::request_id;
use crate::testing::school_years::{counts, holiday, off, preview_of, save_request, short};
use crate::testing::study_documents::save_request as document_request;
use crate::testing::{World, refused, text, violations};

/// Date, number and state of lessons, those that were taken out too.
fn told(lessons: &[pb::Lesson]) -> Vec<(&str, u32, pb::LessonState)> {
    let lessons = lessons.iter();
    lessons
        .map(|one| (one.date.as_str(), one.lesson_number, one.state()))
        .collect()
}

async fn cancel(world: &World, lesson: &pb::Lesson, n: u8) {
    let request = pb::CancelLessonRequest {
        school_id: lesson.school_id.clone(),
        lesson_id: lesson.lesson_id.clone(),
        reason: "карантин".into(),
        etag: String::new(),
        request_id: request_id(n),
    };
    world.deputy().cancel_lesson(request).await.unwrap();
}

async fn substitute(world: &World, lesson: &pb::Lesson, who: &str, n: u8) {
    let request = pb::SubstituteTeacherRequest {
        school_id: lesson.school_id.clone(),
        lesson_id: lesson.lesson_id.clone(),
        teacher_id: text::<PersonId>(who),
        reason: "болезнь".into(),
        etag: String::new(),
        request_id: request_id(n),
    };
    world.deputy().substitute_teacher(request).await.unwrap();
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn a_day_off_takes_its_lessons_out_and_gives_them_back(db) {
        use pb::LessonState::{Planned, Removed};
        let world = World::on(db).planned().await;
        let lesson = world.lesson("2026-11-16", 1, "5-А").await;
        let answer = world.change_year(1, |year| year.days_off.push(off("2026-11-16"))).await;
        assert_eq!(counts(answer.effect.clone()), (0, 0, 3, 0));
        let grades: Vec<(u32, u32)> = answer.effect.unwrap().grades.iter()
            .map(|one| (one.grade, one.before - one.after)).collect();
        assert_eq!(grades, [(5, 1), (10, 1)]);
        let saved = answer.school_year.unwrap();
        assert_eq!(world.school_year().await, saved);
        let document = saved.study_document.clone().unwrap();
        assert_eq!(
            (document.kind(), document.state(), document.number, document.etag.as_str()),
            (pb::StudyDocumentKind::Calendar, pb::StudyDocumentState::Draft, 1, "v1")
        );

        let announced = world.announced_year().await;
        assert_eq!(announced.calendars, vec![saved.calendar.clone().unwrap()]);
        assert_eq!(announced.documents, vec![document]);
        let monday = |state| [("2026-11-16", 1, state), ("2026-11-16", 2, state), ("2026-11-16", 2, state)];
        assert_eq!(told(&announced.lessons), monday(Removed));
        assert!(announced.lessons.iter().all(|one| one.etag == "v2"));
        assert_eq!(world.lesson("2026-11-17", 2, "5-А").await.etag, "v1");

        let answer = world.change_year(2, |year| year.days_off.retain(|one| one.date != "2026-11-16")).await;
        assert_eq!(counts(answer.effect), (3, 0, 0, 0));
        assert_eq!(told(&world.announced_year().await.lessons), monday(Planned));
        let back = world.lesson("2026-11-16", 1, "5-А").await;
        assert_eq!((back.lesson_id, back.etag.as_str()), (lesson.lesson_id, "v3"));
    }

    async fn lessons_of_a_shortened_day_are_shorter_also_for_a_later_timetable(db) {
        let world = World::on(db).planned().await;
        let answer = world.change_year(1, |year| year.shortened_days.push(short("2026-11-16"))).await;
        assert_eq!(counts(answer.effect), (0, 3, 0, 0));
        world.harness.ignore_announced().await;
        let times = |lesson: pb::Lesson| format!("{}-{} {}", lesson.starts_at, lesson.ends_at, lesson.etag);
        let first = times(world.lesson("2026-11-16", 1, "5-А").await);
        let second = times(world.lesson("2026-11-16", 2, "5-А").await);
        let senior = times(world.lesson("2026-11-16", 2, "10-А").await);
        assert_eq!([first.as_str(), &second, &senior], ["08:00-08:30 v2", "08:40-09:10 v2", "09:50-10:20 v2"]);

        let draft = world.moved_draft(((2, 2), "5-А"), (3, 1), 2).await;
        let effect = world.approve_timetable(&draft, "2026-11-09", 4).await.unwrap().into_inner().effect.unwrap();
        assert_eq!(effect.changed, 0);
        assert_eq!(times(world.lesson("2026-11-16", 1, "5-А").await), "08:00-08:30 v2");
        world.harness.ignore_announced().await;

        let answer = world.change_year(5, |year| year.shortened_days.clear()).await;
        assert_eq!(counts(answer.effect), (0, 3, 0, 0));
        assert_eq!(times(world.lesson("2026-11-16", 1, "5-А").await), "08:00-08:40 v3");
        world.harness.ignore_announced().await;
    }

    async fn a_moved_term_boundary_keeps_the_ids_of_the_periods(db) {
        let world = World::on(db).planned().await;
        let before = world.school_year().await.calendar.unwrap();
        // 28 and 29 December are a Monday and a Tuesday; the senior grades have holidays with all.
        let answer = world.change_year(1, |year| year.periods[1].ends_on = "2026-12-25".into()).await;
        assert_eq!(counts(answer.effect), (0, 0, 5, 0));
        let calendar = answer.school_year.unwrap().calendar.unwrap();
        let ids = |of: &pb::Calendar| -> Vec<String> { of.periods.iter().map(|one| one.period_id.clone()).collect() };
        assert_eq!(ids(&calendar), ids(&before));
        assert_eq!(calendar.periods[1].ends_on, "2026-12-25");
        // A quarter in two: the new part has an id of its own.
        let answer = world.change_year(2, |year| {
            let mut second = year.periods[3].clone();
            second.period_id.clear();
            second.starts_on = "2027-05-10".into();
            year.periods[3].ends_on = "2027-05-09".into();
            year.periods.push(second);
        }).await;
        assert_eq!(counts(answer.effect), (0, 0, 0, 0));
        let calendar = answer.school_year.unwrap().calendar.unwrap();
        assert_eq!(calendar.periods.len(), before.periods.len() + 1);
        assert!(calendar.periods.iter().all(|one| one.period_id.starts_with("prd_")));
        world.harness.ignore_announced().await;
    }

    async fn each_day_follows_the_timetable_in_force_on_it(db) {
        let world = World::on(db).planned().await;
        let draft = world.moved_draft(((1, 1), "5-А"), (3, 1), 1).await;
        world.approve_timetable(&draft, "2026-11-16", 3).await.unwrap();
        world.harness.ignore_announced().await;
        let answer = world.change_year(4, |year| {
            // A Monday of the first version with three lessons, a Wednesday of the second with one.
            year.days_off.extend([off("2026-11-09"), off("2026-11-18")]);
            // A Wednesday of the first version without lessons, one of the second... a Tuesday with two.
            year.days_off.retain(|one| one.date != "2026-11-04" && one.date != "2027-02-23");
        }).await;
        assert_eq!(counts(answer.effect), (2, 0, 4, 0));
        world.harness.ignore_announced().await;
    }

    async fn cancelled_lessons_stay_and_substitutes_are_counted(db) {
        let world = World::on(db).planned().await;
        cancel(&world, &world.lesson("2026-11-16", 1, "5-А").await, 1).await;
        substitute(&world, &world.lesson("2026-11-16", 2, "5-А").await, "Ким", 2).await;
        world.harness.ignore_announced().await;
        let answer = world.change_year(3, |year| year.days_off.push(off("2026-11-16"))).await;
        assert_eq!(counts(answer.effect), (0, 0, 2, 1));
        let left = world.lesson("2026-11-16", 1, "5-А").await;
        assert_eq!((left.state(), left.state_reason.as_str()), (pb::LessonState::Cancelled, "карантин"));
        world.harness.ignore_announced().await;
    }

    async fn holidays_of_a_grade_are_nobody_elses(db) {
        let world = World::on(db).planned().await;
        let answer = world.change_year(1, |year| {
            year.holidays.push(holiday("2027-02-15", "2027-02-21", (5, 9)));
        }).await;
        // Two lessons of 5-А on Monday, two on Tuesday; 10-А keeps its own.
        assert_eq!(counts(answer.effect), (0, 0, 4, 0));
        let saved = answer.school_year.unwrap().calendar.unwrap();
        assert_eq!(saved.holidays, [holiday("2027-02-15", "2027-02-21", (5, 9))]);
        world.lesson("2027-02-15", 2, "10-А").await;
        world.harness.ignore_announced().await;
    }

    async fn of_two_who_save_at_once_one_sees_that_the_other_was_first(db) {
        let world = World::on(db).planned().await;
        let seen = world.school_year().await;
        let (mut one, mut other) = (save_request(&seen, 1), save_request(&seen, 2));
        one.days_off.push(off("2026-11-16"));
        other.days_off.push(off("2026-11-17"));
        let (one, other) = tokio::join!(world.save_year(one), world.save_year(other));
        let failed = if one.is_ok() { other } else { one };
        assert_eq!(refused(failed), (Code::Aborted, "ETAG_STALE".into()));
        assert_eq!(world.announced_year().await.calendars.len(), 1);
    }

    async fn what_was_approved_is_kept_and_a_change_opens_the_next_version(db) {
        let world = World::on(db).planned().await;
        let mut terms = document_request(pb::StudyDocumentKind::Calendar, 1);
        terms.title = "Календарь".into();
        terms.approve_by = "2026-08-25".into();
        let document = world.saved(terms).await;
        assert!(document.overdue, "it is 1 September");
        let year = world.change_year(2, |year| year.days_off.push(off("2026-11-16"))).await.school_year.unwrap();
        world.harness.ignore_announced().await;
        let draft = year.study_document.unwrap();
        assert_eq!((draft.number, draft.etag.as_str(), draft.approve_by.as_str()), (1, "v2", "2026-08-25"));
        let first = world.approved(&draft, 3).await;
        assert_eq!(first.state(), pb::StudyDocumentState::Approved);

        let next = world.change_year(4, |year| {
            year.days_off.clear();
            year.holidays.push(holiday("2027-02-15", "2027-02-21", (1, 1)));
            year.shortened_days.push(short("2026-12-30"));
        }).await.school_year.unwrap();
        world.harness.ignore_announced().await;
        let second = next.study_document.clone().unwrap();
        assert_eq!((second.number, second.state()), (2, pb::StudyDocumentState::Draft));
        let kept = world.document(&first).await.calendar.unwrap();
        assert_eq!(Some(kept), year.calendar);
        assert_eq!(world.document(&second).await.calendar, next.calendar);
        let second = world.approved(&second, 5).await;
        assert_eq!(world.document(&second).await.calendar, next.calendar);
    }
}

#[tokio::test]
async fn a_repeated_request_changes_nothing_more() {
    let world = World::with_a_plan().await;
    let mut request = save_request(&world.school_year().await, 1);
    request.days_off.push(off("2026-11-16"));
    let first = world.save_year(request.clone()).await.unwrap().into_inner();
    world.harness.ignore_announced().await;
    let again = world.save_year(request).await.unwrap().into_inner();
    assert_eq!(again, first);
    assert!(world.announced_year().await.calendars.is_empty());
}

#[tokio::test]
async fn what_cannot_be_is_refused_at_its_field() {
    type Edit = fn(&mut pb::SaveSchoolYearRequest);
    let cases: &[(Edit, &str, &str)] = &[
        (
            |it| it.days_off.push(off("2026-09-01")),
            "daysOff[19]",
            "PAST",
        ),
        (
            |it| it.days_off.push(off("2026-11-04")),
            "daysOff[19]",
            "TWICE",
        ),
        (
            |it| it.days_off.push(off("2027-09-01")),
            "daysOff[19]",
            "OUTSIDE_YEAR",
        ),
        (
            |it| it.shortened_days.push(short("2026-11-04")),
            "shortenedDays[0]",
            "NOT_A_SCHOOL_DAY",
        ),
        (
            |it| {
                it.shortened_days
                    .extend([short("2026-11-16"), short("2026-11-16")])
            },
            "shortenedDays[1]",
            "TWICE",
        ),
        (
            |it| {
                it.holidays
                    .push(holiday("2027-08-30", "2027-09-02", (1, 1)))
            },
            "holidays[0]",
            "OUTSIDE_YEAR",
        ),
        (
            |it| {
                it.holidays
                    .push(holiday("2027-02-21", "2027-02-15", (1, 1)))
            },
            "holidays[0]",
            "REVERSED",
        ),
        (
            |it| {
                it.holidays.extend([
                    holiday("2027-02-15", "2027-02-21", (1, 1)),
                    holiday("2027-02-20", "2027-02-25", (1, 4)),
                ])
            },
            "holidays[1]",
            "HOLIDAYS_OVERLAP",
        ),
        (
            |it| it.periods[1].starts_on = "2026-10-23".into(),
            "periods[1]",
            "PERIODS_OVERLAP",
        ),
        (
            |it| it.periods[1].ends_on = "2026-11-01".into(),
            "periods[1]",
            "REVERSED",
        ),
        (
            |it| it.periods[3].ends_on = "2027-09-01".into(),
            "periods[3]",
            "OUTSIDE_YEAR",
        ),
        (|it| it.periods.truncate(4), "periods", "NO_PERIOD"),
        (
            |it| it.periods[0].starts_on = "2026-09-02".into(),
            "periods",
            "PAST",
        ),
        (
            |it| it.periods[0].period_id = "prd_00000000000000000000000000000007".into(),
            "periods[0]",
            "UNKNOWN_PERIOD",
        ),
        (
            |it| it.periods[3].period_id = it.periods[2].period_id.clone(),
            "periods[3]",
            "TWICE",
        ),
        (
            |it| it.academic_year = "2026/2028".into(),
            "academicYear",
            "INVALID_YEAR",
        ),
    ];
    let world = World::with_a_plan().await;
    let seen = world.school_year().await;
    for (n, (edit, field, rule)) in (1..).zip(cases) {
        let mut request = save_request(&seen, n);
        edit(&mut request);
        let expected = [((*field).to_owned(), (*rule).to_owned())];
        let preview = world
            .deputy()
            .preview_school_year(preview_of(&request))
            .await;
        assert_eq!(violations(preview), expected, "preview {n}");
        assert_eq!(violations(world.save_year(request).await), expected, "{n}");
    }
    assert_eq!(world.school_year().await, seen);
}

#[tokio::test]
async fn whoever_saw_an_older_version_is_refused() {
    let world = World::with_a_plan().await;
    let seen = world.school_year().await;
    let early = pb::SaveSchoolYearRequest {
        etag: "v1".into(),
        ..save_request(&seen, 1)
    };
    assert_eq!(
        refused(world.save_year(early).await),
        (Code::Aborted, "ETAG_STALE".into())
    );
    world
        .change_year(2, |year| year.days_off.push(off("2026-11-16")))
        .await;
    world.harness.ignore_announced().await;
    let late = world.save_year(save_request(&seen, 3)).await.unwrap_err();
    let info = chassis::status::error_info(&late).unwrap();
    assert_eq!(info.metadata.get("current").map(String::as_str), Some("v1"));
}

#[tokio::test]
async fn only_deputies_and_administrators_of_the_school_save() {
    let world = World::with_a_plan().await;
    let request = save_request(&world.school_year().await, 1);
    for (school, role) in [
        ("school", "TEACHER"),
        ("school", "DIRECTOR"),
        ("other", "DEPUTY"),
    ] {
        let mut calls = world.staff(school, &[role]);
        let answer = calls.save_school_year(request.clone()).await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{role} of {school}"
        );
    }
    let mut administrator = world.staff("school", &["ADMINISTRATOR"]);
    administrator.save_school_year(request).await.unwrap();
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_school_without_a_calendar_has_nothing_to_change() {
    let planned = World::with_a_plan().await;
    let request = save_request(&planned.school_year().await, 1);
    let world = World::empty().await;
    let expected = (Code::FailedPrecondition, "SCHOOL_YEAR_MISSING".to_owned());
    let preview = world
        .deputy()
        .preview_school_year(preview_of(&request))
        .await;
    assert_eq!(refused(preview), expected);
    assert_eq!(refused(world.save_year(request).await), expected);
    let read = pb::GetSchoolYearRequest {
        school_id: text::<SchoolId>("school"),
        ..Default::default()
    };
    assert_eq!(
        world
            .deputy()
            .get_school_year(read)
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
}
