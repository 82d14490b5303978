//! Roles that administrators give and take.

use chassis::caller::{Caller, User};
use zhurnal_proto::identity::v1::{
    Audience, ExchangeSessionRequest, GrantRoleRequest, IdentityEvent, ListRoleGrantsRequest,
    RevokeRoleRequest, Role, RoleGrant,
};

use super::world::*;

async fn chief(world: &World, login: &str) -> User {
    let code = world.identity.administrator_code().await.unwrap();
    let session = world.register(&code, login).await.unwrap().session.unwrap();
    let request = ExchangeSessionRequest {
        session_secret: session.secret,
    };
    let token = world
        .anonymous()
        .exchange_session(request)
        .await
        .unwrap()
        .into_inner()
        .access_token;
    match world
        .harness
        .cx()
        .tokens
        .verify(&token, "identity")
        .unwrap()
    {
        Caller::User(user) => user,
        other => panic!("{other:?}"),
    }
}

async fn grants(world: &World, user: &User) -> Vec<RoleGrant> {
    world
        .by(user.clone())
        .list_role_grants(ListRoleGrantsRequest::default())
        .await
        .unwrap()
        .into_inner()
        .role_grants
}

fn grant(account_id: &str, role: Role, school_id: &str, n: u128) -> GrantRoleRequest {
    GrantRoleRequest {
        account_id: account_id.into(),
        role: role.into(),
        school_id: school_id.into(),
        ends_on: String::new(),
        request_id: uuid(n).to_string(),
    }
}

fn revoke(grant: &RoleGrant, n: u128) -> RevokeRoleRequest {
    RevokeRoleRequest {
        role_grant_id: grant.role_grant_id.clone(),
        request_id: uuid(n).to_string(),
    }
}

#[tokio::test]
async fn the_last_administrator_of_the_region_cannot_be_removed() {
    let world = World::sqlite().await;
    let first = chief(&world, "first").await;
    let own = grants(&world, &first).await;
    assert_eq!(own.len(), 1);
    assert_eq!(
        refused(
            world
                .by(first.clone())
                .revoke_role(revoke(&own[0], 1))
                .await
        ),
        "LAST_ADMINISTRATOR"
    );
    let second = chief(&world, "second").await;
    world
        .by(second.clone())
        .revoke_role(revoke(&own[0], 2))
        .await
        .expect("there is another one now");
    let left: Vec<_> = grants(&world, &second)
        .await
        .into_iter()
        .filter(|g| g.revoked_at.is_none())
        .collect();
    assert_eq!(left.len(), 1);
    assert_eq!(
        refused(world.by(second).revoke_role(revoke(&left[0], 3)).await),
        "LAST_ADMINISTRATOR"
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn nobody_grants_a_role_to_oneself_or_above_the_own() {
    let world = World::sqlite().await;
    let chief = chief(&world, "chief").await;
    let code = world.code_of(Audience::Staff, None, OTHER_TEACHER).await;
    let teacher = world
        .register(&code, "teacher")
        .await
        .unwrap()
        .session
        .unwrap()
        .me
        .unwrap()
        .account_id;
    let own = chief.account.to_string();
    assert_eq!(
        refused(
            world
                .by(chief.clone())
                .grant_role(grant(&own, Role::Operator, "", 1))
                .await
        ),
        "SELF_GRANT"
    );
    let school_admin = staff(ADMINISTRATOR, &["ADMINISTRATOR"]);
    let above = grant(&teacher, Role::Administrator, "", 2);
    assert!(
        world
            .by(school_admin.clone())
            .grant_role(above)
            .await
            .is_err(),
        "a school's administrator makes no regional one"
    );
    let derived = grant(&teacher, Role::Guardian, &school().to_string(), 3);
    assert_eq!(
        refused(world.by(school_admin.clone()).grant_role(derived).await),
        "ROLE_ABOVE_OWN"
    );
    let teacher_tries = grant(&teacher, Role::Deputy, &school().to_string(), 4);
    assert_eq!(
        refused(
            world
                .by(staff(OTHER_TEACHER, &["TEACHER"]))
                .grant_role(teacher_tries)
                .await
        ),
        "PERMISSION_DENIED"
    );

    let good = grant(&teacher, Role::Deputy, &school().to_string(), 5);
    let first = world
        .by(school_admin.clone())
        .grant_role(good.clone())
        .await
        .unwrap()
        .into_inner();
    let again = world
        .by(school_admin)
        .grant_role(good)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again, "a repeat acts once");
    let session = world
        .log_in("teacher", PASSWORD, "")
        .await
        .unwrap()
        .session
        .unwrap()
        .me
        .unwrap();
    assert_eq!(session.role(), Role::Deputy);
    world.harness.ignore_announced().await;
}

chassis::on_both_databases! { <crate::IdentityService as chassis::service::Service>::migrations();
    async fn two_administrators_who_remove_each_other_at_once_leave_one(db) {
        let world = World::on(db).await;
        let (a, b) = (chief(&world, "a-chief").await, chief(&world, "b-chief").await);
        let all = grants(&world, &a).await;
        let of = |user: &User| all.iter().find(|g| g.account_id == user.account.to_string()).unwrap().clone();
        let (grant_a, grant_b) = (of(&a), of(&b));
        let (mut by_a, mut by_b) = (world.by(a.clone()), world.by(b));
        let (first, second) = tokio::join!(by_a.revoke_role(revoke(&grant_b, 1)), by_b.revoke_role(revoke(&grant_a, 2)));
        assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|ok| **ok).count(), 1);
        let left = grants(&world, &a).await.into_iter().filter(|g| g.revoked_at.is_none()).count();
        assert_eq!(left, 1);
        let _events: Vec<IdentityEvent> = world.harness.announced().await;
    }
}
