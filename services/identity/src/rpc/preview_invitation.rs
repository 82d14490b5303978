//! PreviewInvitation: anybody with a code sees whom it is for; nothing changes.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status::from_db;
use tonic::Status;
use zhurnal_proto::identity::v1::{
    InvitationPreview, PreviewInvitationRequest, PreviewInvitationResponse,
};

use super::{convert, invitation_unknown};
use crate::Identity;
use crate::store::people;

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: PreviewInvitationRequest,
) -> Result<PreviewInvitationResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.invitations.preview", &Facts::own())?;
    let invitation = invitation_unknown::usable(identity, &request.code).await?;
    let conn = identity.cx.db.read();
    let mut preview = InvitationPreview {
        role: invitation.role.into(),
        expires_at: convert::stored(invitation.expires_us),
        ..Default::default()
    };
    if let (Some(school), Some(person)) = (invitation.school_id, invitation.person_id) {
        let name = people::names(conn, school, &[person])
            .await
            .map_err(from_db)?
            .remove(&person);
        preview.short_name = name.map_or_else(String::new, |n| {
            let initial: String = n.surname.chars().take(1).collect();
            format!("{} {initial}.", n.given_name)
        });
        preview.school_title = people::school(conn, school)
            .await
            .map_err(from_db)?
            .map_or_else(String::new, |s| s.title);
    }
    Ok(PreviewInvitationResponse {
        preview: Some(preview),
    })
}
