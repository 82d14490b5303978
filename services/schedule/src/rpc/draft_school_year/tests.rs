//! The next year as it is drafted.

use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::new_year::{NEXT, open_request};
use crate::testing::school_years::short;
use crate::testing::{World, refused, text};

fn request() -> pb::DraftSchoolYearRequest {
    pb::DraftSchoolYearRequest {
        school_id: text::<SchoolId>("school"),
    }
}

#[tokio::test]
async fn the_next_year_is_made_of_the_present_one_and_the_regions_days() {
    let world = World::empty().await.rolled_over().await;
    world
        .change_year(1, |year| year.shortened_days.push(short("2027-05-07")))
        .await;
    world.harness.ignore_announced().await;
    let draft = world.year_draft().await;
    assert_eq!(
        (
            draft.academic_year.as_str(),
            draft.source_academic_year.as_str(),
            draft.study_week_days
        ),
        (NEXT, "2026/2027", 5)
    );
    let periods: Vec<(&str, &str)> = draft
        .periods
        .iter()
        .map(|one| (one.starts_on.as_str(), one.ends_on.as_str()))
        .collect();
    assert_eq!(
        periods,
        [
            ("2027-09-01", "2027-10-22"),
            ("2027-11-01", "2027-12-29"),
            ("2028-01-10", "2028-03-17"),
            ("2028-03-27", "2028-05-26"),
            ("2027-09-01", "2027-12-29"),
            ("2028-01-10", "2028-05-26"),
        ]
    );
    let regional = draft.regional.clone().unwrap();
    assert_eq!(regional.version, 1);
    // Only the region's: of its own the school has none.
    assert_eq!(draft.days_off, regional.days_off);
    // 7 May 2028 is a Sunday.
    assert_eq!((draft.shortened_days.len(), draft.bells.len()), (0, 4));
    let grades: Vec<u32> = draft.grades.iter().map(|one| one.grade).collect();
    assert_eq!(grades, [6, 11]);
    assert!(draft.grades.iter().all(|one| one.school_days > 150));
    assert_eq!(draft.gaps, [0; 0]);
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let world = World::with_a_plan().await;
    let draft = world.year_draft().await;
    assert_eq!(draft.gaps, [i32::from(pb::SchoolYearGap::Classes)]);
    world.open_year(open_request(&draft, 1)).await.unwrap();
    world.harness.ignore_announced().await;
    // The region has no calendar of the year after.
    let draft = world.year_draft().await;
    assert_eq!(
        (
            draft.academic_year.as_str(),
            draft.regional,
            draft.days_off.len()
        ),
        ("2028/2029", None, 0)
    );
    let gaps = [
        pb::SchoolYearGap::RegionalCalendar,
        pb::SchoolYearGap::Classes,
    ]
    .map(i32::from);
    assert_eq!(draft.gaps, gaps);
}

#[tokio::test]
async fn only_the_office_of_a_school_with_a_year_sees_it() {
    let world = World::with_a_plan().await;
    for (school, role) in [
        ("school", "TEACHER"),
        ("school", "DIRECTOR"),
        ("other", "DEPUTY"),
    ] {
        let answer = world
            .staff(school, &[role])
            .draft_school_year(request())
            .await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{role} of {school}"
        );
    }
    let empty = World::empty().await;
    let answer = empty.deputy().draft_school_year(request()).await;
    let expected = (Code::FailedPrecondition, "SCHOOL_YEAR_MISSING".to_owned());
    assert_eq!(refused(answer), expected);
}
