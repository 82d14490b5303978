//! What demands a fresh proof, and how a session gives one.

use chassis::caller::{Caller, Proof, User};
use jiff::SignedDuration;
use tonic::Status;
use zhurnal_proto::identity::v1::identity_service_client::IdentityServiceClient;
use zhurnal_proto::identity::v1::{
    ExchangeSessionRequest, GetMeRequest, GetSecondFactorRequest, GrantRoleRequest,
    IssuePasswordResetRequest, ListRoleGrantsRequest, Role, SecurityKind, StepUpRequest,
    SwitchRoleRequest,
};

use super::owner::{Owner, other_code};
use super::world::*;

/// Calls with the token that the session's secret is exchanged for.
async fn with(world: &World, secret: &str) -> (Client, User, Proof) {
    let request = ExchangeSessionRequest {
        session_secret: secret.into(),
    };
    let exchanged = world.anonymous().exchange_session(request).await.unwrap();
    let token = exchanged.into_inner().access_token;
    let tokens = &world.harness.cx().tokens;
    let (caller, standing) = tokens.examine(&token, "identity").unwrap();
    let Caller::User(user) = caller else {
        panic!("{caller:?}")
    };
    let channel = world.harness.cx().peers.channel("identity");
    let client = IdentityServiceClient::new(channel.with_bearer(&token).unwrap());
    (client, user, standing.proof)
}

async fn step_up(
    client: &mut Client,
    password: &str,
    code: &str,
) -> Result<zhurnal_proto::identity::v1::Session, Status> {
    let request = StepUpRequest {
        password: password.into(),
        code: code.into(),
    };
    let answer = client.step_up(request).await?.into_inner();
    assert_eq!(answer.expires_in_seconds, 300);
    Ok(answer.session.unwrap())
}

fn reset(n: u128) -> IssuePasswordResetRequest {
    IssuePasswordResetRequest {
        school_id: school().to_string(),
        person_id: person(OTHER_TEACHER).to_string(),
        request_id: uuid(n).to_string(),
    }
}

/// The administrator of the school, logged in with a password, and somebody to help.
async fn office(world: &World) -> String {
    world.employee(OTHER_TEACHER, "teacher").await;
    world.employee(ADMINISTRATOR, "office").await;
    let session = world.log_in("office", PASSWORD, "").await.unwrap();
    world.harness.ignore_announced().await;
    session.session.unwrap().secret
}

chassis::on_both_databases! { <crate::IdentityService as chassis::service::Service>::migrations();
    async fn after_five_minutes_the_password_is_asked_again_and_the_secret_changes(db) {
        let world = World::on(db).await;
        let secret = office(&world).await;
        let (mut client, before, _) = with(&world, &secret).await;
        client.issue_password_reset(reset(1)).await.expect("a log-in is a proof");
        world.harness.clock().advance(SignedDuration::from_mins(5));
        let (mut client, _, proof) = with(&world, &secret).await;
        assert!(!proof.second_factor && !proof.unfinished);
        let denied = client.issue_password_reset(reset(2)).await.unwrap_err();
        let info = chassis::status::error_info(&denied).unwrap();
        assert_eq!((info.reason.as_str(), info.metadata["method"].as_str()), ("STEP_UP_REQUIRED", "PASSWORD"));
        client.get_me(GetMeRequest {}).await.expect("everything else goes on");

        assert_eq!(refused_step(&mut client, "", "123456").await, "PROOF_MISSING");
        assert_eq!(refused_step(&mut client, "не тот", "").await, "CREDENTIALS_WRONG");
        let raised = step_up(&mut client, PASSWORD, "").await.unwrap();
        let (mut client, after, proof) = with(&world, &raised.secret).await;
        assert_ne!(after.session, before.session, "the session has another id");
        assert_eq!(after.account, before.account);
        assert_eq!(proof.given_at.map(|at| at.as_second()), Some(world.harness.cx().clock.now().as_second()));
        let old = ExchangeSessionRequest { session_secret: secret };
        let old = world.anonymous().exchange_session(old).await;
        assert_eq!(refused(old), "SESSION_ENDED", "whoever stole the secret before gains nothing");
        // The same request goes through, once.
        client.issue_password_reset(reset(2)).await.unwrap();
        let log = world.security_log(&after).await;
        assert_eq!(log[0].kind(), SecurityKind::SteppedUp);
        assert_eq!(log[0].device, "тест");
        world.harness.ignore_announced().await;
    }

    async fn many_step_ups_with_one_code_raise_one_session(db) {
        let world = World::on(db).await;
        let user = world.employee(ADMINISTRATOR, "office").await;
        let owner = world.protect(user).await;
        world.next_step();
        let entered = world.challenge("office", "").await;
        let session = world.complete(&entered, &world.code_now(&owner.application)).await.unwrap();
        world.next_step();
        let code = world.code_now(&owner.application);
        let (client, _, _) = with(&world, &session.secret).await;
        let tries = (0..8).map(|_| {
            let (mut client, code) = (client.clone(), code.clone());
            async move { step_up(&mut client, "", &code).await }
        });
        let raised = futures::future::join_all(tries).await;
        assert_eq!(raised.iter().filter(|r| r.is_ok()).count(), 1, "{raised:?}");
        world.harness.ignore_announced().await;
    }
}

async fn refused_step(client: &mut Client, password: &str, code: &str) -> String {
    refused(step_up(client, password, code).await)
}

#[tokio::test]
async fn with_a_second_factor_only_its_code_is_a_proof_and_only_once() {
    let world = World::sqlite().await;
    let user = world.employee(ADMINISTRATOR, "office").await;
    let Owner {
        application,
        recovery_codes,
        ..
    } = world.protect(user).await;
    world.next_step();
    let entered = world.challenge("office", "").await;
    let code = world.code_now(&application);
    let session = world.complete(&entered, &code).await.unwrap();
    world.harness.clock().advance(SignedDuration::from_mins(6));
    let (mut client, _, proof) = with(&world, &session.secret).await;
    assert!(proof.second_factor);
    let denied = client.issue_password_reset(reset(1)).await.unwrap_err();
    let info = chassis::status::error_info(&denied).unwrap();
    assert_eq!(info.metadata["method"], "SECOND_FACTOR");
    assert_eq!(
        refused_step(&mut client, PASSWORD, "").await,
        "PROOF_MISSING",
        "the password is not enough"
    );
    let code = world.code_now(&application);
    let wrong = other_code(&code);
    assert_eq!(refused_step(&mut client, "", &wrong).await, "CODE_WRONG");
    let raised = step_up(&mut client, "", &code).await.unwrap();
    let (mut client, _, _) = with(&world, &raised.secret).await;
    assert_eq!(refused_step(&mut client, "", &code).await, "CODE_WRONG");
    let raised = step_up(&mut client, "", &recovery_codes[0]).await.unwrap();
    let (mut client, user, _) = with(&world, &raised.secret).await;
    let again = refused_step(&mut client, "", &recovery_codes[0]).await;
    assert_eq!(again, "CODE_WRONG");
    let kinds: Vec<_> = world.security_log(&user).await;
    let kinds: Vec<_> = kinds.iter().map(|entry| entry.kind()).collect();
    assert!(kinds.contains(&SecurityKind::RecoveryCodeUsed));
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn ten_wrong_proofs_an_hour_and_then_a_wait() {
    let world = World::sqlite().await;
    let secret = office(&world).await;
    let (mut client, _, _) = with(&world, &secret).await;
    for _ in 0..10 {
        let wrong = refused_step(&mut client, "не тот", "").await;
        assert_eq!(wrong, "CREDENTIALS_WRONG");
    }
    let right = refused_step(&mut client, PASSWORD, "").await;
    assert_eq!(right, "TOO_MANY_ATTEMPTS");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_proof_moves_with_a_switched_role_and_not_with_an_added_card() {
    let world = World::sqlite().await;
    let mother = world.code_of(
        zhurnal_proto::identity::v1::Audience::ClassGuardians,
        Some(class(CLASS_5A)),
        MOTHER,
    );
    let mother = mother.await;
    let secret = office(&world).await;
    world.harness.clock().advance(SignedDuration::from_mins(4));
    let mut request = registration(&mother, "", uuid(77));
    request.session_secret = secret.clone();
    request.password = String::new();
    let added = world.anonymous().register(request).await.unwrap();
    let added = added.into_inner().session.unwrap();
    let (_, _, proof) = with(&world, &added.secret).await;
    assert_eq!(proof.given_at, None, "an invitation code proves nothing");

    let (mut client, _, before) = with(&world, &secret).await;
    let switched = client
        .switch_role(SwitchRoleRequest {
            role: Role::Guardian.into(),
            school_id: String::new(),
            municipality_id: String::new(),
        })
        .await
        .unwrap();
    let secret = switched.into_inner().session.unwrap().secret;
    let (_, _, after) = with(&world, &secret).await;
    assert_eq!(after.given_at, before.given_at);
    assert!(after.given_at.is_some());
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_role_that_demands_a_second_factor_opens_nothing_before_it_is_set_up() {
    use chassis::testing::TestDb;
    let migrations = <crate::IdentityService as chassis::service::Service>::migrations();
    let world = World::configured(TestDb::sqlite(migrations).await, "ADMINISTRATOR").await;
    world.employee(OTHER_TEACHER, "teacher").await;
    world.employee(ADMINISTRATOR, "office").await;
    let entered = world.log_in("office", PASSWORD, "").await.unwrap();
    let session = entered.session.unwrap();
    assert!(session.me.as_ref().unwrap().second_factor_missing);
    let (mut client, user, proof) = with(&world, &session.secret).await;
    assert!(proof.unfinished);
    let me = client.get_me(GetMeRequest {}).await.unwrap().into_inner();
    assert!(me.me.unwrap().second_factor_missing);
    let grants = ListRoleGrantsRequest {
        school_id: school().to_string(),
        ..Default::default()
    };
    let closed = client.list_role_grants(grants.clone()).await;
    assert_eq!(refused(closed), "SECOND_FACTOR_MISSING");
    assert_eq!(
        refused_step(&mut client, PASSWORD, "").await,
        "SECOND_FACTOR_MISSING"
    );
    let own = GetSecondFactorRequest {};
    assert!(client.get_second_factor(own).await.is_ok());
    let other = world.log_in("teacher", PASSWORD, "").await.unwrap();
    let (_, _, free) = with(&world, &other.session.unwrap().secret).await;
    assert!(!free.unfinished, "a role that is not named goes on");

    let owner = world.protect(user).await;
    let (mut client, _, proof) = with(&world, &session.secret).await;
    assert!(!proof.unfinished && proof.second_factor);
    client.list_role_grants(grants).await.unwrap();
    let grant = GrantRoleRequest {
        account_id: other_account(&world).await,
        role: Role::Secretary.into(),
        school_id: school().to_string(),
        ends_on: String::new(),
        request_id: uuid(9).to_string(),
        municipality_id: String::new(),
    };
    client
        .grant_role(grant)
        .await
        .expect("the code that turned it on is a proof");
    assert_eq!(owner.recovery_codes.len(), 10);
    world.harness.ignore_announced().await;
}

async fn other_account(world: &World) -> String {
    let session = world.log_in("teacher", PASSWORD, "").await.unwrap();
    session.session.unwrap().me.unwrap().account_id
}
