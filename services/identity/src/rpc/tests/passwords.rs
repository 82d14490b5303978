//! Lost passwords: codes for a new one.

use jiff::SignedDuration;
use tonic::Status;
use zhurnal_proto::identity::v1::{
    Audience, ChangePasswordRequest, IssuePasswordResetRequest, IssuedPasswordReset,
    RegisterRequest, ResetPasswordRequest, ResetPasswordResponse, SecurityKind,
};

use super::world::*;
use chassis::caller::User;

const NEW: &str = "четыре жёлтых зонта";

fn issuing(card: u128, n: u128) -> IssuePasswordResetRequest {
    IssuePasswordResetRequest {
        school_id: school().to_string(),
        person_id: person(card).to_string(),
        request_id: uuid(n).to_string(),
    }
}

async fn issue_by(
    world: &World,
    who: User,
    card: u128,
    n: u128,
) -> Result<IssuedPasswordReset, Status> {
    let answer = world.by(who).issue_password_reset(issuing(card, n)).await?;
    Ok(answer.into_inner().password_reset.unwrap())
}

fn teacher() -> User {
    staff(CLASS_TEACHER, &["TEACHER"])
}

fn administrator() -> User {
    staff(ADMINISTRATOR, &["ADMINISTRATOR"])
}

async fn set(
    world: &World,
    code: &str,
    password: &str,
    n: u128,
) -> Result<ResetPasswordResponse, Status> {
    let request = ResetPasswordRequest {
        code: code.into(),
        new_password: password.into(),
        request_id: uuid(n).to_string(),
    };
    Ok(world
        .anonymous()
        .reset_password(request)
        .await?
        .into_inner())
}

async fn mother_of_5a(world: &World) -> User {
    let code = world
        .code_of(Audience::ClassGuardians, Some(class(CLASS_5A)), MOTHER)
        .await;
    let user = world.registered(&code, "Mother").await;
    world.harness.ignore_announced().await;
    user
}

#[tokio::test]
async fn the_class_teacher_gives_a_code_and_a_parent_sets_a_new_password() {
    let world = World::sqlite().await;
    let mother = mother_of_5a(&world).await;
    let secret = world.log_in("mother", PASSWORD, "").await.unwrap();
    let secret = secret.session.unwrap().secret;
    world.harness.ignore_announced().await;
    let slip = issue_by(&world, teacher(), MOTHER, 1).await.unwrap();
    assert_eq!(slip.code.len(), 19);
    assert!(slip.qr_svg.contains("<svg"));
    assert_eq!(slip.name.as_ref().unwrap().surname, "Мамина");
    assert_eq!(
        issue_by(&world, teacher(), MOTHER, 1).await.unwrap(),
        slip,
        "a repeat"
    );
    let log = world.security_log(&mother).await;
    assert_eq!(log[0].kind(), SecurityKind::PasswordResetIssued);
    assert_eq!(log[0].by, "Сотрудник", "the owner sees who did it");

    let typed = slip.code.to_lowercase().replace('-', " ");
    let done = set(&world, &typed, NEW, 2).await.unwrap();
    assert_eq!(done.login, "Mother");
    assert_eq!(
        set(&world, &slip.code, NEW, 2).await.unwrap(),
        done,
        "a repeat"
    );
    assert_eq!(refused(world.user_of(&secret).await), "SESSION_ENDED");
    assert_eq!(
        refused(world.log_in("mother", PASSWORD, "").await),
        "CREDENTIALS_WRONG"
    );
    let session = world.log_in("mother", NEW, "").await.unwrap();
    let mother = session.session.unwrap().secret;
    let mother = world.user_of(&mother).await.unwrap();
    let log = world.security_log(&mother).await;
    assert_eq!(log[0].kind(), SecurityKind::PasswordResetUsed);
    assert_eq!(
        world.security_announced().await,
        [
            SecurityKind::PasswordResetIssued,
            SecurityKind::PasswordResetUsed
        ]
    );
    let again = set(&world, &slip.code, "пять белых облаков", 3).await;
    assert_eq!(refused(again), "RESET_CODE_UNKNOWN", "one use");
}

#[tokio::test]
async fn unknown_used_replaced_and_expired_codes_are_the_same_answer() {
    let world = World::sqlite().await;
    mother_of_5a(&world).await;
    let replaced = issue_by(&world, teacher(), MOTHER, 1).await.unwrap();
    let used = issue_by(&world, teacher(), MOTHER, 2).await.unwrap();
    set(&world, &used.code, NEW, 3).await.unwrap();
    let expired = issue_by(&world, teacher(), MOTHER, 4).await.unwrap();
    world
        .harness
        .clock()
        .advance(SignedDuration::from_hours(3 * 24));
    let invitation = world
        .code_of(Audience::ClassPupils, Some(class(CLASS_5A)), PUPIL)
        .await;
    let codes = [
        "K7QF-2MXD-9RTB-0ZWE",
        "not a code",
        &replaced.code,
        &used.code,
        &expired.code,
        &invitation,
    ];
    let first = set(&world, codes[0], NEW, 10).await.unwrap_err();
    for (n, code) in (11..).zip(codes) {
        for password in ["пять белых облаков", "1234567890"] {
            let answer = set(&world, code, password, n).await.unwrap_err();
            assert_eq!(
                (
                    answer.code(),
                    answer.message(),
                    chassis::status::reason(&answer)
                ),
                (
                    first.code(),
                    first.message(),
                    "RESET_CODE_UNKNOWN".to_owned()
                ),
                "{code}"
            );
        }
    }
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_weak_password_is_refused_and_the_code_stays_good() {
    let world = World::sqlite().await;
    mother_of_5a(&world).await;
    let slip = issue_by(&world, teacher(), MOTHER, 1).await.unwrap();
    for (n, weak) in (2..).zip(["1234567890", "короткий", "xx-mother-xx"]) {
        let answer = set(&world, &slip.code, weak, n).await;
        assert_eq!(refused(answer), "PASSWORD_WEAK", "{weak}");
    }
    set(&world, &slip.code, NEW, 9).await.unwrap();
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn the_second_factor_is_not_bypassed() {
    let world = World::sqlite().await;
    let user = world.employee(OTHER_TEACHER, "other").await;
    let owner = world.protect(user).await;
    let slip = issue_by(&world, administrator(), OTHER_TEACHER, 1)
        .await
        .unwrap();
    set(&world, &slip.code, NEW, 2).await.unwrap();
    let answer = world.log_in("other", NEW, "").await.unwrap();
    assert_eq!(answer.session, None);
    world.next_step();
    let code = world.code_now(&owner.application);
    world
        .complete(&answer.challenge.unwrap(), &code)
        .await
        .expect("password and code");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_lockout_of_the_old_password_does_not_outlive_it() {
    let world = World::sqlite().await;
    mother_of_5a(&world).await;
    for _ in 0..10 {
        let guess = world.log_in("mother", "guessed password", "").await;
        assert_eq!(refused(guess), "CREDENTIALS_WRONG");
    }
    let locked = world.log_in("mother", PASSWORD, "").await;
    assert_eq!(refused(locked), "TOO_MANY_ATTEMPTS");
    let slip = issue_by(&world, teacher(), MOTHER, 1).await.unwrap();
    set(&world, &slip.code, NEW, 2).await.unwrap();
    world.log_in("mother", NEW, "").await.unwrap();
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_changed_password_ends_the_codes_that_are_out() {
    let world = World::sqlite().await;
    let mother = mother_of_5a(&world).await;
    let slip = issue_by(&world, teacher(), MOTHER, 1).await.unwrap();
    let change = ChangePasswordRequest {
        current_password: PASSWORD.into(),
        new_password: "пять белых облаков".into(),
        request_id: uuid(2).to_string(),
    };
    world.by(mother).change_password(change).await.unwrap();
    let answer = set(&world, &slip.code, NEW, 3).await;
    assert_eq!(refused(answer), "RESET_CODE_UNKNOWN");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn only_who_answers_for_the_person_gives_a_code() {
    let world = World::sqlite().await;
    mother_of_5a(&world).await;
    world.employee(CLASS_TEACHER, "teacher").await;
    world.harness.ignore_announced().await;
    let missing = issue_by(&world, teacher(), 999, 1).await.unwrap_err();
    let same = |status: &Status| {
        assert_eq!(
            (status.code(), status.message()),
            (missing.code(), missing.message())
        );
    };
    let other = staff(OTHER_TEACHER, &["TEACHER"]);
    same(
        &issue_by(&world, other.clone(), MOTHER, 2)
            .await
            .unwrap_err(),
    );
    same(&issue_by(&world, other, CLASS_TEACHER, 3).await.unwrap_err());
    let director = staff(DIRECTOR, &["DIRECTOR", "TEACHER"]);
    same(&issue_by(&world, director, MOTHER, 4).await.unwrap_err());
    let mut stranger = staff(77, &["ADMINISTRATOR"]);
    stranger.school = Some(zhurnal_proto::id::SchoolId::from_uuid(uuid(999)));
    same(&issue_by(&world, stranger, MOTHER, 5).await.unwrap_err());

    let pupil = issue_by(&world, teacher(), PUPIL, 6).await;
    assert_eq!(refused(pupil), "NOT_REGISTERED");
    issue_by(&world, administrator(), CLASS_TEACHER, 7)
        .await
        .expect("an administrator, for staff");
    issue_by(&world, administrator(), MOTHER, 8)
        .await
        .expect("and for families");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn nobody_gives_a_code_to_oneself_or_to_one_above() {
    let world = World::sqlite().await;
    let admin = world.employee(ADMINISTRATOR, "admin").await;
    let own = issue_by(&world, admin, ADMINISTRATOR, 1).await;
    assert_eq!(refused(own), "OWN_ACCOUNT");

    // A parent who teaches here: the class teacher answers for the parent only.
    let code = world.code_of(Audience::Staff, None, OTHER_TEACHER).await;
    let session = world
        .register(&code, "both")
        .await
        .unwrap()
        .session
        .unwrap();
    let code = world
        .code_of(Audience::ClassGuardians, Some(class(CLASS_5A)), MOTHER)
        .await;
    let add = RegisterRequest {
        code,
        session_secret: session.secret,
        request_id: uuid(5).to_string(),
        ..Default::default()
    };
    world.anonymous().register(add).await.unwrap();
    let answer = issue_by(&world, teacher(), MOTHER, 2).await;
    assert_eq!(refused(answer), "ROLE_ABOVE_OWN");
    issue_by(&world, administrator(), MOTHER, 3)
        .await
        .expect("the administrator answers for both");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn no_code_for_a_new_password_is_stored_in_the_clear() {
    let world = World::sqlite().await;
    mother_of_5a(&world).await;
    let slip = issue_by(&world, teacher(), MOTHER, 1).await.unwrap();
    let url = world.harness.db().url().to_owned();
    let file = url.strip_prefix("sqlite://").unwrap();
    let file = file.split('?').next().unwrap();
    let mut bytes = std::fs::read(file).unwrap();
    bytes.extend(std::fs::read(format!("{file}-wal")).unwrap_or_default());
    let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(holds("Mother"), "the test looks at the right file");
    assert!(!holds(&slip.code) && !holds(&slip.code.replace('-', "")));
    world.harness.ignore_announced().await;
}

chassis::on_both_databases! { <crate::IdentityService as chassis::service::Service>::migrations();
    async fn of_eight_who_use_one_code_one_sets_the_password(db) {
        let world = World::on(db).await;
        mother_of_5a(&world).await;
        let slip = issue_by(&world, teacher(), MOTHER, 1).await.unwrap();
        world.harness.ignore_announced().await;
        let tries = (0..8_u128).map(|n| {
            let (world, code) = (&world, &slip.code);
            async move { set(world, code, &format!("{n} жёлтых зонта на крыше"), 100 + n).await }
        });
        let results = futures::future::join_all(tries).await;
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1, "{results:?}");
        assert_eq!(world.security_announced().await, [SecurityKind::PasswordResetUsed]);
    }
}
