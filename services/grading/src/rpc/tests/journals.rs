//! ListJournals and GetJournalPage.

use std::collections::BTreeSet;

use chassis::caller::Caller;
use tonic::Code;
use zhurnal_proto::{
    grading::v1::{self as pb, EntryWindow, grading_event::Change as Event},
    id::SchoolId,
    roster::v1::{GroupsChanged, roster_event::Change as RosterChange},
};

use crate::testing::*;

async fn titles(client: &mut Client) -> Vec<String> {
    let request = pb::ListJournalsRequest {
        school_id: school().to_string(),
        ..Default::default()
    };
    let journals = client
        .list_journals(request)
        .await
        .unwrap()
        .into_inner()
        .journals;
    journals
        .iter()
        .map(|journal| format!("{} {}", journal.group_title, journal.subject_title))
        .collect()
}

#[tokio::test]
async fn everybody_lists_the_journals_that_they_may_open() {
    let world = World::sqlite().await;
    let all = ["5-А Математика", "5-А Русский язык", "5-Б Русский язык"];
    for mut head in [
        world.deputy(),
        world.director(),
        world.staff(ADMINISTRATOR, &["ADMINISTRATOR"]),
    ] {
        assert_eq!(titles(&mut head).await, all);
    }
    assert_eq!(titles(&mut world.teacher()).await, ["5-А Математика"]);
    assert_eq!(
        titles(&mut world.staff(OTHER_TEACHER, &["TEACHER"])).await,
        ["5-А Русский язык", "5-Б Русский язык"]
    );
    assert_eq!(
        titles(&mut world.staff(CLASS_TEACHER, &["TEACHER"])).await,
        ["5-А Математика", "5-А Русский язык"]
    );
    assert_eq!(
        titles(&mut world.staff(SUBSTITUTE, &["TEACHER"])).await,
        ["5-А Математика"]
    );
    assert_eq!(
        titles(&mut world.staff(999, &["SECRETARY"])).await,
        Vec::<String>::new()
    );
}

/// The predicate of the list and the policy of the page agree for every caller and journal.
#[tokio::test]
async fn the_list_holds_just_the_journals_that_open() {
    let world = World::sqlite().await;
    let request = pb::ListJournalsRequest {
        school_id: school().to_string(),
        ..Default::default()
    };
    let everything = world
        .deputy()
        .list_journals(request.clone())
        .await
        .unwrap()
        .into_inner()
        .journals;
    for number in [
        TEACHER,
        OTHER_TEACHER,
        SUBSTITUTE,
        CLASS_TEACHER,
        DEPUTY,
        DIRECTOR,
        ADMINISTRATOR,
        999,
    ] {
        for role in [
            "TEACHER",
            "DEPUTY",
            "DIRECTOR",
            "ADMINISTRATOR",
            "SECRETARY",
            "ENGINEER",
        ] {
            let mut client = world.staff(number, &[role]);
            let listed = client
                .list_journals(request.clone())
                .await
                .unwrap()
                .into_inner()
                .journals;
            let listed: BTreeSet<String> = listed
                .into_iter()
                .map(|journal| journal.journal_id)
                .collect();
            for journal in &everything {
                let page = pb::GetJournalPageRequest {
                    school_id: school().to_string(),
                    journal_id: journal.journal_id.clone(),
                    ..Default::default()
                };
                let opens = client.get_journal_page(page).await.is_ok();
                assert_eq!(
                    listed.contains(&journal.journal_id),
                    opens,
                    "{number} {role} {}",
                    journal.subject_title
                );
            }
        }
    }
}

#[tokio::test]
async fn a_list_is_of_one_year_and_of_todays_unless_another_is_asked_for() {
    let world = World::sqlite().await;
    world.next_year().await;
    let of = |academic_year: &str| pb::ListJournalsRequest {
        school_id: school().to_string(),
        academic_year: academic_year.into(),
        ..Default::default()
    };
    let listed = async |year: &str| {
        let answer = world.deputy().list_journals(of(year)).await.unwrap();
        let answer = answer.into_inner();
        assert_eq!(answer.academic_years, ["2026/2027", "2027/2028"]);
        let years = answer.journals.iter().map(|one| one.academic_year.clone());
        (answer.academic_year, years.collect::<Vec<_>>())
    };
    let (now, next) = ("2026/2027".to_owned(), "2027/2028".to_owned());
    assert_eq!(listed("").await, (now.clone(), vec![now.clone(); 3]));
    assert_eq!(listed(&next).await, (next.clone(), vec![next.clone()]));
    let september = "2027-08-31T21:00:00Z".parse().unwrap();
    world.harness.clock().set(september);
    assert_eq!(listed("").await, (next.clone(), vec![next]));
    assert_eq!(listed(&now).await, (now.clone(), vec![now; 3]));

    let refused = world.deputy().list_journals(of("2026")).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let mut nowhere = world.deputy().list_journals(of("2040/2041")).await.unwrap();
    assert!(nowhere.get_mut().journals.is_empty());
}

#[tokio::test]
async fn a_list_is_read_in_pages_and_narrowed_to_a_class() {
    let world = World::sqlite().await;
    let request = pb::ListJournalsRequest {
        school_id: school().to_string(),
        page_size: 2,
        ..Default::default()
    };
    let first = world
        .deputy()
        .list_journals(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first.journals.len(), 2);
    let rest = pb::ListJournalsRequest {
        page_token: first.next_page_token,
        ..request.clone()
    };
    let rest = world
        .deputy()
        .list_journals(rest)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (rest.journals.len(), rest.next_page_token.as_str()),
        (1, "")
    );
    let of_class = pb::ListJournalsRequest {
        class_id: class_id(CLASS_5B),
        ..request
    };
    let of_class = world
        .deputy()
        .list_journals(of_class)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(of_class.journals.len(), 1);
    assert_eq!(of_class.journals[0].teacher_names[0].surname, "Другая");
}

#[tokio::test]
async fn a_page_shows_pupils_lessons_cells_and_clocks() {
    let world = World::sqlite().await;
    world
        .record(vec![
            mark(PUPIL, "5"),
            pb::MarkOperation {
                slot: 2,
                ..mark(PUPIL, "4")
            },
            attend(PUPIL + 1, pb::Attendance::Ill, ""),
        ])
        .await;
    world.harness.ignore_announced().await;
    let page = world.page(&mut world.teacher()).await.unwrap();
    assert_eq!(
        (page.from.as_str(), page.to.as_str()),
        ("2026-09-01", "2026-10-23"),
        "the present quarter"
    );
    assert!(!page.without_marks);
    let ids: Vec<&str> = page
        .columns
        .iter()
        .map(|column| column.lesson_id.as_str())
        .collect();
    let expected = [LESSON, CANCELLED, SUBSTITUTED, TOMORROW].map(|id| lesson(id).to_string());
    assert_eq!(ids, expected);
    let windows: Vec<EntryWindow> = page.columns.iter().map(|column| column.window()).collect();
    assert_eq!(
        windows,
        [
            EntryWindow::Open,
            EntryWindow::Cancelled,
            EntryWindow::Open,
            EntryWindow::Future
        ]
    );
    assert_eq!(
        page.columns
            .iter()
            .map(|column| column.own)
            .collect::<Vec<_>>(),
        [true, true, false, true]
    );
    assert_eq!(page.rows.len(), 30);
    let surnames: Vec<&str> = page
        .rows
        .iter()
        .map(|row| row.name.as_ref().unwrap().surname.as_str())
        .collect();
    assert!(surnames.is_sorted());
    let row = page
        .rows
        .iter()
        .find(|row| row.pupil_id == person(PUPIL).to_string())
        .unwrap();
    let average = row.average.unwrap();
    assert_eq!((average.numerator, average.denominator), (9, 2));
    assert_eq!(row.cells[0].marks.len(), 2);
    let journal = page.journal.unwrap();
    assert_eq!(
        (journal.grade, journal.teacher_names[0].surname.as_str()),
        (5, "Учителева")
    );
}

#[tokio::test]
async fn the_revision_changes_with_anything_on_the_page_and_with_nothing_else() {
    let world = World::sqlite().await;
    let revision = async || world.page(&mut world.teacher()).await.unwrap().revision;
    let first = revision().await;
    world
        .harness
        .clock()
        .advance(jiff::SignedDuration::from_secs(30));
    assert_eq!(
        revision().await,
        first,
        "time alone changes nothing while the windows stay"
    );
    world.record(vec![mark(PUPIL, "5")]).await;
    let marked = revision().await;
    assert_ne!(marked, first);
    world
        .hear_lessons(vec![zhurnal_proto::schedule::v1::Lesson {
            room: "13".into(),
            ..a_lesson(LESSON)
        }])
        .await;
    assert_eq!(revision().await, marked, "the room is not on the page");
    world
        .hear_lessons(vec![zhurnal_proto::schedule::v1::Lesson {
            ends_at: "09:20".into(),
            ..a_lesson(LESSON)
        }])
        .await;
    assert_ne!(revision().await, marked);
    let before = revision().await;
    world.harness.clock().set(at("2026-09-01T12:10:00Z"));
    assert_ne!(revision().await, before, "the entry is overdue now");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_substitute_sees_the_own_lessons_only() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "5")]).await;
    let page = world
        .page(&mut world.staff(SUBSTITUTE, &["TEACHER"]))
        .await
        .unwrap();
    assert_eq!(
        page.columns
            .iter()
            .map(|c| c.lesson_id.clone())
            .collect::<Vec<_>>(),
        [lesson(SUBSTITUTED).to_string()]
    );
    assert!(page.columns[0].own);
    assert!(
        page.rows
            .iter()
            .all(|row| row.cells.is_empty() && row.average.is_none())
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn strangers_and_other_schools_get_the_answer_of_a_missing_journal() {
    let world = World::sqlite().await;
    let missing = pb::GetJournalPageRequest {
        school_id: school().to_string(),
        journal_id: zhurnal_proto::id::JournalId::from_uuid(uuid(9_999)).to_string(),
        ..Default::default()
    };
    let missing = world.deputy().get_journal_page(missing).await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    let refused = world
        .page(&mut world.staff(OTHER_TEACHER, &["TEACHER"]))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), refused.details()),
        (missing.code(), missing.details())
    );
    let mut foreign = staff(DEPUTY, &["DEPUTY"]);
    foreign.school = Some(SchoolId::from_uuid(uuid(2)));
    let refused = world
        .page(&mut world.client(&Caller::User(foreign)))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), refused.details()),
        (missing.code(), missing.details())
    );
}

#[tokio::test]
async fn days_of_a_page_are_checked() {
    let world = World::sqlite().await;
    let page = |from: &str, to: &str| pb::GetJournalPageRequest {
        school_id: school().to_string(),
        journal_id: world.maths.to_string(),
        from: from.into(),
        to: to.into(),
    };
    for (from, to) in [
        ("2026-09-02", "2026-09-01"),
        ("2026-09-01", "2026-12-30"),
        ("2026-9-1", ""),
    ] {
        let refused = world
            .teacher()
            .get_journal_page(page(from, to))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{from} {to}");
    }
    let one_day = world
        .teacher()
        .get_journal_page(page("2026-09-02", "2026-09-02"))
        .await
        .unwrap()
        .into_inner()
        .page
        .unwrap();
    assert_eq!(one_day.columns.len(), 1);
}

#[tokio::test]
async fn a_pupil_who_joined_later_has_a_row_from_that_day() {
    let world = World::sqlite().await;
    world
        .hear_roster(RosterChange::MembershipsChanged(
            zhurnal_proto::roster::v1::MembershipsChanged {
                memberships: vec![
                    membership(GROUP_5A, STRANGER, "2026-09-10", ""),
                    membership(GROUP_5A, 888, "2026-08-01", "2026-08-31"),
                ],
            },
        ))
        .await;
    let page = world.page(&mut world.teacher()).await.unwrap();
    assert_eq!(page.rows.len(), 31, "who left before the page has no row");
    let row = page
        .rows
        .iter()
        .find(|row| row.pupil_id == person(STRANGER).to_string())
        .unwrap();
    assert_eq!(
        (row.member_from.as_str(), row.member_to.as_str()),
        ("2026-09-10", "2026-10-23")
    );
}

#[tokio::test]
async fn a_journal_is_opened_once_and_told_again_when_it_changes() {
    let world = World::sqlite().await;
    world.hear_lessons(vec![a_lesson(LESSON)]).await;
    assert_eq!(world.announced().await, [], "nothing new");
    let physics = zhurnal_proto::schedule::v1::Lesson {
        subject_id: subject_id(59),
        subject_title: "Физика".into(),
        ..a_lesson(7_001)
    };
    world
        .hear_lessons(vec![
            physics.clone(),
            zhurnal_proto::schedule::v1::Lesson {
                lesson_id: lesson(7_002).to_string(),
                ..physics
            },
        ])
        .await;
    let announced = world.announced().await;
    let [Event::JournalOpened(opened)] = announced.as_slice() else {
        panic!("{announced:?}")
    };
    let journal = opened.journal.clone().unwrap();
    assert_eq!(
        (
            journal.subject_title.as_str(),
            journal.grade,
            journal.academic_year.as_str()
        ),
        ("Физика", 5, "2026/2027")
    );
    assert!(journal.teacher_names.is_empty());
    let renamed = zhurnal_proto::roster::v1::Group {
        group_id: group_id(GROUP_5A),
        school_id: school().to_string(),
        academic_year: "2026/2027".into(),
        title: "5-А (мат.)".into(),
        class_id: class_id(CLASS_5A),
        ..Default::default()
    };
    world
        .hear_roster(RosterChange::GroupsChanged(GroupsChanged {
            groups: vec![renamed],
            removed_ids: Vec::new(),
        }))
        .await;
    let announced = world.announced().await;
    assert_eq!(announced.len(), 3, "the three journals of the group");
    let told = announced.iter().all(|event| matches!(event, Event::JournalOpened(o) if o.journal.as_ref().unwrap().group_title == "5-А (мат.)"));
    assert!(told);
}
