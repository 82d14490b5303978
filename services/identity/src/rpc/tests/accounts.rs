//! Registration, log in, sessions.

use chassis::caller::Caller;
use chassis::db::micros;
use jiff::SignedDuration;
use tonic::Code;
use zhurnal_proto::identity::v1::identity_event::Change;
use zhurnal_proto::identity::v1::{
    Audience, ChangePasswordRequest, ExchangeSessionRequest, GetMeRequest, IdentityEvent,
    LogOutRequest, PreviewInvitationRequest, RegisterRequest, Role, SwitchRoleRequest,
};
use zhurnal_proto::roster::v1::{self as roster, roster_event};

use super::world::*;
use crate::store::sessions;

async fn exchanged(world: &World, secret: &str) -> Result<Caller, tonic::Status> {
    let request = ExchangeSessionRequest {
        session_secret: secret.into(),
    };
    let token = world
        .anonymous()
        .exchange_session(request)
        .await?
        .into_inner()
        .access_token;
    Ok(world.harness.cx().tokens.verify(&token, "grading").unwrap())
}

#[tokio::test]
async fn the_first_administrator_registers_with_the_printed_code_once() {
    let world = World::sqlite().await;
    assert!(world.identity.is_empty().await.unwrap());
    let code = world.identity.administrator_code().await.unwrap();
    let session = world
        .register(&code, "chief")
        .await
        .unwrap()
        .session
        .unwrap();
    let me = session.me.unwrap();
    assert_eq!(
        (me.role(), me.school_id.as_str()),
        (Role::Administrator, "")
    );
    assert!(!world.identity.is_empty().await.unwrap());
    assert_eq!(
        refused(world.register(&code, "second").await),
        "INVITATION_UNKNOWN"
    );
    let Caller::User(user) = exchanged(&world, &session.secret).await.unwrap() else {
        panic!()
    };
    assert!(user.region && user.has_role("ADMINISTRATOR"));
    let kinds: Vec<_> = world
        .harness
        .announced::<IdentityEvent>()
        .await
        .into_iter()
        .map(|e| e.change.unwrap())
        .collect();
    assert!(
        matches!(kinds.as_slice(), [Change::RoleGrantChanged(_)]),
        "{kinds:?}"
    );
}

#[tokio::test]
async fn a_newer_administrator_code_ends_the_earlier_one() {
    let world = World::sqlite().await;
    let first = world.identity.administrator_code().await.unwrap();
    let second = world.identity.administrator_code().await.unwrap();
    assert_eq!(
        refused(world.register(&first, "chief").await),
        "INVITATION_UNKNOWN"
    );
    world.register(&second, "chief").await.unwrap();
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_code_shows_whom_it_is_for_without_the_full_name() {
    let world = World::sqlite().await;
    let code = world
        .code_of(Audience::ClassPupils, Some(class(CLASS_5A)), PUPIL)
        .await;
    let request = PreviewInvitationRequest {
        code: code.to_lowercase().replace('-', " "),
    };
    let preview = world
        .anonymous()
        .preview_invitation(request)
        .await
        .unwrap()
        .into_inner()
        .preview
        .unwrap();
    assert_eq!(
        (preview.short_name.as_str(), preview.school_title.as_str()),
        ("Анна У.", "Школа № 1")
    );
    assert_eq!(preview.role(), Role::Pupil);
}

#[tokio::test]
async fn a_repeated_registration_gets_the_first_session_again() {
    let world = World::sqlite().await;
    let code = world.code_of(Audience::Staff, None, CLASS_TEACHER).await;
    let request = registration(&code, "teacher", uuid(77));
    let first = world
        .anonymous()
        .register(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = world
        .anonymous()
        .register(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    assert!(
        exchanged(&world, &again.session.unwrap().secret)
            .await
            .is_ok()
    );
    let other = RegisterRequest {
        login: "other".into(),
        ..request
    };
    assert_eq!(
        refused(world.anonymous().register(other).await),
        "IDEMPOTENCY_KEY_REUSED"
    );
    assert_eq!(
        world.harness.announced::<IdentityEvent>().await.len(),
        1,
        "one registration is announced"
    );
}

#[tokio::test]
async fn no_secret_of_a_registration_is_stored_in_the_clear() {
    let world = World::sqlite().await;
    let code = world.code_of(Audience::Staff, None, CLASS_TEACHER).await;
    let session = world
        .register(&code, "teacher")
        .await
        .unwrap()
        .session
        .unwrap();
    world.harness.ignore_announced().await;
    let stored = std::fs::read(
        world
            .harness
            .db()
            .url()
            .strip_prefix("sqlite://")
            .unwrap()
            .split('?')
            .next()
            .unwrap(),
    );
    let mut bytes = stored.unwrap();
    let wal = format!(
        "{}-wal",
        world
            .harness
            .db()
            .url()
            .strip_prefix("sqlite://")
            .unwrap()
            .split('?')
            .next()
            .unwrap()
    );
    bytes.extend(std::fs::read(wal).unwrap_or_default());
    let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(holds("teacher"), "the test looks at the right file");
    for secret in [
        session.secret.as_str(),
        PASSWORD,
        code.as_str(),
        &code.replace('-', ""),
    ] {
        assert!(!holds(secret), "a secret is in the database");
    }
}

#[tokio::test]
async fn weak_passwords_and_taken_logins_are_refused_and_the_code_stays_good() {
    let world = World::sqlite().await;
    let code = world.code_of(Audience::Staff, None, CLASS_TEACHER).await;
    let other = world
        .code_of(Audience::ClassPupils, Some(class(CLASS_5A)), PUPIL)
        .await;
    world.register(&other, "Taken").await.unwrap();
    let mut weak = registration(&code, "teacher", uuid(1));
    weak.password = "1234567890".into();
    let status = world.anonymous().register(weak).await.unwrap_err();
    assert_eq!(
        (status.code(), chassis::status::reason(&status).as_str()),
        (Code::InvalidArgument, "PASSWORD_WEAK")
    );
    assert_eq!(refused(world.register(&code, "tAKEN").await), "LOGIN_TAKEN");
    world.register(&code, "teacher").await.unwrap();
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn wrong_passwords_and_unknown_logins_look_the_same_and_run_out() {
    let world = World::sqlite().await;
    let code = world.code_of(Audience::Staff, None, CLASS_TEACHER).await;
    let known = world
        .register(&code, "teacher")
        .await
        .unwrap()
        .session
        .unwrap();
    let cookie = world
        .log_in("teacher", PASSWORD, "")
        .await
        .unwrap()
        .session
        .unwrap()
        .device_cookie;
    assert_eq!(
        refused(world.log_in("nobody", PASSWORD, "").await),
        "CREDENTIALS_WRONG"
    );
    for _ in 0..10 {
        assert_eq!(
            refused(world.log_in("teacher", "wrong password", "").await),
            "CREDENTIALS_WRONG"
        );
    }
    let status = world.log_in("teacher", PASSWORD, "").await.unwrap_err();
    assert_eq!(chassis::status::reason(&status), "TOO_MANY_ATTEMPTS");
    assert!(chassis::status::retry_delay(&status).unwrap().as_secs() > 3_000);
    world
        .log_in("teacher", PASSWORD, &cookie)
        .await
        .expect("a known device has a counter of its own");
    assert!(
        exchanged(&world, &known.secret).await.is_ok(),
        "open sessions go on"
    );
    world.harness.clock().advance(SignedDuration::from_hours(1));
    world
        .log_in("teacher", PASSWORD, "")
        .await
        .expect("an hour later");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_log_out_ends_the_session_at_once() {
    let world = World::sqlite().await;
    let code = world.code_of(Audience::Staff, None, CLASS_TEACHER).await;
    let session = world
        .register(&code, "teacher")
        .await
        .unwrap()
        .session
        .unwrap();
    let Caller::User(user) = exchanged(&world, &session.secret).await.unwrap() else {
        panic!()
    };
    world.harness.ignore_announced().await;
    world.by(user).log_out(LogOutRequest {}).await.unwrap();
    assert_eq!(
        refused(exchanged(&world, &session.secret).await),
        "SESSION_ENDED"
    );
    let ended: Vec<IdentityEvent> = world.harness.announced().await;
    assert!(matches!(ended[0].change, Some(Change::SessionEnded(_))));
}

#[tokio::test]
async fn an_unused_session_ends_by_itself_and_use_keeps_it() {
    let world = World::sqlite().await;
    let code = world.code_of(Audience::Staff, None, CLASS_TEACHER).await;
    let session = world
        .register(&code, "teacher")
        .await
        .unwrap()
        .session
        .unwrap();
    world.harness.ignore_announced().await;
    for _ in 0..3 {
        world
            .harness
            .clock()
            .advance(SignedDuration::from_hours(24 * 20));
        exchanged(&world, &session.secret)
            .await
            .expect("used every twenty days");
    }
    world
        .harness
        .clock()
        .advance(SignedDuration::from_hours(24 * sessions::IDLE_DAYS));
    assert_eq!(
        refused(exchanged(&world, &session.secret).await),
        "SESSION_ENDED"
    );
    assert!(micros(world.harness.cx().clock.now()) > 0);
}

#[tokio::test]
async fn a_dismissed_teacher_has_nothing_to_act_as() {
    let world = World::sqlite().await;
    let code = world.code_of(Audience::Staff, None, CLASS_TEACHER).await;
    let session = world
        .register(&code, "teacher")
        .await
        .unwrap()
        .session
        .unwrap();
    world.harness.ignore_announced().await;
    let gone = employee(CLASS_TEACHER, roster::Duty::Teacher, "2020-12-31");
    world
        .hear(roster_event::Change::StaffChanged(roster::StaffChanged {
            staff: vec![gone],
        }))
        .await;
    assert_eq!(
        refused(exchanged(&world, &session.secret).await),
        "SESSION_ENDED"
    );
    assert_eq!(
        refused(world.log_in("teacher", PASSWORD, "").await),
        "NOTHING_TO_ACT_AS"
    );
}

#[tokio::test]
async fn custody_that_ended_takes_the_child_away() {
    let world = World::sqlite().await;
    let code = world
        .code_of(Audience::ClassGuardians, Some(class(CLASS_5A)), MOTHER)
        .await;
    let session = world
        .register(&code, "mother")
        .await
        .unwrap()
        .session
        .unwrap();
    world.harness.ignore_announced().await;
    let Caller::User(user) = exchanged(&world, &session.secret).await.unwrap() else {
        panic!()
    };
    assert_eq!(user.persons, [person(MOTHER)]);
    let me = world
        .by(user)
        .get_me(GetMeRequest {})
        .await
        .unwrap()
        .into_inner()
        .me
        .unwrap();
    assert_eq!(
        (
            me.role(),
            me.children.len(),
            me.children[0].class_title.as_str()
        ),
        (Role::Guardian, 1, "5-А")
    );
    let links = roster::GuardianLinksChanged {
        guardian_links: vec![mother("2026-09-01")],
    };
    world
        .hear(roster_event::Change::GuardianLinksChanged(links))
        .await;
    world
        .harness
        .clock()
        .advance(SignedDuration::from_hours(24 * 60));
    assert_eq!(
        refused(exchanged(&world, &session.secret).await),
        "SESSION_ENDED"
    );
}

#[tokio::test]
async fn one_account_holds_a_staff_card_and_a_guardian_card_and_switches() {
    let world = World::sqlite().await;
    let staff_code = world.code_of(Audience::Staff, None, OTHER_TEACHER).await;
    let first = world
        .register(&staff_code, "both")
        .await
        .unwrap()
        .session
        .unwrap();
    let family_code = world
        .code_of(Audience::ClassGuardians, Some(class(CLASS_5A)), MOTHER)
        .await;
    let add = RegisterRequest {
        code: family_code,
        session_secret: first.secret.clone(),
        request_id: uuid(5).to_string(),
        ..Default::default()
    };
    let family = world
        .anonymous()
        .register(add)
        .await
        .unwrap()
        .into_inner()
        .session
        .unwrap();
    assert_eq!(family.me.as_ref().unwrap().role(), Role::Guardian);
    assert_eq!(family.me.as_ref().unwrap().available.len(), 2);
    let Caller::User(user) = exchanged(&world, &family.secret).await.unwrap() else {
        panic!()
    };
    assert!(
        user.roles.iter().all(|r| r != "TEACHER"),
        "the parent view has no staff role"
    );

    let wrong = SwitchRoleRequest {
        role: Role::Director.into(),
        school_id: school().to_string(),
        municipality_id: String::new(),
    };
    assert_eq!(
        refused(world.by(user.clone()).switch_role(wrong).await),
        "ROLE_NOT_HELD"
    );
    let back = SwitchRoleRequest {
        role: Role::Teacher.into(),
        school_id: school().to_string(),
        municipality_id: String::new(),
    };
    let staff = world
        .by(user)
        .switch_role(back)
        .await
        .unwrap()
        .into_inner()
        .session
        .unwrap();
    assert_eq!(staff.me.as_ref().unwrap().role(), Role::Teacher);
    assert_ne!(staff.secret, family.secret);
    assert_eq!(
        refused(exchanged(&world, &family.secret).await),
        "SESSION_ENDED"
    );
    world.harness.ignore_announced().await;
}

/// R42: the administrator of the e-journal is one of the deputy directors.
#[tokio::test]
async fn a_deputy_who_is_the_administrator_of_the_journal_acts_as_both_in_one_session() {
    let world = World::sqlite().await;
    let both = roster::StaffMember {
        duties: vec![
            roster::Duty::Deputy.into(),
            roster::Duty::Administrator.into(),
        ],
        ..employee(OTHER_TEACHER, roster::Duty::Deputy, "")
    };
    let staff = vec![both];
    world
        .hear(roster_event::Change::StaffChanged(roster::StaffChanged {
            staff,
        }))
        .await;
    let code = world.code_of(Audience::Staff, None, OTHER_TEACHER).await;
    let session = world.register(&code, "deputy").await.unwrap().session;
    let session = session.unwrap();
    let me = session.me.as_ref().unwrap();
    assert_eq!(me.role(), Role::Administrator);
    for role in [Role::Administrator, Role::Deputy] {
        assert!(me.roles().any(|one| one == role), "{role:?}: {me:?}");
    }
    let Caller::User(user) = exchanged(&world, &session.secret).await.unwrap() else {
        panic!()
    };
    assert!(
        user.roles.contains(&"DEPUTY".to_owned()),
        "{:?}",
        user.roles
    );
    let issued = world
        .by(user)
        .issue_invitations(issue(Audience::ClassGuardians, Some(class(CLASS_5A))))
        .await
        .unwrap()
        .into_inner();
    assert!(!issued.invitations.is_empty(), "what an administrator may");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let world = World::sqlite().await;
    let code = world.code_of(Audience::Staff, None, CLASS_TEACHER).await;
    let other = world
        .register(&code, "teacher")
        .await
        .unwrap()
        .session
        .unwrap();
    let own = world
        .log_in("teacher", PASSWORD, "")
        .await
        .unwrap()
        .session
        .unwrap();
    let Caller::User(user) = exchanged(&world, &own.secret).await.unwrap() else {
        panic!()
    };
    let mut request = ChangePasswordRequest {
        current_password: "not the password".into(),
        new_password: "четыре жёлтых зонта".into(),
        request_id: uuid(9).to_string(),
    };
    assert_eq!(
        refused(
            world
                .by(user.clone())
                .change_password(request.clone())
                .await
        ),
        "CREDENTIALS_WRONG"
    );
    request.current_password = PASSWORD.into();
    let done = world
        .by(user.clone())
        .change_password(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(done.ended_sessions, 1);
    assert_eq!(
        world
            .by(user)
            .change_password(request)
            .await
            .unwrap()
            .into_inner(),
        done,
        "a repeat gets the first answer"
    );
    assert_eq!(
        refused(exchanged(&world, &other.secret).await),
        "SESSION_ENDED"
    );
    assert!(exchanged(&world, &own.secret).await.is_ok());
    assert_eq!(
        refused(world.log_in("teacher", PASSWORD, "").await),
        "CREDENTIALS_WRONG"
    );
    world
        .log_in("teacher", "четыре жёлтых зонта", "")
        .await
        .unwrap();
    world.harness.ignore_announced().await;
}

chassis::on_both_databases! { <crate::IdentityService as chassis::service::Service>::migrations();
    async fn of_ten_people_with_one_code_one_registers(db) {
        let world = World::on(db).await;
        let code = world.code_of(Audience::Staff, None, CLASS_TEACHER).await;
        let tries = (0..10).map(|n| {
            let (code, world) = (code.clone(), &world);
            async move { world.register(&code, &format!("racer-{n}")).await }
        });
        let results = futures::future::join_all(tries).await;
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
        assert_eq!(world.harness.announced::<IdentityEvent>().await.len(), 1);
    }

    async fn parallel_guesses_do_not_slip_past_the_limit(db) {
        let world = World::on(db).await;
        let code = world.code_of(Audience::Staff, None, CLASS_TEACHER).await;
        world.register(&code, "teacher").await.unwrap();
        world.harness.ignore_announced().await;
        let guesses = (0..30).map(|n| {
            let world = &world;
            async move { refused(world.log_in("teacher", &format!("guess number {n}"), "").await) }
        });
        let reasons = futures::future::join_all(guesses).await;
        let evaluated = reasons.iter().filter(|r| *r == "CREDENTIALS_WRONG").count();
        assert_eq!(evaluated, 10, "{reasons:?}");
    }
}
