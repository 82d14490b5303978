//! The second step of a log-in.

use jiff::SignedDuration;
use zhurnal_proto::identity::v1::identity_event::Change;
use zhurnal_proto::identity::v1::{IdentityEvent, ResetSecondFactorRequest, SecurityKind};

use super::owner::*;
use super::world::*;

async fn protected(world: &World) -> Owner {
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    world.protect(user).await
}

#[tokio::test]
async fn password_and_code_open_a_session_and_each_code_is_good_once() {
    let world = World::sqlite().await;
    let owner = protected(&world).await;
    let challenge = world.challenge("teacher", "").await;
    let used = world.code_now(&owner.application);
    let refused_code = world.complete(&challenge, &used).await;
    assert_eq!(
        refused(refused_code),
        "CODE_WRONG",
        "the code that turned it on is used"
    );
    world.next_step();
    let code = world.code_now(&owner.application);
    let session = world.complete(&challenge, &code).await.unwrap();
    let user = world.user_of(&session.secret).await.unwrap();
    assert_eq!(user.account, owner.user.account);
    let events: Vec<IdentityEvent> = world.harness.announced().await;
    assert!(
        matches!(events[0].change, Some(Change::PersonLoggedIn(_))),
        "a log-in is announced when it is whole"
    );
    assert_eq!(events.len(), 1);

    let again = world.complete(&challenge, &code).await;
    assert_eq!(
        refused(again),
        "CHALLENGE_UNKNOWN",
        "a challenge is used once"
    );
    let next = world.challenge("teacher", "").await;
    let again = world.complete(&next, &code).await;
    assert_eq!(refused(again), "CODE_WRONG", "and so is a code");
}

#[tokio::test]
async fn a_clock_may_be_half_a_minute_off_but_never_go_back() {
    let world = World::sqlite().await;
    let owner = protected(&world).await;
    world.next_step();
    let early = world.code_now(&owner.application);
    world.next_step();
    let present = world.code_now(&owner.application);
    world.next_step();
    let challenge = world.challenge("teacher", "").await;
    let answer = world.complete(&challenge, &early).await;
    assert_eq!(refused(answer), "CODE_WRONG", "two steps late");
    world
        .complete(&challenge, &present)
        .await
        .expect("one step late");
    world.harness.ignore_announced().await;

    let now = world.harness.cx().clock.now().as_second().unsigned_abs();
    let ahead = owner.application.generate(now + 30).to_string();
    let behind = owner.application.generate(now).to_string();
    let challenge = world.challenge("teacher", "").await;
    world
        .complete(&challenge, &ahead)
        .await
        .expect("one step early");
    world.harness.ignore_announced().await;
    let challenge = world.challenge("teacher", "").await;
    let answer = world.complete(&challenge, &behind).await;
    assert_eq!(refused(answer), "CODE_WRONG", "an older step than one used");
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_its_owner_is_told() {
    let world = World::sqlite().await;
    let owner = protected(&world).await;
    let challenge = world.challenge("teacher", "").await;
    let typed = owner.recovery_codes[0].to_lowercase().replace('-', " ");
    let session = world.complete(&challenge, &typed).await.unwrap();
    assert_eq!(
        world.security_announced().await,
        [SecurityKind::RecoveryCodeUsed]
    );
    let user = world.user_of(&session.secret).await.unwrap();
    let log = world.security_log(&user).await;
    assert_eq!(log[0].kind(), SecurityKind::RecoveryCodeUsed);
    let challenge = world.challenge("teacher", "").await;
    let again = world.complete(&challenge, &owner.recovery_codes[0]).await;
    assert_eq!(refused(again), "CODE_WRONG");
    let other = world.employee(OTHER_TEACHER, "other").await;
    let stranger = world.protect(other).await;
    let foreign = world
        .complete(&challenge, &stranger.recovery_codes[0])
        .await;
    assert_eq!(refused(foreign), "CODE_WRONG", "another person's code");
}

#[tokio::test]
async fn a_challenge_is_bound_to_its_device_and_to_five_minutes() {
    let world = World::sqlite().await;
    let owner = protected(&world).await;
    world.next_step();
    let good = world.challenge("teacher", "").await;
    let code = world.code_now(&owner.application);
    let mut elsewhere = good.clone();
    elsewhere.device_cookie = "another-device".into();
    let mut unknown = good.clone();
    unknown.challenge = "never-issued".into();
    let answers = [
        world.complete(&elsewhere, &code).await.unwrap_err(),
        world.complete(&unknown, &code).await.unwrap_err(),
    ];
    for answer in &answers {
        assert_eq!(chassis::status::reason(answer), "CHALLENGE_UNKNOWN");
        assert_eq!(answer.message(), answers[0].message());
    }
    world.harness.clock().advance(SignedDuration::from_mins(5));
    let code = world.code_now(&owner.application);
    let late = world.complete(&good, &code).await;
    assert_eq!(refused(late), "CHALLENGE_UNKNOWN");
}

#[tokio::test]
async fn five_wrong_codes_end_a_challenge_and_ten_lock_the_account_but_not_a_known_device() {
    let world = World::sqlite().await;
    let owner = protected(&world).await;
    world.next_step();
    let challenge = world.challenge("teacher", "").await;
    let cookie = world
        .complete(&challenge, &world.code_now(&owner.application))
        .await
        .unwrap()
        .device_cookie;
    world.harness.ignore_announced().await;

    world.next_step();
    let code = world.code_now(&owner.application);
    let wrong = other_code(&code);
    for _ in 0..2 {
        let challenge = world.challenge("teacher", "").await;
        for _ in 0..5 {
            let answer = world.complete(&challenge, &wrong).await;
            assert_eq!(refused(answer), "CODE_WRONG");
        }
        let answer = world.complete(&challenge, &code).await;
        assert_eq!(refused(answer), "CHALLENGE_UNKNOWN", "five tries are all");
    }
    let challenge = world.challenge("teacher", "").await;
    let status = world.complete(&challenge, &code).await.unwrap_err();
    assert_eq!(chassis::status::reason(&status), "TOO_MANY_ATTEMPTS");
    assert!(chassis::status::retry_delay(&status).unwrap().as_secs() > 3_000);
    let own = world.challenge("teacher", &cookie).await;
    world
        .complete(&own, &code)
        .await
        .expect("the owner's device has a counter of its own");
    world.harness.ignore_announced().await;
    world.harness.clock().advance(SignedDuration::from_hours(1));
    let challenge = world.challenge("teacher", "").await;
    world
        .complete(&challenge, &world.code_now(&owner.application))
        .await
        .expect("an hour later");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_second_factor_that_was_reset_ends_open_challenges() {
    let world = World::sqlite().await;
    let owner = protected(&world).await;
    let challenge = world.challenge("teacher", "").await;
    let reset = ResetSecondFactorRequest {
        school_id: school().to_string(),
        person_id: person(CLASS_TEACHER).to_string(),
        request_id: uuid(1).to_string(),
    };
    world
        .by(staff(ADMINISTRATOR, &["ADMINISTRATOR"]))
        .reset_second_factor(reset)
        .await
        .unwrap();
    world.harness.ignore_announced().await;
    world.next_step();
    let answer = world
        .complete(&challenge, &world.code_now(&owner.application))
        .await;
    assert_eq!(refused(answer), "CHALLENGE_UNKNOWN");
}

chassis::on_both_databases! { <crate::IdentityService as chassis::service::Service>::migrations();
    async fn one_recovery_code_at_many_places_opens_one_session(db) {
        let world = World::on(db).await;
        let owner = protected(&world).await;
        let mut challenges = Vec::new();
        for _ in 0..8 {
            challenges.push(world.challenge("teacher", "").await);
        }
        let code = &owner.recovery_codes[3];
        let tries = challenges.iter().map(|c| world.complete(c, code));
        let results = futures::future::join_all(tries).await;
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1, "{results:?}");
        assert_eq!(world.security_announced().await, [SecurityKind::RecoveryCodeUsed]);
    }

    async fn one_code_of_the_application_at_many_places_opens_one_session(db) {
        let world = World::on(db).await;
        let owner = protected(&world).await;
        world.next_step();
        let mut challenges = Vec::new();
        for _ in 0..8 {
            challenges.push(world.challenge("teacher", "").await);
        }
        let code = world.code_now(&owner.application);
        let tries = challenges.iter().map(|c| world.complete(c, &code));
        let results = futures::future::join_all(tries).await;
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1, "{results:?}");
        world.harness.ignore_announced().await;
    }

    async fn parallel_guesses_of_a_code_do_not_slip_past_the_limit(db) {
        let world = World::on(db).await;
        let owner = protected(&world).await;
        let wrong = other_code(&world.code_now(&owner.application));
        let challenge = world.challenge("teacher", "").await;
        let tries = (0..20).map(|_| world.complete(&challenge, &wrong));
        let reasons: Vec<String> = futures::future::join_all(tries).await.into_iter().map(refused).collect();
        let evaluated = reasons.iter().filter(|r| *r == "CODE_WRONG").count();
        assert_eq!(evaluated, 5, "{reasons:?}");
    }
}
