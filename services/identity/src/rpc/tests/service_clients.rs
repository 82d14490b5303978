//! Other ministry systems: registered, given tokens, changed, ended.

use chassis::caller::{Caller, Client as Machine, User};
use jiff::SignedDuration;
use tonic::Status;
use zhurnal_proto::identity::v1::{
    IssueClientTokenRequest, IssueClientTokenResponse, ListServiceClientsRequest,
    RegisterServiceClientRequest, RegisterServiceClientResponse, RetireClientSecretRequest,
    RevokeServiceClientRequest, RotateClientSecretRequest, RotateClientSecretResponse,
    ServiceClient,
};

use super::world::*;

fn regional(role: &str) -> User {
    User {
        school: None,
        person: None,
        region: true,
        ..staff(ADMINISTRATOR, &[role])
    }
}

fn registration_of(n: u128) -> RegisterServiceClientRequest {
    RegisterServiceClientRequest {
        title: "Региональный сегмент".into(),
        scopes: vec!["roster.read".into(), "roster.events".into()],
        school_ids: vec![school().to_string()],
        rate_per_minute: 60,
        ends_on: "2027-08-31".into(),
        request_id: uuid(n).to_string(),
    }
}

impl World {
    async fn client(&self) -> RegisterServiceClientResponse {
        let mut operator = self.by(regional("OPERATOR"));
        let answer = operator.register_service_client(registration_of(1)).await;
        answer.unwrap().into_inner()
    }

    async fn token(
        &self,
        id: &str,
        secret: &str,
        scope: &str,
    ) -> Result<IssueClientTokenResponse, Status> {
        let request = IssueClientTokenRequest {
            client_id: id.into(),
            client_secret: secret.into(),
            scope: scope.into(),
        };
        let answer = self.anonymous().issue_client_token(request).await?;
        Ok(answer.into_inner())
    }

    async fn rotate(&self, id: &str, n: u128) -> Result<RotateClientSecretResponse, Status> {
        let request = RotateClientSecretRequest {
            client_id: id.into(),
            request_id: uuid(n).to_string(),
        };
        let mut operator = self.by(regional("OPERATOR"));
        Ok(operator.rotate_client_secret(request).await?.into_inner())
    }

    async fn retire(&self, id: &str, secret_id: &str, n: u128) -> Result<ServiceClient, Status> {
        let request = RetireClientSecretRequest {
            client_id: id.into(),
            secret_id: secret_id.into(),
            request_id: uuid(n).to_string(),
        };
        let mut operator = self.by(regional("OPERATOR"));
        let answer = operator.retire_client_secret(request).await?;
        Ok(answer.into_inner().client.unwrap())
    }

    async fn revoke_client(&self, id: &str, n: u128) -> Result<ServiceClient, Status> {
        let request = RevokeServiceClientRequest {
            client_id: id.into(),
            request_id: uuid(n).to_string(),
        };
        let mut operator = self.by(regional("OPERATOR"));
        let answer = operator.revoke_service_client(request).await?;
        Ok(answer.into_inner().client.unwrap())
    }
}

chassis::on_both_databases! { <crate::IdentityService as chassis::service::Service>::migrations();
    async fn a_registered_system_gets_tokens_for_its_schools_and_scopes_only(db) {
        let world = World::on(db).await;
        let made = world.client().await;
        let again = world.client().await;
        assert_eq!(made, again, "a repeat registers nothing and tells the same secret");
        let client = made.client.unwrap();
        assert!(client.client_id.starts_with("cli_"));
        assert_eq!(client.secrets.len(), 1);
        let issued = world.token(&client.client_id, &made.client_secret, "").await.unwrap();
        assert_eq!((issued.expires_in_seconds, issued.scope.as_str()), (300, "roster.read roster.events"));
        let (caller, standing) = world.harness.cx().tokens.examine(&issued.access_token, "roster").unwrap();
        let wanted = Machine {
            id: client.client_id.clone(),
            scopes: vec!["roster.read".into(), "roster.events".into()],
            schools: vec![school()],
        };
        assert_eq!(caller, Caller::Client(wanted));
        assert_eq!(standing.rate_per_minute, 60);
        let less = world.token(&client.client_id, &made.client_secret, "roster.events").await.unwrap();
        assert_eq!(less.scope, "roster.events");
        let more = world.token(&client.client_id, &made.client_secret, "grading.events").await;
        assert_eq!(refused(more), "SCOPE_NOT_GRANTED");

        let mut ministry = world.by(regional("MINISTRY_OFFICER"));
        let list = ministry.list_service_clients(ListServiceClientsRequest::default());
        let list = list.await.unwrap().into_inner();
        assert_eq!(list.clients.len(), 1);
        assert!(list.clients[0].secrets[0].used_at.is_some());
        assert!(list.known_scopes.contains(&"grading.events".to_owned()));
    }

    async fn two_secrets_are_good_while_the_system_changes_them(db) {
        let world = World::on(db).await;
        let made = world.client().await;
        let client = made.client.unwrap();
        let id = client.client_id.as_str();
        let second = world.rotate(id, 10).await.unwrap();
        assert_eq!(second, world.rotate(id, 10).await.unwrap(), "a repeat tells the same secret");
        assert_ne!(second.client_secret, made.client_secret);
        for secret in [&made.client_secret, &second.client_secret] {
            world.token(id, secret, "").await.unwrap();
        }
        assert_eq!(refused(world.rotate(id, 11).await), "TWO_SECRETS");
        let old = &client.secrets[0].secret_id;
        let left = world.retire(id, old, 12).await.unwrap();
        assert_eq!(left.secrets.len(), 1);
        assert_eq!(refused(world.token(id, &made.client_secret, "").await), "CLIENT_UNKNOWN");
        world.token(id, &second.client_secret, "").await.unwrap();
        assert_eq!(refused(world.retire(id, &left.secrets[0].secret_id, 13).await), "LAST_SECRET");
        assert_eq!(refused(world.retire(id, old, 14).await), "NOT_FOUND", "it is over already");
    }

    async fn many_rotations_at_once_leave_two_secrets(db) {
        let world = World::on(db).await;
        let client = world.client().await.client.unwrap();
        let tries = (0..6).map(|n| world.rotate(&client.client_id, 20 + n));
        let done = futures::future::join_all(tries).await;
        assert_eq!(done.iter().filter(|r| r.is_ok()).count(), 1, "{done:?}");
    }
}

#[tokio::test]
async fn every_way_of_not_being_a_client_is_the_same_refusal() {
    let world = World::sqlite().await;
    let made = world.client().await;
    let id = made.client.unwrap().client_id;
    let other = "cli_00000000000000000000000000000bad";
    for (id, secret) in [
        (id.as_str(), "wrong"),
        (other, made.client_secret.as_str()),
        ("admin", made.client_secret.as_str()),
    ] {
        assert_eq!(refused(world.token(id, secret, "").await), "CLIENT_UNKNOWN");
    }
    let last = "2027-08-31T20:00:00Z".parse().unwrap();
    world.harness.clock().set(last);
    world.token(&id, &made.client_secret, "").await.unwrap();
    world.harness.clock().advance(SignedDuration::from_hours(2));
    let expired = world.token(&id, &made.client_secret, "").await;
    assert_eq!(refused(expired), "CLIENT_UNKNOWN", "its last day is over");
}

#[tokio::test]
async fn a_revoked_system_is_over_everywhere() {
    let world = World::sqlite().await;
    let made = world.client().await;
    let id = made.client.unwrap().client_id;
    let mut heard = world
        .harness
        .cx()
        .cache
        .namespaced("identity")
        .subscribe("sessions.ended");
    let over = world.revoke_client(&id, 30).await.unwrap();
    assert!(over.revoked_at.is_some() && over.secrets.is_empty());
    let told = heard.next().await.unwrap();
    assert_eq!(
        told,
        format!("client:{id}").as_bytes(),
        "every process hears"
    );
    let token = world.token(&id, &made.client_secret, "").await;
    assert_eq!(refused(token), "CLIENT_UNKNOWN");
    assert_eq!(refused(world.rotate(&id, 31).await), "CLIENT_REVOKED");
    let unknown = "cli_00000000000000000000000000000bad";
    assert_eq!(refused(world.revoke_client(unknown, 32).await), "NOT_FOUND");
}

#[tokio::test]
async fn who_may_not_register_systems_is_refused_and_bad_registrations_name_the_field() {
    let world = World::sqlite().await;
    let register = async |user: User, request| {
        let mut by = world.by(user);
        by.register_service_client(request).await
    };
    for user in [
        staff(ADMINISTRATOR, &["ADMINISTRATOR"]),
        staff(DIRECTOR, &["DIRECTOR"]),
        regional("MINISTRY_OFFICER"),
    ] {
        let denied = register(user, registration_of(1)).await;
        assert_eq!(refused(denied), "PERMISSION_DENIED");
    }
    let unknown = RegisterServiceClientRequest {
        scopes: vec!["grading.write".into()],
        ..registration_of(2)
    };
    let late = RegisterServiceClientRequest {
        ends_on: "2026-08-31".into(),
        ..registration_of(3)
    };
    for (request, field) in [(unknown, "scopes"), (late, "endsOn")] {
        let status = register(regional("ADMINISTRATOR"), request).await;
        let status = status.unwrap_err();
        assert_eq!(chassis::status::violations(&status)[0].field, field);
    }
}

#[tokio::test]
async fn the_command_line_registers_changes_lists_and_ends_systems() {
    use crate::clients::NewClient;
    let world = World::sqlite().await;
    let new = |scopes: &str| NewClient {
        title: "Мониторинг".into(),
        scopes: scopes.into(),
        schools: vec![],
        rate_per_minute: 10,
        ends_on: "2027-08-31".parse().unwrap(),
    };
    let made = world.identity.register_client(new("roster.read"));
    let made = made.await.unwrap();
    assert!(world.identity.register_client(new("all")).await.is_err());
    assert!(world.identity.register_client(new("")).await.is_err());
    let id = &made.client_id;
    world.token(id, &made.client_secret, "").await.unwrap();
    let known = id.parse().unwrap();
    let second = world.identity.rotate_client(known).await.unwrap();
    world.token(id, &second.client_secret, "").await.unwrap();
    assert!(world.identity.rotate_client(known).await.is_err());
    let lines = world.identity.client_lines().await.unwrap();
    assert!(lines[0].starts_with(&format!("{id}\tactive\t2027-08-31\troster.read")));
    assert!(world.identity.revoke_client(known).await.unwrap());
    let over = world.token(id, &second.client_secret, "").await;
    assert_eq!(refused(over), "CLIENT_UNKNOWN");
    let unknown = "cli_00000000000000000000000000000bad".parse().unwrap();
    assert!(!world.identity.revoke_client(unknown).await.unwrap());
}
