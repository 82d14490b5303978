//! The second factor: on, off, new recovery codes, a lost one.

use chassis::testing::TestDb;
use tonic::Status;
use zhurnal_proto::identity::v1::{
    Audience, ConfirmSecondFactorRequest, ConfirmSecondFactorResponse, GetSecondFactorRequest,
    RegenerateRecoveryCodesRequest, RemoveSecondFactorRequest, ResetSecondFactorRequest,
    SecondFactor, SecondFactorState, SecurityKind,
};

use super::owner::*;
use super::world::*;
use chassis::caller::User;

async fn state(world: &World, user: &User) -> SecondFactor {
    world
        .by(user.clone())
        .get_second_factor(GetSecondFactorRequest {})
        .await
        .unwrap()
        .into_inner()
        .second_factor
        .unwrap()
}

async fn confirm(
    world: &World,
    user: &User,
    code: &str,
    n: u128,
) -> Result<ConfirmSecondFactorResponse, Status> {
    let request = ConfirmSecondFactorRequest {
        code: code.into(),
        request_id: uuid(n).to_string(),
    };
    let answer = world.by(user.clone()).confirm_second_factor(request).await;
    answer.map(tonic::Response::into_inner)
}

fn removal(password: &str, code: &str, n: u128) -> RemoveSecondFactorRequest {
    RemoveSecondFactorRequest {
        password: password.into(),
        code: code.into(),
        request_id: uuid(n).to_string(),
    }
}

fn reset(card: u128, n: u128) -> ResetSecondFactorRequest {
    ResetSecondFactorRequest {
        school_id: school().to_string(),
        person_id: person(card).to_string(),
        request_id: uuid(n).to_string(),
    }
}

#[tokio::test]
async fn password_and_code_turn_it_on_and_ten_recovery_codes_are_shown_once() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    let other = world.log_in("teacher", PASSWORD, "").await.unwrap();
    world.harness.ignore_announced().await;
    assert_eq!(state(&world, &user).await.state(), SecondFactorState::Off);

    let begun = world.begin(&user, uuid(1)).await.unwrap();
    assert!(begun.otpauth_uri.starts_with("otpauth://totp/"));
    assert!(begun.qr_svg.contains("<svg"));
    assert_eq!(begun.secret.replace(' ', "").len(), 32);
    assert_eq!(
        world.begin(&user, uuid(1)).await.unwrap(),
        begun,
        "a repeat"
    );
    assert_eq!(state(&world, &user).await.state(), SecondFactorState::Begun);
    world
        .log_in("teacher", PASSWORD, "")
        .await
        .unwrap()
        .session
        .expect("one that is only begun asks for nothing");
    world.harness.ignore_announced().await;

    let application = totp_rs::Totp::from_url(&begun.otpauth_uri).unwrap();
    let code = world.code_now(&application);
    let answer = confirm(&world, &user, &code, 2).await.unwrap();
    assert_eq!(answer.recovery_codes.len(), 10);
    assert_eq!(answer.ended_sessions, 2, "other devices log in anew");
    assert_eq!(confirm(&world, &user, &code, 2).await.unwrap(), answer);
    assert_eq!(
        world.security_announced().await,
        [SecurityKind::SecondFactorOn]
    );
    let shown = state(&world, &user).await;
    assert_eq!(
        (shown.state(), shown.recovery_codes_left),
        (SecondFactorState::On, 10)
    );
    let log = world.security_log(&user).await;
    assert_eq!(log[0].kind(), SecurityKind::SecondFactorOn);
    assert_eq!((log[0].by.as_str(), log[0].device.as_str()), ("", "тест"));
    let old = other.session.unwrap().secret;
    assert_eq!(refused(world.user_of(&old).await), "SESSION_ENDED");

    let again = world.begin(&user, uuid(3)).await;
    assert_eq!(refused(again), "SECOND_FACTOR_ON");
    world.next_step();
    let code = world.code_now(&application);
    let again = confirm(&world, &user, &code, 4).await;
    assert_eq!(refused(again), "SECOND_FACTOR_ON");
}

#[tokio::test]
async fn a_wrong_password_or_code_turns_nothing_on() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    world.harness.ignore_announced().await;
    let early = confirm(&world, &user, "123456", 1).await;
    assert_eq!(refused(early), "SECOND_FACTOR_NOT_BEGUN");
    let guess = zhurnal_proto::identity::v1::BeginSecondFactorRequest {
        password: "not the password".into(),
        request_id: uuid(2).to_string(),
    };
    let answer = world.by(user.clone()).begin_second_factor(guess).await;
    assert_eq!(refused(answer), "CREDENTIALS_WRONG");
    let begun = world.begin(&user, uuid(3)).await.unwrap();
    let application = totp_rs::Totp::from_url(&begun.otpauth_uri).unwrap();
    let wrong = other_code(&world.code_now(&application));
    for typed in [wrong.as_str(), "12345", "пароль", "K7QF-2MXD-9RTB-0ZWE"] {
        let answer = confirm(&world, &user, typed, 4).await;
        assert_eq!(refused(answer), "CODE_WRONG", "{typed}");
    }
    // An earlier secret is not the one that was begun last.
    world.begin(&user, uuid(5)).await.unwrap();
    let old = world.code_now(&application);
    assert_eq!(refused(confirm(&world, &user, &old, 6).await), "CODE_WRONG");
    assert_eq!(state(&world, &user).await.state(), SecondFactorState::Begun);
}

#[tokio::test]
async fn a_stolen_session_cannot_guess_the_password_without_end() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    world.harness.ignore_announced().await;
    let mut reasons = Vec::new();
    for n in 0..12 {
        let guess = zhurnal_proto::identity::v1::BeginSecondFactorRequest {
            password: format!("guess number {n}"),
            request_id: uuid(100 + n).to_string(),
        };
        reasons.push(refused(
            world.by(user.clone()).begin_second_factor(guess).await,
        ));
    }
    let evaluated = reasons.iter().filter(|r| *r == "CREDENTIALS_WRONG").count();
    assert_eq!(evaluated, 10, "{reasons:?}");
    assert_eq!(reasons[11], "TOO_MANY_ATTEMPTS");
    world
        .log_in("teacher", PASSWORD, "")
        .await
        .expect("log-in has a counter of its own");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn password_and_code_turn_it_off() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    let owner = world.protect(user).await;
    let remove = |request| {
        let client = world.by(owner.user.clone());
        async move {
            let mut client = client;
            client.remove_second_factor(request).await
        }
    };
    world.next_step();
    let code = world.code_now(&owner.application);
    let wrong = removal("not the password", &code, 1);
    assert_eq!(refused(remove(wrong).await), "CREDENTIALS_WRONG");
    let wrong = removal(PASSWORD, &other_code(&code), 2);
    assert_eq!(refused(remove(wrong).await), "CODE_WRONG");
    let request = removal(PASSWORD, &code, 3);
    let done = remove(request.clone()).await.unwrap().into_inner();
    assert_eq!(
        done.second_factor.as_ref().unwrap().state(),
        SecondFactorState::Off
    );
    assert_eq!(remove(request).await.unwrap().into_inner(), done);
    assert_eq!(
        world.security_announced().await,
        [SecurityKind::SecondFactorOff]
    );
    let again = removal(PASSWORD, &owner.recovery_codes[0], 4);
    assert_eq!(refused(remove(again).await), "SECOND_FACTOR_OFF");
    let open = world.log_in("teacher", PASSWORD, "").await.unwrap();
    assert!(open.session.is_some());
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_role_that_demands_it_keeps_it() {
    let migrations = <crate::IdentityService as chassis::service::Service>::migrations();
    let db = TestDb::sqlite(migrations).await;
    let world = World::configured(db, "ADMINISTRATOR, DIRECTOR").await;
    let director = world.employee(DIRECTOR, "director").await;
    let owner = world.protect(director).await;
    assert!(state(&world, &owner.user).await.required);
    world.next_step();
    let request = removal(PASSWORD, &world.code_now(&owner.application), 1);
    let answer = world
        .by(owner.user.clone())
        .remove_second_factor(request)
        .await;
    assert_eq!(refused(answer), "SECOND_FACTOR_REQUIRED");
    assert_eq!(
        state(&world, &owner.user).await.state(),
        SecondFactorState::On
    );
}

#[tokio::test]
async fn new_recovery_codes_end_the_earlier_ones() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    let owner = world.protect(user).await;
    let request = |code: &str, n| RegenerateRecoveryCodesRequest {
        password: PASSWORD.into(),
        code: code.into(),
        request_id: uuid(n).to_string(),
    };
    let client = || world.by(owner.user.clone());
    let wrong = request("000000", 1);
    assert_eq!(
        refused(client().regenerate_recovery_codes(wrong).await),
        "CODE_WRONG"
    );
    let mut guess = request("000000", 2);
    guess.password = "not the password".into();
    assert_eq!(
        refused(client().regenerate_recovery_codes(guess).await),
        "CREDENTIALS_WRONG"
    );
    let good = request(&owner.recovery_codes[0], 3);
    let made = client()
        .regenerate_recovery_codes(good.clone())
        .await
        .unwrap()
        .into_inner();
    let again = client().regenerate_recovery_codes(good).await.unwrap();
    assert_eq!(again.into_inner(), made, "a repeat gets the same codes");
    assert_eq!(
        world.security_announced().await,
        [SecurityKind::RecoveryCodesMade]
    );
    assert_eq!(state(&world, &owner.user).await.recovery_codes_left, 10);
    let challenge = world.challenge("teacher", "").await;
    let old = world.complete(&challenge, &owner.recovery_codes[1]).await;
    assert_eq!(refused(old), "CODE_WRONG");
    world
        .complete(&challenge, &made.recovery_codes[0])
        .await
        .unwrap();
    world.harness.ignore_announced().await;
    let other = world.employee(OTHER_TEACHER, "other").await;
    let answer = world
        .by(other)
        .regenerate_recovery_codes(request("000000", 4))
        .await;
    assert_eq!(refused(answer), "SECOND_FACTOR_OFF");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn the_administrator_resets_a_lost_one_and_all_sessions_end() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    let owner = world.protect(user).await;
    let admin = || world.by(staff(ADMINISTRATOR, &["ADMINISTRATOR"]));
    let request = reset(CLASS_TEACHER, 1);
    let done = admin()
        .reset_second_factor(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(done.ended_sessions, 1);
    let again = admin().reset_second_factor(request).await.unwrap();
    assert_eq!(again.into_inner(), done, "a repeat");
    assert_eq!(
        world.security_announced().await,
        [SecurityKind::SecondFactorReset]
    );
    let off = admin().reset_second_factor(reset(CLASS_TEACHER, 2)).await;
    assert_eq!(refused(off), "SECOND_FACTOR_OFF");
    let session = world
        .log_in("teacher", PASSWORD, "")
        .await
        .unwrap()
        .session
        .unwrap();
    let user = world.user_of(&session.secret).await.unwrap();
    let log = world.security_log(&user).await;
    assert_eq!(log[0].kind(), SecurityKind::SecondFactorReset);
    assert_eq!(log[0].by, "Сотрудник", "the owner sees who did it");
    assert_eq!(owner.user.account, user.account);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn nobody_else_resets_it_and_nobody_the_own_one() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    world.protect(user).await;
    let admin = world.employee(ADMINISTRATOR, "admin").await;
    let admin = world.protect(admin).await.user;
    let missing = world
        .by(admin.clone())
        .reset_second_factor(reset(999, 1))
        .await
        .unwrap_err();
    for (who, roles) in [
        (DIRECTOR, &["DIRECTOR", "TEACHER"]),
        (OTHER_TEACHER, &["DEPUTY", "TEACHER"]),
        (CLASS_TEACHER, &["TEACHER", "TEACHER"]),
    ] {
        let answer = world
            .by(staff(who, roles))
            .reset_second_factor(reset(PUPIL, 2))
            .await;
        assert_eq!(refused(answer), "PERMISSION_DENIED", "{roles:?}");
    }
    let mut stranger = staff(77, &["ADMINISTRATOR"]);
    stranger.school = Some(zhurnal_proto::id::SchoolId::from_uuid(uuid(999)));
    let elsewhere = world
        .by(stranger)
        .reset_second_factor(reset(CLASS_TEACHER, 3))
        .await
        .unwrap_err();
    assert_eq!(
        (elsewhere.code(), elsewhere.message()),
        (missing.code(), missing.message()),
        "another school's card looks like none"
    );
    let own = world
        .by(admin.clone())
        .reset_second_factor(reset(ADMINISTRATOR, 4))
        .await;
    assert_eq!(refused(own), "OWN_ACCOUNT");
    let nobody = world
        .by(admin)
        .reset_second_factor(reset(DIRECTOR, 5))
        .await;
    assert_eq!(refused(nobody), "NOT_REGISTERED");
}

#[tokio::test]
async fn a_school_administrator_has_no_power_over_one_of_the_region() {
    let world = World::sqlite().await;
    let code = world.identity.administrator_code().await.unwrap();
    let session = world
        .register(&code, "chief")
        .await
        .unwrap()
        .session
        .unwrap();
    let card = world.code_of(Audience::Staff, None, OTHER_TEACHER).await;
    let add = zhurnal_proto::identity::v1::RegisterRequest {
        code: card,
        session_secret: session.secret.clone(),
        request_id: uuid(5).to_string(),
        ..Default::default()
    };
    world.anonymous().register(add).await.unwrap();
    let chief = world.user_of(&session.secret).await.unwrap();
    world.protect(chief).await;
    let answer = world
        .by(staff(ADMINISTRATOR, &["ADMINISTRATOR"]))
        .reset_second_factor(reset(OTHER_TEACHER, 1))
        .await;
    assert_eq!(refused(answer), "ROLE_ABOVE_OWN");
    assert!(world.identity.reset_second_factor("Chief").await.unwrap());
    assert!(!world.identity.reset_second_factor("chief").await.unwrap());
    assert!(world.identity.reset_second_factor("nobody").await.is_err());
    assert_eq!(
        world.security_announced().await,
        [SecurityKind::SecondFactorReset]
    );
    assert_eq!(
        refused(world.user_of(&session.secret).await),
        "SESSION_ENDED"
    );
}

#[tokio::test]
async fn a_protected_card_cannot_be_taken_by_another_account() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    let mut request = issue(Audience::Staff, None);
    request.person_ids = vec![person(CLASS_TEACHER).to_string()];
    let issued = world
        .by(staff(ADMINISTRATOR, &["ADMINISTRATOR"]))
        .issue_invitations(request.clone())
        .await
        .unwrap()
        .into_inner();
    world.protect(user).await;
    let taken = world.register(&issued.invitations[0].code, "thief").await;
    assert_eq!(refused(taken), "INVITATION_UNKNOWN");
    request.request_id = uuid(9).to_string();
    let again = world
        .by(staff(ADMINISTRATOR, &["ADMINISTRATOR"]))
        .issue_invitations(request)
        .await;
    assert_eq!(refused(again), "SECOND_FACTOR_ON");
}

#[tokio::test]
async fn no_secret_of_a_second_factor_is_stored_in_the_clear() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    let owner = world.protect(user).await;
    let challenge = world.challenge("teacher", "").await;
    let url = world.harness.db().url().to_owned();
    let file = url.strip_prefix("sqlite://").unwrap();
    let file = file.split('?').next().unwrap();
    let mut bytes = std::fs::read(file).unwrap();
    bytes.extend(std::fs::read(format!("{file}-wal")).unwrap_or_default());
    let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|w| w == secret);
    assert!(holds(b"teacher"), "the test looks at the right file");
    let secret = owner.application.secret();
    assert!(!holds(secret.as_bytes()) && !holds(secret.to_base32().as_bytes()));
    assert!(!holds(challenge.challenge.as_bytes()) && !holds(challenge.device_cookie.as_bytes()));
    for code in &owner.recovery_codes {
        assert!(!holds(code.as_bytes()) && !holds(code.replace('-', "").as_bytes()));
    }
}

chassis::on_both_databases! { <crate::IdentityService as chassis::service::Service>::migrations();
    async fn of_eight_confirmations_at_once_one_turns_it_on(db) {
        let world = World::on(db).await;
        let user = world.employee(CLASS_TEACHER, "teacher").await;
        world.harness.ignore_announced().await;
        let begun = world.begin(&user, uuid(1)).await.unwrap();
        let code = world.code_now(&totp_rs::Totp::from_url(&begun.otpauth_uri).unwrap());
        let tries = (0..8).map(|n| {
            let (world, user, code) = (&world, &user, &code);
            async move { confirm(world, user, code, 100 + n).await }
        });
        let results = futures::future::join_all(tries).await;
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1, "{results:?}");
        assert_eq!(world.security_announced().await, [SecurityKind::SecondFactorOn]);
    }
}
