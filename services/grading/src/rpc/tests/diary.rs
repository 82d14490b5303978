//! GetDiaryWeek, ListPupilMarks, AuthorizeTopics: what families see.

use tonic::Code;
use zhurnal_proto::{
    grading::v1::{self as pb, Attendance},
    id::{JournalId, PersonId},
    roster::v1::{GuardianLinksChanged, roster_event::Change as RosterChange},
    schedule::v1 as schedule,
};

use crate::testing::*;

fn week_of(pupil: u128, date: &str) -> pb::GetDiaryWeekRequest {
    pb::GetDiaryWeekRequest {
        pupil_id: person(pupil).to_string(),
        date: date.into(),
    }
}

fn marks_of(pupil: u128, period: &str) -> pb::ListPupilMarksRequest {
    pb::ListPupilMarksRequest {
        pupil_id: person(pupil).to_string(),
        period_id: period.into(),
    }
}

async fn week(client: &mut Client, date: &str) -> pb::DiaryWeek {
    client
        .get_diary_week(week_of(PUPIL, date))
        .await
        .unwrap()
        .into_inner()
        .week
        .unwrap()
}

#[tokio::test]
async fn a_parent_reads_lessons_homework_marks_and_absences() {
    let world = World::sqlite().await;
    world
        .record(vec![
            commented(PUPIL, "5", "молодец"),
            attend(PUPIL, Attendance::Late, ""),
        ])
        .await;
    let entry = pb::RecordLessonRequest {
        school_id: school().to_string(),
        lesson_id: lesson(LESSON).to_string(),
        topic: "Дроби".into(),
        homework: "№ 5".into(),
        request_id: world.request_id(),
        ..Default::default()
    };
    world.teacher().record_lesson(entry).await.unwrap();
    world.harness.ignore_announced().await;

    let week = week(&mut world.family(&[MOTHER]), "").await;
    assert_eq!(
        (week.monday.as_str(), week.class_title.as_str()),
        ("2026-08-31", "5-А")
    );
    assert_eq!(week.name.as_ref().unwrap().surname, "Ученик30");
    let days: Vec<(&str, &str, usize)> = week
        .days
        .iter()
        .map(|day| {
            (
                day.date.as_str(),
                day.day_off_title.as_str(),
                day.lessons.len(),
            )
        })
        .collect();
    assert_eq!(
        days,
        [
            ("2026-08-31", "Каникулы", 0),
            ("2026-09-01", "", 4),
            ("2026-09-02", "", 1)
        ]
    );
    let first = &week.days[1].lessons[0];
    assert_eq!(
        (
            first.topic.as_str(),
            first.homework.as_str(),
            first.room.as_str()
        ),
        ("Дроби", "№ 5", "12")
    );
    assert_eq!(first.teacher_name.as_ref().unwrap().surname, "Учителева");
    let cell = first.cell.as_ref().unwrap();
    assert_eq!(
        (cell.marks[0].value.as_str(), cell.marks[0].comment.as_str()),
        ("5", "молодец")
    );
    assert_eq!(cell.attendance(), Attendance::Late);
    assert!(week.days[1].lessons[1].cancelled);
    let substituted = &week.days[1].lessons[2];
    assert!(substituted.substituted && substituted.cell.is_none());
    assert_eq!(
        substituted.teacher_name.as_ref().unwrap().surname,
        "Заменова"
    );
    assert!(
        week.days[1]
            .lessons
            .iter()
            .all(|l| l.lesson_id != lesson(OF_OTHER_CLASS).to_string())
    );
}

#[tokio::test]
async fn a_lesson_that_is_held_remotely_says_so_until_it_is_not() {
    let world = World::sqlite().await;
    let mut mother = world.family(&[MOTHER]);
    let before = week(&mut mother, "").await;
    assert!(before.days[1].lessons.iter().all(|one| !one.remote));
    let remote = |remote| schedule::Lesson {
        remote,
        ..a_lesson(LESSON)
    };
    world.hear_lessons(vec![remote(true)]).await;
    let told = week(&mut mother, "").await;
    let remotes = told.days[1].lessons.iter().filter(|one| one.remote);
    let remotes: Vec<_> = remotes.map(|one| one.lesson_id.clone()).collect();
    assert_eq!(remotes, [lesson(LESSON).to_string()]);
    assert_ne!(told.revision, before.revision);
    world.hear_lessons(vec![remote(false)]).await;
    let back = week(&mut mother, "").await;
    assert_eq!(back.revision, before.revision);
}

#[tokio::test]
async fn the_weeks_revision_changes_with_a_mark_and_not_with_time() {
    let world = World::sqlite().await;
    let mut mother = world.family(&[MOTHER]);
    let first = week(&mut mother, "").await;
    world
        .harness
        .clock()
        .advance(jiff::SignedDuration::from_secs(60));
    let later = week(&mut mother, "").await;
    assert_eq!(later.revision, first.revision);
    assert_ne!(later.as_of, first.as_of);
    world.record(vec![mark(PUPIL, "5")]).await;
    assert_ne!(week(&mut mother, "").await.revision, first.revision);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn days_off_have_their_titles() {
    let world = World::sqlite().await;
    let mut mother = world.family(&[MOTHER]);
    let autumn = week(&mut mother, "2026-11-05").await;
    let days: Vec<(&str, &str)> = autumn
        .days
        .iter()
        .map(|day| (day.date.as_str(), day.day_off_title.as_str()))
        .collect();
    assert_eq!(days, [("2026-11-04", "День народного единства")]);
    let quarantine = week(&mut mother, "2026-11-26").await;
    let mut titles = quarantine.days.iter().map(|day| day.day_off_title.as_str());
    assert_eq!(
        titles.clone().filter(|title| *title == "Карантин").count(),
        2
    );
    assert!(titles.all(|title| title.is_empty() || title == "Карантин"));
    let holidays = week(&mut mother, "2026-10-28").await;
    assert_eq!(holidays.days.len(), 6, "Monday to Saturday");
    assert!(
        holidays
            .days
            .iter()
            .all(|day| day.day_off_title == "Каникулы")
    );
}

#[tokio::test]
async fn another_child_is_like_a_child_that_does_not_exist() {
    let world = World::sqlite().await;
    let mut mother = world.family(&[MOTHER]);
    let missing = mother.get_diary_week(week_of(9_999, "")).await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    for mut stranger in [
        world.family(&[MOTHER_OF_STRANGER]),
        world.family(&[AUNT]),
        world.family(&[STRANGER]),
        world.family(&[PUPIL + 1]),
        world.teacher(),
        world.staff(OTHER_TEACHER, &["TEACHER"]),
        world.staff(ADMINISTRATOR, &["ADMINISTRATOR"]),
    ] {
        let diary = stranger
            .get_diary_week(week_of(PUPIL, ""))
            .await
            .unwrap_err();
        assert_eq!(
            (diary.code(), diary.message(), diary.details()),
            (missing.code(), missing.message(), missing.details())
        );
        let marks = stranger
            .list_pupil_marks(marks_of(PUPIL, ""))
            .await
            .unwrap_err();
        assert_eq!(
            (marks.code(), marks.details()),
            (missing.code(), missing.details())
        );
    }
    let both = world
        .family(&[MOTHER, MOTHER_OF_STRANGER])
        .get_diary_week(week_of(STRANGER, ""))
        .await;
    assert!(both.is_ok(), "a family session covers all own children");
}

#[tokio::test]
async fn the_pupil_the_class_teacher_and_the_heads_read_the_diary() {
    let world = World::sqlite().await;
    for mut reader in [
        world.family(&[PUPIL]),
        world.staff(CLASS_TEACHER, &["TEACHER"]),
        world.deputy(),
        world.director(),
    ] {
        assert!(reader.get_diary_week(week_of(PUPIL, "")).await.is_ok());
        assert!(reader.list_pupil_marks(marks_of(PUPIL, "")).await.is_ok());
    }
    let mut foreign = staff(DEPUTY, &["DEPUTY"]);
    foreign.school = Some(zhurnal_proto::id::SchoolId::from_uuid(uuid(2)));
    let mut foreign = world.client(&chassis::caller::Caller::User(foreign));
    assert_eq!(
        foreign
            .get_diary_week(week_of(PUPIL, ""))
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
}

#[tokio::test]
async fn a_guardian_whose_link_has_ended_sees_nothing() {
    let world = World::sqlite().await;
    let ended = zhurnal_proto::roster::v1::GuardianLink {
        ends_on: "2026-08-31".into(),
        ..guardian(MOTHER, PUPIL, true)
    };
    world
        .hear_roster(RosterChange::GuardianLinksChanged(GuardianLinksChanged {
            guardian_links: vec![ended],
        }))
        .await;
    let refused = world
        .family(&[MOTHER])
        .get_diary_week(week_of(PUPIL, ""))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
}

/// R29: there is no weight («вес») of marks.
#[tokio::test]
async fn a_mark_of_any_kind_of_work_counts_as_any_other() {
    let kinds = (0..).map_while(|number| pb::ControlKind::try_from(number).ok());
    let kinds: Vec<pb::ControlKind> = kinds.collect();
    assert_eq!(kinds.len(), 8);
    for kind in kinds {
        let world = World::sqlite().await;
        let of_kind = pb::SetMark {
            value: "2".into(),
            kind: kind.into(),
            ..Default::default()
        };
        let second = pb::MarkOperation {
            slot: 2,
            ..mark(PUPIL, "5")
        };
        let first = pb::MarkOperation {
            action: Some(pb::mark_operation::Action::SetMark(of_kind)),
            ..mark(PUPIL, "2")
        };
        world.record(vec![first, second]).await;
        let listed = world
            .family(&[MOTHER])
            .list_pupil_marks(marks_of(PUPIL, ""))
            .await
            .unwrap()
            .into_inner();
        assert_eq!(listed.subjects[0].marks.len(), 2);
        let average = listed.subjects[0].average.unwrap();
        let fraction = (average.numerator, average.denominator);
        assert_eq!(fraction, (7, 2), "of 2 for {kind:?} and 5");
        world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn marks_are_listed_by_subject_with_exact_means() {
    let world = World::sqlite().await;
    let mut other = world.staff(OTHER_TEACHER, &["TEACHER"]);
    world
        .record(vec![
            mark(PUPIL, "4/5"),
            pb::MarkOperation {
                slot: 2,
                ..mark(PUPIL, "5")
            },
        ])
        .await;
    let request = pb::ListJournalsRequest {
        school_id: school().to_string(),
        ..Default::default()
    };
    let journals = world
        .deputy()
        .list_journals(request)
        .await
        .unwrap()
        .into_inner()
        .journals;
    let russian = journals
        .iter()
        .find(|j| j.group_id == group_id(GROUP_5A) && j.subject_id == subject_id(RUSSIAN))
        .unwrap();
    let absent = pb::RecordMarksRequest {
        journal_id: russian.journal_id.clone(),
        ..world.batch(vec![at_lesson(
            LAST_OF_DAY,
            attend(PUPIL, Attendance::Ill, ""),
        )])
    };
    other.record_marks(absent).await.unwrap();
    world.harness.ignore_announced().await;

    let listed = world
        .family(&[MOTHER])
        .list_pupil_marks(marks_of(PUPIL, ""))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (listed.period_title.as_str(), listed.period_id),
        ("1 четверть", period_id(61))
    );
    let subjects: Vec<(&str, usize, u32)> = listed
        .subjects
        .iter()
        .map(|s| (s.subject_title.as_str(), s.marks.len(), s.missed_lessons))
        .collect();
    assert_eq!(subjects, [("Математика", 2, 0), ("Русский язык", 0, 1)]);
    let average = listed.subjects[0].average.unwrap();
    assert_eq!((average.numerator, average.denominator), (19, 4));
    assert!(listed.subjects[1].average.is_none());

    let second = world
        .family(&[MOTHER])
        .list_pupil_marks(marks_of(PUPIL, &period_id(62)))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (second.period_title.as_str(), second.subjects.len()),
        ("2 четверть", 0)
    );
    let unknown = world
        .family(&[MOTHER])
        .list_pupil_marks(marks_of(PUPIL, &period_id(99)))
        .await
        .unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
}

#[tokio::test]
async fn a_lesson_that_moves_takes_its_marks_into_the_other_quarter() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "5")]).await;
    let moved = zhurnal_proto::schedule::v1::Lesson {
        date: "2026-11-10".into(),
        state: zhurnal_proto::schedule::v1::LessonState::Moved.into(),
        ..a_lesson(LESSON)
    };
    world.hear_lessons(vec![moved]).await;
    world.harness.ignore_announced().await;
    let mut mother = world.family(&[MOTHER]);
    let first = mother
        .list_pupil_marks(marks_of(PUPIL, &period_id(61)))
        .await
        .unwrap()
        .into_inner();
    let second = mother
        .list_pupil_marks(marks_of(PUPIL, &period_id(62)))
        .await
        .unwrap()
        .into_inner();
    assert_eq!((first.subjects.len(), second.subjects.len()), (0, 1));
    assert_eq!(second.subjects[0].marks[0].date, "2026-11-10");
}

#[tokio::test]
async fn topics_are_opened_to_those_who_may_read_them() {
    let world = World::sqlite().await;
    let pupil = format!("pupil:{}", person(PUPIL));
    let stranger = format!("pupil:{}", person(STRANGER));
    let journal = format!("journal:{}", world.maths);
    let other = format!("journal:{}", world.russian_of_5b);
    let corrections = format!("corrections:{}", school());
    let unknown = [
        format!("pupil:{}", PersonId::from_uuid(uuid(9_999))),
        format!("journal:{}", JournalId::from_uuid(uuid(9_999))),
        "pupil:x".to_owned(),
        "everything".to_owned(),
    ];
    let asked: Vec<String> = [&pupil, &stranger, &journal, &other, &corrections]
        .into_iter()
        .cloned()
        .chain(unknown)
        .collect();
    let allowed = async |mut client: Client| {
        let request = pb::AuthorizeTopicsRequest {
            topics: asked.clone(),
        };
        client
            .authorize_topics(request)
            .await
            .unwrap()
            .into_inner()
            .topics
    };
    assert_eq!(
        allowed(world.family(&[MOTHER])).await,
        std::slice::from_ref(&pupil)
    );
    assert_eq!(allowed(world.family(&[AUNT])).await, Vec::<String>::new());
    assert_eq!(
        allowed(world.teacher()).await,
        [journal.clone(), corrections.clone()]
    );
    assert_eq!(
        allowed(world.staff(CLASS_TEACHER, &["TEACHER"])).await,
        [pupil.clone(), journal.clone(), corrections.clone()]
    );
    assert_eq!(
        allowed(world.deputy()).await,
        [pupil, stranger, journal, other, corrections]
    );
}
