//! Roles that administrators give and take.

use chassis::caller::{Caller, User};
use chassis::service::Service as _;
use zhurnal_proto::id::MunicipalityId;
use zhurnal_proto::identity::v1::{
    Audience, ExchangeSessionRequest, GetMeRequest, GrantRoleRequest, IdentityEvent,
    ListRoleGrantsRequest, RevokeRoleRequest, Role, RoleGrant, SwitchRoleRequest,
};
use zhurnal_proto::roster::v1::{self as roster, roster_event::Change};

use super::world::*;
use crate::IdentityService;

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
        municipality_id: String::new(),
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

async fn hear_municipality(world: &World, id: MunicipalityId, title: &str) {
    let municipality = roster::Municipality {
        municipality_id: id.to_string(),
        title: title.into(),
        ..Default::default()
    };
    world
        .hear(Change::MunicipalityChanged(roster::MunicipalityChanged {
            municipality: Some(municipality),
        }))
        .await;
}

fn municipal(account_id: &str, municipality_id: &str, n: u128) -> GrantRoleRequest {
    GrantRoleRequest {
        municipality_id: municipality_id.into(),
        ..grant(account_id, Role::MunicipalOfficer, "", n)
    }
}

chassis::on_both_databases! { IdentityService::migrations();
    async fn a_municipal_officer_acts_in_the_municipality_of_the_grant(db) {
        let world = World::on(db).await;
        let chief = chief(&world, "chief").await;
        let code = world.code_of(Audience::Staff, None, OTHER_TEACHER).await;
        let session = world.register(&code, "officer").await.unwrap().session.unwrap();
        let account = session.me.clone().unwrap().account_id;
        let own = MunicipalityId::from_uuid(uuid(700));
        hear_municipality(&world, own, "Примерный район").await;
        let request = municipal(&account, &own.to_string(), 1);
        let mut office = world.by(chief.clone());
        let given = office.grant_role(request.clone()).await.unwrap().into_inner().role_grant.unwrap();
        assert_eq!((given.municipality_id.as_str(), given.school_id.as_str()), (own.to_string().as_str(), ""));
        let again = office.grant_role(request).await.unwrap().into_inner().role_grant.unwrap();
        assert_eq!(again, given, "a repeated request");
        assert!(grants(&world, &chief).await.contains(&given));

        let logged_in = world.log_in("officer", PASSWORD, "").await.unwrap().session.unwrap();
        let me = logged_in.me.unwrap();
        let place = me.available.iter().find(|one| one.role() == Role::MunicipalOfficer).unwrap();
        assert_eq!((place.municipality_id.clone(), place.municipality_title.as_str()), (own.to_string(), "Примерный район"));
        let user = user_of(&world, &logged_in.secret).await;
        assert_eq!((user.municipality, user.school.is_some()), (None, true), "school first");

        let switch = |municipality_id: String| SwitchRoleRequest {
            role: Role::MunicipalOfficer.into(),
            school_id: String::new(),
            municipality_id,
        };
        let elsewhere = MunicipalityId::from_uuid(uuid(701)).to_string();
        for wrong in [String::new(), elsewhere] {
            assert_eq!(refused(world.by(user.clone()).switch_role(switch(wrong)).await), "ROLE_NOT_HELD");
        }
        let session = world.by(user).switch_role(switch(own.to_string())).await.unwrap().into_inner().session.unwrap();
        let me = session.me.unwrap();
        assert_eq!((me.role(), me.school_id.as_str()), (Role::MunicipalOfficer, ""));
        assert_eq!((me.municipality_id, me.municipality_title.as_str()), (own.to_string(), "Примерный район"));
        let officer = user_of(&world, &session.secret).await;
        assert_eq!(officer.municipality, Some(own));
        assert_eq!((officer.region, officer.school, officer.roles.as_slice()), (false, None, ["MUNICIPAL_OFFICER".to_owned()].as_slice()));

        hear_municipality(&world, own, "Примерный округ").await;
        let shown = world.by(officer.clone()).get_me(GetMeRequest {}).await.unwrap().into_inner().me.unwrap();
        assert_eq!(shown.municipality_title, "Примерный округ");
        office.revoke_role(revoke(&given, 2)).await.unwrap();
        assert_eq!(refused(world.by(officer).get_me(GetMeRequest {}).await), "SESSION_ENDED");
        world.harness.ignore_announced().await;
    }
}

async fn user_of(world: &World, secret: &str) -> User {
    let request = ExchangeSessionRequest {
        session_secret: secret.into(),
    };
    let mut client = world.anonymous();
    let token = client.exchange_session(request).await.unwrap().into_inner();
    let tokens = &world.harness.cx().tokens;
    match tokens.verify(&token.access_token, "identity").unwrap() {
        Caller::User(user) => user,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_municipality_goes_with_its_officer_and_with_nobody_else() {
    let world = World::sqlite().await;
    let chief = chief(&world, "chief").await;
    let code = world.code_of(Audience::Staff, None, OTHER_TEACHER).await;
    let session = world.register(&code, "officer").await.unwrap().session;
    let account = session.unwrap().me.unwrap().account_id;
    let own = MunicipalityId::from_uuid(uuid(700));
    hear_municipality(&world, own, "Примерный район").await;
    let mut office = world.by(chief);
    let field = |answer: Result<_, tonic::Status>| {
        let refused: tonic::Status = answer.map(|_: tonic::Response<_>| ()).unwrap_err();
        let violations = chassis::status::violations(&refused);
        violations.into_iter().map(|v| v.reason).collect::<Vec<_>>()
    };
    let missing = office.grant_role(municipal(&account, "", 1)).await;
    assert_eq!(field(missing), ["MUNICIPALITY_REQUIRED"]);
    let ministry = GrantRoleRequest {
        role: Role::MinistryOfficer.into(),
        ..municipal(&account, &own.to_string(), 2)
    };
    assert_eq!(
        field(office.grant_role(ministry).await),
        ["NO_MUNICIPALITY"]
    );
    let unknown = MunicipalityId::from_uuid(uuid(701)).to_string();
    let unknown = office.grant_role(municipal(&account, &unknown, 3)).await;
    assert_eq!(unknown.unwrap_err().code(), tonic::Code::NotFound);
    let in_school = GrantRoleRequest {
        school_id: school().to_string(),
        ..municipal(&account, &own.to_string(), 4)
    };
    assert_eq!(
        refused(office.grant_role(in_school.clone()).await),
        "ROLE_ABOVE_OWN"
    );
    let of_school = world.by(staff(ADMINISTRATOR, &["ADMINISTRATOR"]));
    assert_eq!(
        refused(of_school.clone().grant_role(in_school).await),
        "ROLE_ABOVE_OWN"
    );
    let own = municipal(&account, &own.to_string(), 5);
    let above = of_school.clone().grant_role(own).await.unwrap_err();
    assert_eq!(above.code(), tonic::Code::PermissionDenied);
    world.harness.ignore_announced().await;
}
