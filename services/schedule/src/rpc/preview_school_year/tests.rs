//! What a changed calendar would do.

use tonic::Code;

use crate::testing::World;
use crate::testing::school_years::{counts, off, preview_of, save_request, short};

#[tokio::test]
async fn a_preview_says_what_saving_does_and_saves_nothing() {
    let world = World::with_a_plan().await;
    let before = world.school_year().await;
    let mut request = save_request(&before, 1);
    request.days_off.push(off("2026-11-16"));
    request.days_off.retain(|one| one.date != "2027-02-23");
    request.shortened_days.push(short("2026-11-17"));
    let preview = world
        .deputy()
        .preview_school_year(preview_of(&request))
        .await;
    let preview = preview.unwrap().into_inner().effect;
    assert_eq!(counts(preview.clone()), (2, 2, 3, 0));
    // A day less and a day more.
    assert!(preview.as_ref().unwrap().grades.is_empty());
    assert_eq!(world.school_year().await, before);
    assert!(world.announced_year().await.lessons.is_empty());
    let saved = world.save_year(request).await.unwrap().into_inner();
    assert_eq!(saved.effect, preview);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn only_deputies_and_administrators_of_the_school_look() {
    let world = World::with_a_plan().await;
    let request = preview_of(&save_request(&world.school_year().await, 1));
    for (school, role) in [("school", "TEACHER"), ("other", "DEPUTY")] {
        let answer = world
            .staff(school, &[role])
            .preview_school_year(request.clone())
            .await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{role} of {school}"
        );
    }
}
