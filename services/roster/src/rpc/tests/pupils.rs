//! GetPupil: the heads, the office, the class teacher, the own family, nobody else.

use chassis::caller::Caller;
use tonic::{Code, Status};
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::roster::v1 as pb;

use crate::testing::SmallSchool;
use crate::world::{World, family, other_school, region, staff, with_card};

async fn get(
    world: &World,
    caller: &Caller,
    pupil: PersonId,
) -> Result<pb::GetPupilResponse, Status> {
    let request = pb::GetPupilRequest {
        pupil_id: pupil.to_string(),
    };
    world
        .client(caller)
        .get_pupil(request)
        .await
        .map(tonic::Response::into_inner)
}

async fn world() -> (World, SchoolId) {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    (world, school)
}

#[tokio::test]
async fn staff_see_the_pupil_with_guardians_and_enrolments() {
    let (world, school) = world().await;
    let pyotr = world.card(school, "Кузнецов Пётр").await;
    let answer = get(&world, &staff(school, "SECRETARY"), pyotr)
        .await
        .unwrap();
    let pupil = answer.pupil.unwrap();
    assert_eq!(
        (pupil.class_title.as_str(), pupil.birth_date.as_str()),
        ("5-А", "2015-02-01")
    );
    let guardians: Vec<(String, &str, bool, pb::Informing)> = answer
        .guardian_links
        .iter()
        .map(|link| {
            (
                link.guardian_name.clone().unwrap().given_name,
                link.relation.as_str(),
                link.is_representative,
                link.informing(),
            )
        })
        .collect();
    assert_eq!(
        guardians,
        [
            ("Ольга".to_owned(), "мать", true, pb::Informing::Paper),
            ("Илья".to_owned(), "отец", true, pb::Informing::Electronic)
        ]
    );
    let enrolment = &answer.enrolments[0];
    assert_eq!(
        (enrolment.starts_on.as_str(), enrolment.ends_on.as_str()),
        ("2026-09-01", "")
    );
    assert!(enrolment.order_id.starts_with("ord_"));
    get(&world, &region("ADMINISTRATOR"), pyotr).await.unwrap();
}

#[tokio::test]
async fn of_the_teachers_the_class_teacher_alone_sees_the_pupil() {
    let (world, school) = world().await;
    let pyotr = world.card(school, "Кузнецов Пётр").await;
    for (name, sees) in [("Алиев Осман", true), ("Гончар Вера", false)] {
        let caller = with_card(staff(school, "TEACHER"), world.card(school, name).await);
        let answer = get(&world, &caller, pyotr).await;
        match answer {
            Ok(_) => assert!(sees, "{name}"),
            Err(refused) => assert_eq!((refused.code(), sees), (Code::NotFound, false), "{name}"),
        }
    }
}

#[tokio::test]
async fn a_family_sees_the_own_child_and_no_other() {
    let (world, school) = world().await;
    let (pyotr, maria) = (
        world.card(school, "Кузнецов Пётр").await,
        world.card(school, "Аблаева Мария").await,
    );
    let mother = world.card(school, "Кузнецова Ольга").await;
    get(&world, &family(&[mother]), pyotr).await.unwrap();
    get(&world, &family(&[pyotr]), pyotr).await.unwrap();

    let missing = get(
        &world,
        &family(&[mother]),
        "per_0192f0c10000700080000000000000ff".parse().unwrap(),
    )
    .await
    .unwrap_err();
    let teacher = world.card(school, "Алиев Осман").await;
    for (caller, pupil) in [
        (family(&[mother]), maria),
        (family(&[pyotr]), maria),
        (family(&[]), pyotr),
        (family(&[mother]), teacher),
        (family(&[mother]), mother),
    ] {
        let hidden = get(&world, &caller, pupil).await.unwrap_err();
        assert_eq!(hidden.code(), Code::NotFound);
        assert_eq!(
            (hidden.message(), hidden.details()),
            (missing.message(), missing.details())
        );
    }
}

#[tokio::test]
async fn a_relative_who_is_no_representative_sees_nothing() {
    let (world, school) = world().await;
    let amet = world.card(school, "Меметов Амет").await;
    let grandmother = world.card(school, "Меметова Диляра").await;
    assert_eq!(
        get(&world, &family(&[grandmother]), amet)
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
}

#[tokio::test]
async fn a_guardian_whose_custody_ended_sees_nothing_from_the_next_day() {
    let (world, school) = world().await;
    let pyotr = world.card(school, "Кузнецов Пётр").await;
    let father = world.card(school, "Кузнецов Илья").await;
    let id = father.uuid().simple();
    world
        .execute(&format!(
            "UPDATE guardian_link SET ends_on = '2026-09-01' WHERE guardian_id = x'{id}'"
        ))
        .await;
    get(&world, &family(&[father]), pyotr).await.unwrap();
    // 2 September begins in Simferopol at nine in the evening UTC.
    world
        .harness
        .clock()
        .set("2026-09-01T20:59:00Z".parse().unwrap());
    get(&world, &family(&[father]), pyotr).await.unwrap();
    world
        .harness
        .clock()
        .set("2026-09-01T21:00:00Z".parse().unwrap());
    assert_eq!(
        get(&world, &family(&[father]), pyotr)
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
}

#[tokio::test]
async fn staff_of_another_school_and_the_ministry_do_not_find_the_pupil() {
    let (world, school) = world().await;
    let pyotr = world.card(school, "Кузнецов Пётр").await;
    let other = get(&world, &staff(other_school(), "DIRECTOR"), pyotr)
        .await
        .unwrap_err();
    assert_eq!(other.code(), Code::NotFound);
    let ministry = get(&world, &region("MINISTRY_OFFICER"), pyotr)
        .await
        .unwrap_err();
    assert!(
        matches!(ministry.code(), Code::NotFound | Code::PermissionDenied),
        "{ministry:?}"
    );
}

#[tokio::test]
async fn a_card_that_is_no_pupil_is_not_found() {
    let (world, school) = world().await;
    let teacher = world.card(school, "Алиев Осман").await;
    assert_eq!(
        get(&world, &staff(school, "DIRECTOR"), teacher)
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
}

#[tokio::test]
async fn looks_at_cards_and_lists_are_noted_for_the_staff_alone() {
    use zhurnal_proto::identity::v1::{LookNote, LookPurpose, LookRecord, LookSubject};

    let (world, school) = world().await;
    let pyotr = world.card(school, "Кузнецов Пётр").await;
    let noted = || world.harness.cx().looks.noted();
    let answer = get(&world, &staff(school, "SECRETARY"), pyotr).await;
    let guardian = answer.unwrap().guardian_links[1].guardian_id.clone();
    let parent = family(&[guardian.parse().unwrap()]);
    get(&world, &parent, pyotr).await.unwrap();
    let stranger = staff(other_school(), "DIRECTOR");
    assert!(get(&world, &stranger, pyotr).await.is_err());
    let list = pb::ListPupilsRequest {
        school_id: school.to_string(),
        ..Default::default()
    };
    let mut teacher = world.client(&staff(school, "TEACHER"));
    teacher.list_pupils(list).await.unwrap();
    let short = |look: &LookNote| (look.record(), look.purpose(), look.subject());
    let seen: Vec<_> = noted().iter().map(short).collect();
    assert_eq!(
        seen,
        [
            (LookRecord::Card, LookPurpose::Office, LookSubject::Pupil),
            (
                LookRecord::PupilList,
                LookPurpose::School,
                LookSubject::School
            ),
        ]
    );
    assert_eq!(noted()[0].subject_id, pyotr.to_string());
}
