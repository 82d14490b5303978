//! What the staff looks at goes to the access log without a statement; what a family looks
//! at does not.

use zhurnal_proto::{
    grading::v1 as pb,
    identity::v1::{LookNote, LookPurpose, LookRecord, LookSubject},
};

use crate::testing::*;

async fn diary(mut client: Client) {
    let request = pb::GetDiaryWeekRequest {
        pupil_id: person(PUPIL).to_string(),
        date: "2026-09-01".into(),
    };
    client.get_diary_week(request).await.unwrap();
}

async fn marks(mut client: Client) {
    let request = pb::ListPupilMarksRequest {
        pupil_id: person(PUPIL).to_string(),
        ..Default::default()
    };
    client.list_pupil_marks(request).await.unwrap();
}

async fn history(mut client: Client) {
    let request = pb::GetCellHistoryRequest {
        school_id: school().to_string(),
        lesson_id: lesson(LESSON).to_string(),
        pupil_id: person(PUPIL).to_string(),
    };
    client.get_cell_history(request).await.unwrap();
}

fn noted(world: &World) -> Vec<LookNote> {
    world.harness.cx().looks.noted()
}

fn short(look: &LookNote) -> (LookRecord, LookPurpose, LookSubject, &str) {
    let subject = look.subject_id.as_str();
    (look.record(), look.purpose(), look.subject(), subject)
}

#[tokio::test]
async fn each_look_is_noted_with_what_and_what_for() {
    let world = World::sqlite().await;
    world.page(&mut world.teacher()).await.unwrap();
    history(world.deputy()).await;
    diary(world.director()).await;
    marks(world.deputy()).await;
    let (looks, pupil, class) = (noted(&world), person(PUPIL).to_string(), class_id(CLASS_5A));
    let seen: Vec<_> = looks.iter().map(short).collect();
    let of_pupil = LookSubject::Pupil;
    assert_eq!(
        seen,
        [
            (
                LookRecord::Journal,
                LookPurpose::Teaching,
                LookSubject::Class,
                class.as_str()
            ),
            (
                LookRecord::MarkHistory,
                LookPurpose::Control,
                of_pupil,
                pupil.as_str()
            ),
            (
                LookRecord::Diary,
                LookPurpose::Control,
                of_pupil,
                pupil.as_str()
            ),
            (
                LookRecord::Marks,
                LookPurpose::Control,
                of_pupil,
                pupil.as_str()
            ),
        ]
    );
    assert_eq!(looks[0].person_id, person(TEACHER).to_string());
    assert_eq!(looks[0].school_id, school().to_string());
    world.page(&mut world.teacher()).await.unwrap();
    assert_eq!(noted(&world).len(), 4, "the same look again is the same");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_family_and_a_refused_caller_leave_nothing() {
    let world = World::sqlite().await;
    diary(world.family(&[MOTHER])).await;
    marks(world.family(&[MOTHER])).await;
    let mut stranger = world.staff(OTHER_TEACHER, &["TEACHER"]);
    let request = pb::GetDiaryWeekRequest {
        pupil_id: person(PUPIL).to_string(),
        date: "2026-09-01".into(),
    };
    assert!(stranger.get_diary_week(request).await.is_err());
    assert_eq!(noted(&world), []);
    world.harness.ignore_announced().await;
}
