//! SwitchRole: a logged-in person acts elsewhere; the old session ends and a new
//! one with another secret begins.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status::{self, Refusal, from_db};
use tonic::{Code, Status};
use zhurnal_proto::id::{MunicipalityId, SchoolId};
use zhurnal_proto::identity::v1::{Role as PbRole, SwitchRoleRequest, SwitchRoleResponse};

use crate::domain::role::Role;
use crate::store::sessions;
use crate::{Identity, open};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: SwitchRoleRequest,
) -> Result<SwitchRoleResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.sessions.switchRole", &Facts::own())?;
    let user = caller
        .user()
        .ok_or_else(|| status::unauthenticated("SESSION_ENDED"))?;
    let school = match request.school_id.as_str() {
        "" => None,
        text => Some(text.parse::<SchoolId>().map_err(|_| not_held())?.uuid()),
    };
    let municipality = match request.municipality_id.as_str() {
        "" => None,
        text => Some(
            text.parse::<MunicipalityId>()
                .map_err(|_| not_held())?
                .uuid(),
        ),
    };
    let role = Role::from_number(request.role).ok_or_else(not_held)?;
    let (account, _, places) = super::get_me::present(identity, caller).await?;
    let wanted = places
        .iter()
        .find(|p| p.at() == (role.is_family(), school, municipality) && p.roles.contains(&role))
        .cloned()
        .ok_or_else(not_held)?;
    let mut uow = identity.cx.db.begin().await.map_err(from_db)?;
    let before = sessions::by_id(uow.conn(), user.session.uuid())
        .await
        .map_err(from_db)?;
    let ended = open::end(identity, &mut uow, &[user.session.uuid()]).await?;
    let secret = crate::secrets::fresh(&identity.cx.ids);
    let opening = open::Opening {
        account: &account,
        place: &wanted,
        all: &places,
        device: before.as_ref().map_or("", |s| s.device.as_str()),
        since_us: before.as_ref().map(|s| s.created_us),
        proved_us: before.as_ref().and_then(|s| s.proved_us),
        secret,
    };
    let session = open::session(identity, &uow, opening).await?;
    uow.commit().await.map_err(from_db)?;
    open::tell(identity, &ended).await;
    tracing::debug!(
        role = PbRole::try_from(request.role)
            .unwrap_or_default()
            .as_str_name(),
        "role switched"
    );
    Ok(SwitchRoleResponse {
        session: Some(session),
    })
}

fn not_held() -> Status {
    Refusal::new(
        Code::PermissionDenied,
        "ROLE_NOT_HELD",
        "У вас нет такой роли",
    )
    .into()
}
