//! Reading the school year.

use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::school_years::{off, save_request};
use crate::testing::{World, text};

fn request(year: &str) -> pb::GetSchoolYearRequest {
    pb::GetSchoolYearRequest {
        school_id: text::<SchoolId>("school"),
        academic_year: year.into(),
    }
}

#[tokio::test]
async fn staff_read_the_year_with_what_the_region_names() {
    let world = World::with_a_plan().await;
    let mut teacher = world.staff("school", &["TEACHER"]);
    let year = teacher.get_school_year(request("2026/2027")).await.unwrap();
    let year = year.into_inner().school_year.unwrap();
    let calendar = year.calendar.unwrap();
    assert_eq!((calendar.periods.len(), calendar.days_off.len()), (6, 19));
    assert!(year.study_document.is_none());
    let regional = year.regional.unwrap();
    assert_eq!((regional.version, year.regional_version), (1, 1));
    assert_eq!(regional.days_off.len(), 19);
    assert!(regional.days_off.iter().all(|day| day.regional));
    // It is 1 September.
    assert_eq!(year.changes_from, "2026-09-02");
    let grades: Vec<u32> = year.grades.iter().map(|one| one.grade).collect();
    assert_eq!(grades, [5, 10]);
    assert_eq!(year.grades[0].school_days, year.grades[1].school_days);

    let answer = teacher.get_school_year(request("2027/2028")).await;
    assert_eq!(answer.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn days_of_the_region_are_told_from_the_schools_own() {
    let world = World::with_a_plan().await;
    let saved = world
        .change_year(1, |year| {
            year.days_off.retain(|one| one.date != "2026-11-04");
            year.days_off.push(off("2026-11-16"));
        })
        .await;
    let saved = saved.school_year.unwrap();
    let own = |year: &pb::SchoolYear| -> Vec<String> {
        let days = year.calendar.as_ref().unwrap().days_off.iter();
        let own = days.filter(|day| !day.regional);
        own.map(|day| day.date.clone()).collect()
    };
    let was = own(&world.school_year().await);
    assert!(was.contains(&"2026-11-16".to_owned()) && !was.contains(&"2027-03-18".to_owned()));
    // The region's list offers the day that the school has left out, to take it over again.
    let offered = saved.regional.clone().unwrap().days_off;
    let day = offered
        .into_iter()
        .find(|day| day.date == "2026-11-04")
        .unwrap();
    let mut request = save_request(&saved, 2);
    request.days_off.push(day);
    let saved = world.save_year(request).await.unwrap().into_inner();
    assert_eq!(own(&saved.school_year.unwrap()), was);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn another_school_is_closed() {
    let world = World::with_a_plan().await;
    let answer = world
        .staff("other", &["DEPUTY"])
        .get_school_year(request(""))
        .await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
}
