//! Correction requests: ask, list, approve, refuse, history.

use tonic::{Code, Status};
use zhurnal_proto::{
    grading::v1::{self as pb, CorrectionState, LedgerSubject, grading_event::Change as Event},
    roster::v1::{SupervisionsChanged, roster_event::Change as RosterChange},
};

use crate::testing::*;

/// A mark of 4 was set on the day; it is the next day now.
async fn next_day() -> World {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "4")]).await;
    world.harness.clock().set(at("2026-09-02T06:00:00Z"));
    world.harness.ignore_announced().await;
    world
}

fn ask(world: &World, operation: pb::MarkOperation) -> pb::RequestCorrectionRequest {
    pb::RequestCorrectionRequest {
        school_id: school().to_string(),
        lesson_id: operation.lesson_id.clone(),
        operation: Some(operation),
        reason: "ошибка при вводе".into(),
        request_id: world.request_id(),
    }
}

async fn asked(
    world: &World,
    operation: pb::MarkOperation,
) -> Result<pb::CorrectionRequest, Status> {
    let answer = world
        .teacher()
        .request_correction(ask(world, operation))
        .await?;
    Ok(answer.into_inner().correction_request.unwrap())
}

fn approve(world: &World, id: &str) -> pb::ApproveCorrectionRequest {
    pb::ApproveCorrectionRequest {
        school_id: school().to_string(),
        correction_request_id: id.into(),
        note: "согласовано".into(),
        request_id: world.request_id(),
    }
}

fn refuse(world: &World, id: &str) -> pb::RefuseCorrectionRequest {
    pb::RefuseCorrectionRequest {
        school_id: school().to_string(),
        correction_request_id: id.into(),
        note: "нет оснований".into(),
        request_id: world.request_id(),
    }
}

async fn list(client: &mut Client, state: CorrectionState) -> Vec<pb::CorrectionRequest> {
    let request = pb::ListCorrectionRequestsRequest {
        school_id: school().to_string(),
        state: state.into(),
        ..Default::default()
    };
    client
        .list_correction_requests(request)
        .await
        .unwrap()
        .into_inner()
        .correction_requests
}

#[tokio::test]
async fn an_approved_request_changes_the_mark_and_stays_in_the_history() {
    let world = next_day().await;
    let request = asked(&world, seen(1, mark(PUPIL, "5"))).await.unwrap();
    assert_eq!(
        (request.old_value.as_str(), request.new_value.as_str()),
        ("4", "5")
    );
    assert_eq!(
        (request.state(), request.can_decide),
        (CorrectionState::Pending, false)
    );
    assert_eq!(request.pupil_name.as_ref().unwrap().surname, "Ученик30");
    let announced = world.announced().await;
    assert!(matches!(announced.as_slice(), [Event::CorrectionChanged(c)] if c.pending));
    let page = world.page(&mut world.teacher()).await.unwrap();
    let cells: Vec<_> = page.rows.iter().flat_map(|row| &row.cells).collect();
    assert!(matches!(cells.as_slice(), [cell] if cell.correction_pending));

    let waiting = list(&mut world.deputy(), CorrectionState::Pending).await;
    assert!(matches!(waiting.as_slice(), [one] if one.can_decide));
    let id = request.correction_request_id;
    let decided = world
        .deputy()
        .approve_correction(approve(&world, &id))
        .await
        .unwrap()
        .into_inner()
        .correction_request
        .unwrap();
    assert_eq!(
        (decided.state(), decided.note.as_str()),
        (CorrectionState::Approved, "согласовано")
    );
    assert_eq!(decided.decided_by_name.unwrap().surname, "Завучева");
    let announced = world.announced().await;
    let [
        Event::CellsChanged(changed),
        Event::CorrectionChanged(correction),
    ] = announced.as_slice()
    else {
        panic!("{announced:?}")
    };
    assert!(changed.cells[0].corrected && correction.approved && !correction.pending);
    assert_eq!(changed.cells[0].cell.as_ref().unwrap().marks[0].value, "5");
    let page = world.page(&mut world.teacher()).await.unwrap();
    let cells: Vec<_> = page.rows.iter().flat_map(|row| &row.cells).collect();
    assert!(
        matches!(cells.as_slice(), [cell] if !cell.correction_pending && cell.marks[0].value == "5")
    );

    let history = history(&world).await;
    let told: Vec<_> = history
        .entries
        .iter()
        .map(|e| (e.subject(), e.new_value.as_str()))
        .collect();
    assert_eq!(told[0], (LedgerSubject::Mark, "4"));
    assert_eq!(told[1].0, LedgerSubject::Correction);
    assert!(
        told.contains(&(LedgerSubject::Mark, "5"))
            && told.contains(&(LedgerSubject::Correction, "APPROVED"))
    );
    let applied = history.entries.iter().find(|e| e.new_value == "5").unwrap();
    assert_eq!(
        (
            applied.correction_request_id.as_str(),
            applied.author_id.as_str()
        ),
        (id.as_str(), person(TEACHER).to_string().as_str())
    );
    assert_eq!(applied.author_name.as_ref().unwrap().surname, "Учителева");
    assert_eq!(history.correction_requests.len(), 1);
    assert!(history.entries.iter().all(|entry| entry.sequence == -1));

    world.grading.checkpoint_now().await.unwrap();
    world.harness.ignore_announced().await;
    let mut numbers: Vec<_> = self::history(&world)
        .await
        .entries
        .iter()
        .map(|e| e.sequence)
        .collect();
    numbers.sort_unstable();
    assert_eq!(
        numbers,
        [0, 0, 1, 2],
        "one entry of the first day, three of the second"
    );
}

async fn history(world: &World) -> pb::GetCellHistoryResponse {
    let request = pb::GetCellHistoryRequest {
        school_id: school().to_string(),
        lesson_id: lesson(LESSON).to_string(),
        pupil_id: person(PUPIL).to_string(),
    };
    world
        .deputy()
        .get_cell_history(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn a_refused_request_leaves_the_cell_alone() {
    let world = next_day().await;
    let id = asked(&world, seen(1, mark(PUPIL, "5")))
        .await
        .unwrap()
        .correction_request_id;
    let decided = world
        .deputy()
        .refuse_correction(refuse(&world, &id))
        .await
        .unwrap()
        .into_inner()
        .correction_request
        .unwrap();
    assert_eq!(
        (decided.state(), decided.note.as_str()),
        (CorrectionState::Refused, "нет оснований")
    );
    let page = world.page(&mut world.teacher()).await.unwrap();
    assert_eq!(
        page.rows
            .iter()
            .flat_map(|row| &row.cells)
            .next()
            .unwrap()
            .marks[0]
            .value,
        "4"
    );
    let again = world
        .deputy()
        .approve_correction(approve(&world, &id))
        .await
        .unwrap_err();
    assert_eq!(chassis::status::reason(&again), "CORRECTION_DECIDED");
    let again = world
        .deputy()
        .refuse_correction(refuse(&world, &id))
        .await
        .unwrap_err();
    assert_eq!(chassis::status::reason(&again), "CORRECTION_DECIDED");
    assert!(
        asked(&world, seen(1, mark(PUPIL, "5"))).await.is_ok(),
        "after a refusal one may ask again"
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_request_is_refused_when_it_is_not_needed_or_not_sensible() {
    let world = next_day().await;
    let reason = |status: Status| chassis::status::reason(&status);
    assert_eq!(
        reason(asked(&world, mark(PUPIL + 1, "5")).await.unwrap_err()),
        "CORRECTION_NOT_NEEDED"
    );
    assert_eq!(
        reason(asked(&world, seen(1, mark(PUPIL, "4"))).await.unwrap_err()),
        "CORRECTION_NOT_NEEDED"
    );
    assert_eq!(
        reason(asked(&world, seen(3, mark(PUPIL, "5"))).await.unwrap_err()),
        "CONFLICT"
    );
    assert_eq!(
        reason(asked(&world, seen(1, mark(PUPIL, "9"))).await.unwrap_err()),
        "MARK_VALUE_INVALID"
    );
    assert_eq!(
        reason(asked(&world, mark(STRANGER, "5")).await.unwrap_err()),
        "PUPIL_NOT_IN_GROUP"
    );
    assert_eq!(
        reason(
            asked(&world, at_lesson(SUBSTITUTED, mark(PUPIL, "5")))
                .await
                .unwrap_err()
        ),
        "LESSON_NOT_OWN"
    );
    asked(&world, seen(1, mark(PUPIL, "5"))).await.unwrap();
    assert_eq!(
        reason(asked(&world, seen(1, mark(PUPIL, "3"))).await.unwrap_err()),
        "CORRECTION_PENDING"
    );
    let mut elsewhere = ask(&world, seen(1, mark(PUPIL, "5")));
    elsewhere.lesson_id = lesson(TOMORROW).to_string();
    assert_eq!(
        world
            .teacher()
            .request_correction(elsewhere)
            .await
            .unwrap_err()
            .code(),
        Code::InvalidArgument
    );
    for mut stranger in [world.staff(OTHER_TEACHER, &["TEACHER"]), world.deputy()] {
        let refused = stranger
            .request_correction(ask(&world, seen(1, clear(PUPIL))))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
    }
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_change_since_the_request_makes_it_outdated() {
    let world = next_day().await;
    let late = asked(&world, seen(1, mark(PUPIL, "5")))
        .await
        .unwrap()
        .correction_request_id;
    // Somebody changes the mark in between: within the minute after a late entry that is free.
    world.sql("UPDATE cell SET revision = revision + 1, marks = replace(marks, '\"revision\":1', '\"revision\":2')", []).await;
    let outdated = world
        .deputy()
        .approve_correction(approve(&world, &late))
        .await
        .unwrap_err();
    assert_eq!(chassis::status::reason(&outdated), "CORRECTION_OUTDATED");
    let still = list(&mut world.deputy(), CorrectionState::Pending).await;
    assert_eq!(still.len(), 1, "the deputy refuses it in writing");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn the_supervisor_decides_else_the_director_and_never_the_author() {
    let world = next_day().await;
    let id = asked(&world, seen(1, mark(PUPIL, "5")))
        .await
        .unwrap()
        .correction_request_id;
    for mut stranger in [
        world.director(),
        world.teacher(),
        world.staff(OTHER_TEACHER, &["DEPUTY"]),
        world.staff(ADMINISTRATOR, &["ADMINISTRATOR"]),
    ] {
        let refused = stranger
            .approve_correction(approve(&world, &id))
            .await
            .unwrap_err();
        assert!(
            matches!(refused.code(), Code::NotFound | Code::PermissionDenied),
            "{refused:?}"
        );
    }
    assert_eq!(
        list(&mut world.director(), CorrectionState::Pending).await,
        []
    );

    // The supervision ends: the director decides.
    let ended = supervision(DEPUTY, 5, 9, "2026-09-01");
    world
        .hear_roster(RosterChange::SupervisionsChanged(SupervisionsChanged {
            supervisions: vec![ended],
        }))
        .await;
    let refused = world
        .deputy()
        .approve_correction(approve(&world, &id))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert!(list(&mut world.director(), CorrectionState::Pending).await[0].can_decide);
    assert_eq!(
        list(&mut world.deputy(), CorrectionState::Pending).await,
        []
    );
    world
        .director()
        .approve_correction(approve(&world, &id))
        .await
        .unwrap();

    // The author supervises the grade: not the author, but the director.
    let own = supervision(TEACHER, 5, 5, "");
    world
        .hear_roster(RosterChange::SupervisionsChanged(SupervisionsChanged {
            supervisions: vec![own],
        }))
        .await;
    let id = asked(&world, seen(2, mark(PUPIL, "3")))
        .await
        .unwrap()
        .correction_request_id;
    let mine = world
        .staff(TEACHER, &["DEPUTY"])
        .approve_correction(approve(&world, &id))
        .await
        .unwrap_err();
    assert_eq!(mine.code(), Code::NotFound);
    assert!(!list(&mut world.teacher(), CorrectionState::Pending).await[0].can_decide);
    world
        .director()
        .refuse_correction(refuse(&world, &id))
        .await
        .unwrap();
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_repeated_request_and_a_repeated_decision_have_one_effect() {
    let world = next_day().await;
    let request = ask(&world, seen(1, mark(PUPIL, "5")));
    let first = world
        .teacher()
        .request_correction(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = world
        .teacher()
        .request_correction(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    let decision = approve(
        &world,
        &first.correction_request.unwrap().correction_request_id,
    );
    let one = world
        .deputy()
        .approve_correction(decision.clone())
        .await
        .unwrap()
        .into_inner();
    let two = world
        .deputy()
        .approve_correction(decision)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(one, two);
    assert_eq!(world.announced().await.len(), 3);
}

#[tokio::test]
async fn the_list_is_read_in_pages_newest_first() {
    let world = World::sqlite().await;
    world
        .record((0..5).map(|n| mark(PUPIL + n, "4")).collect())
        .await;
    world.harness.clock().set(at("2026-09-02T06:00:00Z"));
    for n in 0..5 {
        world
            .harness
            .clock()
            .advance(jiff::SignedDuration::from_secs(1));
        asked(&world, seen(1, mark(PUPIL + n, "5"))).await.unwrap();
    }
    let mut pupils = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = pb::ListCorrectionRequestsRequest {
            school_id: school().to_string(),
            page_size: 2,
            page_token,
            ..Default::default()
        };
        let page = world
            .deputy()
            .list_correction_requests(request)
            .await
            .unwrap()
            .into_inner();
        pupils.extend(
            page.correction_requests
                .into_iter()
                .map(|request| request.pupil_id),
        );
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(
        pupils,
        (0..5)
            .rev()
            .map(|n| person(PUPIL + n).to_string())
            .collect::<Vec<_>>()
    );
    assert_eq!(
        list(
            &mut world.staff(OTHER_TEACHER, &["TEACHER"]),
            CorrectionState::Unspecified
        )
        .await,
        []
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn the_history_is_for_those_who_may_read_the_journal() {
    let world = next_day().await;
    let request = || pb::GetCellHistoryRequest {
        school_id: school().to_string(),
        lesson_id: lesson(LESSON).to_string(),
        pupil_id: person(PUPIL).to_string(),
    };
    for mut reader in [
        world.teacher(),
        world.deputy(),
        world.director(),
        world.staff(CLASS_TEACHER, &["TEACHER"]),
    ] {
        assert_eq!(
            reader
                .get_cell_history(request())
                .await
                .unwrap()
                .into_inner()
                .entries
                .len(),
            1
        );
    }
    let refused = world
        .staff(OTHER_TEACHER, &["TEACHER"])
        .get_cell_history(request())
        .await
        .unwrap_err();
    let missing = pb::GetCellHistoryRequest {
        lesson_id: lesson(9_999).to_string(),
        ..request()
    };
    let missing = world
        .staff(OTHER_TEACHER, &["TEACHER"])
        .get_cell_history(missing)
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), refused.details()),
        (missing.code(), missing.details())
    );
}
