//! ListSchools, GetSchool.

use chassis::caller::Caller;
use tonic::Code;
use zhurnal_proto::roster::v1 as pb;

use crate::domain::school_import::SheetKind;
use crate::testing::SmallSchool;
use crate::world::{World, family, machine, other_school, region, staff};

fn titled(title: &str) -> SmallSchool {
    let mut school = SmallSchool::new();
    school.set(SheetKind::School, "B", 2, title);
    school
}

async fn titles(world: &World, caller: &Caller, page_size: i32) -> Vec<String> {
    let mut request = pb::ListSchoolsRequest {
        page_size,
        ..Default::default()
    };
    let mut titles = Vec::new();
    loop {
        let page = world
            .client(caller)
            .list_schools(request.clone())
            .await
            .unwrap()
            .into_inner();
        titles.extend(page.schools.into_iter().map(|school| school.title));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            return titles;
        }
    }
}

#[tokio::test]
async fn everybody_sees_the_schools_of_the_own_reach_by_title() {
    let world = World::sqlite().await;
    let second = world.with_school(&titled("Школа № 2")).await;
    let tenth = world.with_school(&titled("Школа № 10")).await;
    let lyceum = world.with_school(&titled("«Ёлочка», лицей")).await;
    let all = ["«Ёлочка», лицей", "Школа № 2", "Школа № 10"];
    assert_eq!(titles(&world, &region("ADMINISTRATOR"), 0).await, all);
    assert_eq!(titles(&world, &region("MINISTRY_OFFICER"), 1).await, all);
    assert_eq!(
        titles(&world, &staff(tenth, "TEACHER"), 0).await,
        ["Школа № 10"]
    );
    assert_eq!(
        titles(&world, &machine(&["roster.read"], &[]), 2).await,
        all
    );
    assert_eq!(
        titles(&world, &machine(&["roster.read"], &[second, lyceum]), 1).await,
        ["«Ёлочка», лицей", "Школа № 2"]
    );
}

#[tokio::test]
async fn families_and_machines_without_the_scope_list_no_schools() {
    let world = World::sqlite().await;
    for caller in [family(&[]), machine(&["grading.read"], &[])] {
        let refused = world
            .client(&caller)
            .list_schools(pb::ListSchoolsRequest::default())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{caller:?}");
    }
    let nobody = world
        .client(&Caller::Anonymous)
        .list_schools(pb::ListSchoolsRequest::default())
        .await
        .unwrap_err();
    assert_eq!(nobody.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_school_is_shown_to_its_staff_and_hidden_from_others() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    let get = pb::GetSchoolRequest {
        school_id: school.to_string(),
    };
    let shown = world
        .client(&staff(school, "TEACHER"))
        .get_school(get.clone())
        .await
        .unwrap()
        .into_inner()
        .school
        .unwrap();
    assert_eq!(
        (
            shown.title.as_str(),
            shown.municipality.as_str(),
            shown.academic_year.as_str(),
            shown.study_week_days
        ),
        ("МБОУ «Школа № 1»", "Белогорский район", "2026/2027", 5)
    );
    assert_eq!(
        (shown.time_zone.as_str(), shown.etag.as_str()),
        ("Europe/Simferopol", "v2")
    );
    // No service asks: each has its copy.
    let mut service = world.client(&Caller::service("grading"));
    let refused = service.get_school(get.clone()).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);

    let mut other = world.client(&staff(other_school(), "DIRECTOR"));
    let foreign = other.get_school(get).await.unwrap_err();
    let missing = other
        .get_school(pb::GetSchoolRequest {
            school_id: "sch_0192f0c10000700080000000000000ff".into(),
        })
        .await;
    assert_eq!(
        (foreign.code(), foreign.details()),
        (Code::PermissionDenied, missing.unwrap_err().details())
    );
    let unknown = pb::GetSchoolRequest {
        school_id: other_school().to_string(),
    };
    assert_eq!(
        world.admin().get_school(unknown).await.unwrap_err().code(),
        Code::NotFound
    );
}

#[tokio::test]
async fn an_id_of_another_kind_is_refused_by_its_field() {
    let world = World::sqlite().await;
    let wrong = pb::GetSchoolRequest {
        school_id: "per_0192f0c10000700080000000000000ff".into(),
    };
    let refused = world.admin().get_school(wrong).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let fields = chassis::status::violations(&refused);
    assert_eq!(
        (fields[0].field.as_str(), fields[0].reason.as_str()),
        ("schoolId", "INVALID_ID")
    );
}
