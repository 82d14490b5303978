//! Who may issue, list and revoke invitation codes.

use zhurnal_proto::identity::v1::identity_event::Change;
use zhurnal_proto::identity::v1::{
    Audience, IdentityEvent, InvitationState, InvitationsIssued, ListInvitationsRequest,
    RevokeInvitationRequest, Role,
};

use super::world::*;

fn list(class_id: &str) -> ListInvitationsRequest {
    ListInvitationsRequest {
        school_id: school().to_string(),
        class_id: class_id.into(),
        page_size: 0,
        page_token: String::new(),
    }
}

#[tokio::test]
async fn the_class_teacher_prints_codes_for_the_own_class() {
    let world = World::sqlite().await;
    let teacher = || world.by(staff(CLASS_TEACHER, &["TEACHER"]));
    let pupils = teacher()
        .issue_invitations(issue(Audience::ClassPupils, Some(class(CLASS_5A))))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(pupils.invitations.len(), 1);
    let parents = teacher()
        .issue_invitations(issue(Audience::ClassGuardians, Some(class(CLASS_5A))))
        .await
        .unwrap()
        .into_inner();
    let slip = &parents.invitations[0];
    assert_eq!(
        slip.invitation.as_ref().unwrap().relation,
        "мать: Ученикова Анна"
    );
    assert!(slip.qr_svg.contains("<svg"), "a QR code to print");
    assert_eq!(slip.code.len(), 19);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn another_class_and_the_staff_are_not_the_class_teachers_business() {
    let world = World::sqlite().await;
    let teacher = || world.by(staff(CLASS_TEACHER, &["TEACHER"]));
    for request in [
        issue(Audience::ClassPupils, Some(class(CLASS_5B))),
        issue(Audience::ClassGuardians, Some(class(CLASS_5B))),
        issue(Audience::Staff, None),
    ] {
        assert_eq!(
            refused(teacher().issue_invitations(request).await),
            "PERMISSION_DENIED"
        );
    }
    assert_eq!(
        refused(teacher().list_invitations(list("")).await),
        "PERMISSION_DENIED"
    );
}

#[tokio::test]
async fn an_administrator_of_another_school_is_refused() {
    let world = World::sqlite().await;
    let mut stranger = staff(ADMINISTRATOR, &["ADMINISTRATOR"]);
    stranger.school = Some(zhurnal_proto::id::SchoolId::from_uuid(uuid(999)));
    let answer = world
        .by(stranger)
        .issue_invitations(issue(Audience::Staff, None))
        .await;
    assert_eq!(refused(answer), "PERMISSION_DENIED");
}

#[tokio::test]
async fn a_person_outside_the_audience_gets_no_code() {
    let world = World::sqlite().await;
    let mut request = issue(Audience::ClassPupils, Some(class(CLASS_5A)));
    request.person_ids = vec![person(PUPIL_OF_OTHER_CLASS).to_string()];
    let answer = world
        .by(staff(CLASS_TEACHER, &["TEACHER"]))
        .issue_invitations(request)
        .await;
    assert_eq!(refused(answer), "PERSON_NOT_IN_SCOPE");
}

#[tokio::test]
async fn a_repeated_issue_gives_the_same_codes_and_a_new_issue_ends_them() {
    let world = World::sqlite().await;
    let request = issue(Audience::ClassPupils, Some(class(CLASS_5A)));
    let teacher = || world.by(staff(CLASS_TEACHER, &["TEACHER"]));
    let first = teacher()
        .issue_invitations(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = teacher()
        .issue_invitations(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    let events: Vec<IdentityEvent> = world.harness.announced().await;
    let cards: Vec<String> = first
        .invitations
        .iter()
        .filter_map(|issued| Some(issued.invitation.as_ref()?.person_id.clone()))
        .collect();
    let told: Vec<_> = events
        .into_iter()
        .filter_map(|event| event.change)
        .collect();
    let issued = InvitationsIssued {
        person_ids: cards,
        role: Role::Pupil.into(),
    };
    assert_eq!(
        told,
        [Change::InvitationsIssued(issued)],
        "a repeat is not told again"
    );
    let newer = teacher()
        .issue_invitations(issue(Audience::ClassPupils, Some(class(CLASS_5A))))
        .await
        .unwrap()
        .into_inner();
    world.harness.ignore_announced().await;
    assert_ne!(newer.invitations[0].code, first.invitations[0].code);
    assert_eq!(
        refused(world.register(&first.invitations[0].code, "pupil").await),
        "INVITATION_UNKNOWN"
    );
    world
        .register(&newer.invitations[0].code, "pupil")
        .await
        .unwrap();
    assert_eq!(world.harness.announced::<IdentityEvent>().await.len(), 1);
}

#[tokio::test]
async fn the_list_shows_states_and_who_has_registered_but_never_a_code() {
    let world = World::sqlite().await;
    let code = world
        .code_of(Audience::ClassPupils, Some(class(CLASS_5A)), PUPIL)
        .await;
    world
        .codes(Audience::ClassGuardians, Some(class(CLASS_5A)))
        .await;
    world.register(&code, "pupil").await.unwrap();
    world.harness.ignore_announced().await;
    let answer = world
        .by(staff(CLASS_TEACHER, &["TEACHER"]))
        .list_invitations(list(&class(CLASS_5A).to_string()))
        .await;
    let answer = answer.unwrap().into_inner();
    assert_eq!((answer.person_count, answer.registered_count), (2, 1));
    let states: Vec<_> = answer.invitations.iter().map(|i| i.state()).collect();
    assert!(
        states.contains(&InvitationState::Used) && states.contains(&InvitationState::Issued),
        "{states:?}"
    );
}

#[tokio::test]
async fn a_revoked_code_is_useless_and_foreign_ids_do_not_exist() {
    let world = World::sqlite().await;
    let issued = world
        .codes(Audience::ClassPupils, Some(class(CLASS_5A)))
        .await
        .invitations
        .remove(0);
    let id = issued.invitation.unwrap().invitation_id;
    let revoke = |id: &str| RevokeInvitationRequest {
        school_id: school().to_string(),
        invitation_id: id.into(),
        request_id: uuid(3).to_string(),
    };
    let other = world
        .by(staff(OTHER_TEACHER, &["TEACHER"]))
        .revoke_invitation(revoke(&id))
        .await
        .unwrap_err();
    let missing = "inv_00000000000000000000000000000001";
    let unknown = world
        .by(staff(OTHER_TEACHER, &["TEACHER"]))
        .revoke_invitation(revoke(missing))
        .await
        .unwrap_err();
    assert_eq!(
        (other.code(), other.message()),
        (unknown.code(), unknown.message()),
        "foreign looks like non-existing"
    );
    let done = world
        .by(staff(CLASS_TEACHER, &["TEACHER"]))
        .revoke_invitation(revoke(&id))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(done.invitation.unwrap().state(), InvitationState::Revoked);
    assert_eq!(
        refused(world.register(&issued.code, "pupil").await),
        "INVITATION_UNKNOWN"
    );
}

#[tokio::test]
async fn a_family_that_lost_its_password_gets_a_new_code_and_old_sessions_end() {
    let world = World::sqlite().await;
    let code = world
        .code_of(Audience::ClassGuardians, Some(class(CLASS_5A)), MOTHER)
        .await;
    world.register(&code, "mother").await.unwrap();
    let mut request = issue(Audience::ClassGuardians, Some(class(CLASS_5A)));
    request.person_ids = vec![person(MOTHER).to_string()];
    let again = world
        .by(staff(CLASS_TEACHER, &["TEACHER"]))
        .issue_invitations(request)
        .await
        .unwrap()
        .into_inner();
    world
        .register(&again.invitations[0].code, "mother-2")
        .await
        .unwrap();
    assert_eq!(
        refused(world.log_in("mother", PASSWORD, "").await),
        "NOTHING_TO_ACT_AS"
    );
    world.log_in("mother-2", PASSWORD, "").await.unwrap();
    world.harness.ignore_announced().await;
}
