//! Loads of a school: all, of a teacher, of a group, page by page.

use tonic::Code;
use zhurnal_proto::id::{GroupId, PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, id, refused, text, violations};

fn request() -> pb::ListTeachingLoadsRequest {
    pb::ListTeachingLoadsRequest {
        school_id: text::<SchoolId>("school"),
        ..Default::default()
    }
}

async fn listed(world: &World, request: pb::ListTeachingLoadsRequest) -> Vec<(String, u32)> {
    let answer = world
        .staff("school", &["TEACHER"])
        .list_teaching_loads(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(answer.next_page_token, "");
    answer
        .teaching_loads
        .into_iter()
        .map(|load| (load.subject_title, load.weekly_hours_hundredths))
        .collect()
}

#[tokio::test]
async fn loads_are_listed_whole_by_teacher_and_by_group() {
    let world = World::with_a_plan().await;
    let load = |subject: &str, hours: u32| (subject.to_owned(), hours * 100);
    assert_eq!(
        listed(&world, request()).await,
        [
            load("Математика", 2),
            load("Русский язык", 1),
            load("Английский язык", 1),
            load("Алгебра", 1)
        ]
    );
    let teacher_id = text::<PersonId>("Иванова");
    assert_eq!(
        listed(
            &world,
            pb::ListTeachingLoadsRequest {
                teacher_id: teacher_id.clone(),
                ..request()
            }
        )
        .await,
        [load("Математика", 2), load("Алгебра", 1)]
    );
    let group_id = text::<GroupId>("10-А");
    assert_eq!(
        listed(
            &world,
            pb::ListTeachingLoadsRequest {
                teacher_id,
                group_id,
                ..request()
            }
        )
        .await,
        [load("Алгебра", 1)]
    );
}

#[tokio::test]
async fn a_load_is_told_whole() {
    let world = World::with_a_plan().await;
    let group_id = text::<GroupId>("10-А");
    let wanted = pb::ListTeachingLoadsRequest {
        group_id: group_id.clone(),
        ..request()
    };
    let load = world
        .deputy()
        .list_teaching_loads(wanted)
        .await
        .unwrap()
        .into_inner()
        .teaching_loads
        .remove(0);
    assert!(load.teaching_load_id.starts_with("tld_") && load.subject_id.starts_with("sub_"));
    let expected = pb::TeachingLoad {
        teaching_load_id: load.teaching_load_id.clone(),
        school_id: text::<SchoolId>("school"),
        academic_year: "2026/2027".into(),
        group_id,
        subject_id: load.subject_id.clone(),
        subject_title: "Алгебра".into(),
        teacher_id: text::<PersonId>("Иванова"),
        weekly_hours_hundredths: 100,
        starts_on: "2026-09-01".into(),
        ends_on: String::new(),
    };
    assert_eq!(load, expected);
}

#[tokio::test]
async fn pages_hold_every_load_once() {
    let world = World::with_a_plan().await;
    let mut seen = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = pb::ListTeachingLoadsRequest {
            page_size: 3,
            page_token,
            ..request()
        };
        let answer = world
            .deputy()
            .list_teaching_loads(page)
            .await
            .unwrap()
            .into_inner();
        seen.extend(
            answer
                .teaching_loads
                .into_iter()
                .map(|load| load.teaching_load_id),
        );
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let whole = world
        .deputy()
        .list_teaching_loads(request())
        .await
        .unwrap()
        .into_inner()
        .teaching_loads;
    assert_eq!(
        seen,
        whole
            .into_iter()
            .map(|load| load.teaching_load_id)
            .collect::<Vec<_>>()
    );
    assert_eq!(seen.len(), 4);
}

#[tokio::test]
async fn a_page_token_of_another_filter_is_refused() {
    let world = World::with_a_plan().await;
    let page = pb::ListTeachingLoadsRequest {
        page_size: 1,
        ..request()
    };
    let token = world
        .deputy()
        .list_teaching_loads(page)
        .await
        .unwrap()
        .into_inner()
        .next_page_token;
    let teacher_id = text::<PersonId>("Иванова");
    let other = pb::ListTeachingLoadsRequest {
        page_token: token,
        teacher_id,
        ..request()
    };
    let found = violations(world.deputy().list_teaching_loads(other).await);
    assert_eq!(found[0].1, "PAGE_TOKEN");
}

#[tokio::test]
async fn loads_of_another_school_are_refused_and_a_school_without_a_plan_has_none() {
    let world = World::with_a_plan().await;
    let abroad = world
        .staff("other school", &["DEPUTY"])
        .list_teaching_loads(request())
        .await;
    assert_eq!(refused(abroad).0, Code::PermissionDenied);
    let own = pb::ListTeachingLoadsRequest {
        school_id: text::<SchoolId>("other school"),
        ..Default::default()
    };
    let answer = world
        .staff("other school", &["DEPUTY"])
        .list_teaching_loads(own)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(answer, pb::ListTeachingLoadsResponse::default());
}

#[tokio::test]
async fn a_client_needs_the_scope_and_the_school() {
    let world = World::with_a_plan().await;
    let with = |scopes: &[&str], school: &str| world.client(scopes, &[id(school)]);
    assert!(
        with(&["schedule.read"], "school")
            .list_teaching_loads(request())
            .await
            .is_ok()
    );
    for mut client in [
        with(&["roster.read"], "school"),
        with(&["schedule.read"], "other school"),
    ] {
        assert_eq!(
            refused(client.list_teaching_loads(request()).await).0,
            Code::PermissionDenied
        );
    }
}
