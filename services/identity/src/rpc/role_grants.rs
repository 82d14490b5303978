//! GrantRole, RevokeRole, ListRoleGrants: administrators give and take roles;
//! nobody to oneself, and the region's last administrator stays.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::micros;
use chassis::idempotency;
use chassis::page::{self, PageFilter};
use chassis::status::{self, Refusal, from_db};
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{AccountId, MunicipalityId, RoleGrantId, SchoolId};
use zhurnal_proto::identity::v1::identity_event::Change;
use zhurnal_proto::identity::v1::{
    GrantRoleRequest, GrantRoleResponse, GrantSource, ListRoleGrantsRequest,
    ListRoleGrantsResponse, RevokeRoleRequest, RevokeRoleResponse, RoleGrantChanged,
};

use super::convert;
use crate::domain::role::Role;
use crate::store::entity::role_grant;
use crate::store::{accounts, grants, people};
use crate::{Identity, grant_without_login};

/// GrantRole.
pub(super) async fn grant(
    identity: &Identity,
    caller: &Caller,
    request: GrantRoleRequest,
) -> Result<GrantRoleResponse, Status> {
    let account: AccountId = request
        .account_id
        .parse()
        .map_err(|_| status::not_found("account"))?;
    let school = school_of(&request.school_id)?;
    let user = caller
        .user()
        .ok_or_else(|| status::denied("identity.roleGrants.grant"))?;
    if user.account == account {
        return Err(Refusal::new(
            Code::PermissionDenied,
            "SELF_GRANT",
            "Роль нельзя выдать самому себе",
        )
        .into());
    }
    let facts = school
        .map_or_else(Facts::region, Facts::school)
        .subject_account(account);
    identity
        .cx
        .access
        .check(caller, "identity.roleGrants.grant", &facts)?;
    let role = Role::from_number(request.role)
        .filter(|r| !r.is_derived())
        .ok_or_else(above)?;
    let municipality = municipality_of(identity, role, &request, user.region).await?;
    let regional = user.region && (role.is_regional() || municipality.is_some());
    if (school.is_none() && !regional) || (school.is_some() && role == Role::Operator) {
        return Err(above());
    }
    let found = accounts::by_id(identity.cx.db.read(), account.uuid())
        .await
        .map_err(from_db)?;
    let found = found.ok_or_else(|| status::not_found("account"))?;

    let key = idempotency::key(&caller.actor(), "GrantRole", &request.request_id, &request)?;
    idempotency::once(&identity.cx.db, &key, |mut uow| async move {
        let row = role_grant::Model {
            role_grant_id: identity.cx.ids.uuid(),
            account_id: account.uuid(),
            role: role.number(),
            school_id: school.map(|s| s.uuid()),
            municipality_id: municipality.map(|m| m.uuid()),
            source: GrantSource::Administrator as i16,
            granted_us: micros(identity.cx.clock.now()),
            ends_on: (!request.ends_on.is_empty()).then_some(request.ends_on),
            revoked_us: None,
        };
        grants::insert(uow.conn(), row.clone())
            .await
            .map_err(from_db)?;
        let shown = convert::grant(&row, &found.login);
        announce(identity, &mut uow, &shown, row.school_id);
        Ok((
            uow,
            GrantRoleResponse {
                role_grant: Some(shown),
            },
        ))
    })
    .await
}

/// RevokeRole.
pub(super) async fn revoke(
    identity: &Identity,
    caller: &Caller,
    request: RevokeRoleRequest,
) -> Result<RevokeRoleResponse, Status> {
    let id: RoleGrantId = request
        .role_grant_id
        .parse()
        .map_err(|_| status::not_found("roleGrant"))?;
    let row = grants::by_id(identity.cx.db.read(), id.uuid())
        .await
        .map_err(from_db)?;
    let row = row.ok_or_else(|| status::not_found("roleGrant"))?;
    let facts = match row.school_id {
        Some(school) => Facts::object("RoleGrant", id, SchoolId::from_uuid(school)),
        None => Facts::regional_object("RoleGrant", id),
    };
    identity
        .cx
        .access
        .check(caller, "identity.roleGrants.revoke", &facts)?;
    let key = idempotency::key(&caller.actor(), "RevokeRole", &request.request_id, &request)?;
    idempotency::once(&identity.cx.db, &key, |mut uow| async move {
        let now = identity.cx.clock.now();
        if row.school_id.is_none()
            && row.role == Role::Administrator.number()
            && row.revoked_us.is_none()
        {
            let left = grants::region_administrators(uow.conn(), identity.today())
                .await
                .map_err(from_db)?;
            if !left.iter().any(|g| g.role_grant_id != row.role_grant_id) {
                return Err(status::precondition(
                    "LAST_ADMINISTRATOR",
                    "Последнего администратора региона убрать нельзя",
                ));
            }
        }
        grants::revoke(uow.conn(), row.role_grant_id, now)
            .await
            .map_err(from_db)?;
        let row = grants::by_id(uow.conn(), row.role_grant_id)
            .await
            .map_err(from_db)?
            .ok_or_else(|| status::not_found("roleGrant"))?;
        let login = accounts::by_id(uow.conn(), row.account_id)
            .await
            .map_err(from_db)?
            .map_or_else(String::new, |a| a.login);
        let shown = convert::grant(&row, &login);
        announce(identity, &mut uow, &shown, row.school_id);
        Ok((
            uow,
            RevokeRoleResponse {
                role_grant: Some(shown),
            },
        ))
    })
    .await
}

/// ListRoleGrants.
pub(super) async fn list(
    identity: &Identity,
    caller: &Caller,
    request: ListRoleGrantsRequest,
) -> Result<ListRoleGrantsResponse, Status> {
    let school = school_of(&request.school_id)?;
    identity.cx.access.check(
        caller,
        "identity.roleGrants.list",
        &school.map_or_else(Facts::region, Facts::school),
    )?;
    let filter = PageFilter::of("ListRoleGrants").and(&request.school_id);
    let size = page::size(request.page_size)?;
    let after: Option<Uuid> = page::decode(&request.page_token, &filter)?;
    let conn = identity.cx.db.read();
    let mut rows = grants::page(conn, school.map(|s| s.uuid()), after, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |r| r.role_grant_id)?;
    let mut role_grants = Vec::with_capacity(rows.len());
    for row in &rows {
        let login = accounts::by_id(conn, row.account_id)
            .await
            .map_err(from_db)?
            .map_or_else(String::new, |a| a.login);
        role_grants.push(convert::grant(row, &login));
    }
    Ok(ListRoleGrantsResponse {
        role_grants,
        next_page_token,
    })
}

/// The municipality of a municipal officer; of nobody else.
async fn municipality_of(
    identity: &Identity,
    role: Role,
    request: &GrantRoleRequest,
    by_region: bool,
) -> Result<Option<MunicipalityId>, Status> {
    const FIELD: &str = "municipality_id";
    let text = request.municipality_id.as_str();
    if role != Role::MunicipalOfficer {
        return match text {
            "" => Ok(None),
            _ => Err(status::invalid_field(
                FIELD,
                "NO_MUNICIPALITY",
                "Муниципалитет указывают только для муниципального сотрудника",
            )),
        };
    }
    if !by_region || !request.school_id.is_empty() {
        return Err(above());
    }
    if text.is_empty() {
        return Err(status::invalid_field(
            FIELD,
            "MUNICIPALITY_REQUIRED",
            "Укажите муниципалитет",
        ));
    }
    let unknown = || status::not_found("municipality");
    let id: MunicipalityId = text.parse().map_err(|_| unknown())?;
    people::municipality(identity.cx.db.read(), id.uuid())
        .await
        .map_err(from_db)?
        .ok_or_else(unknown)?;
    Ok(Some(id))
}

fn school_of(text: &str) -> Result<Option<SchoolId>, Status> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| status::not_found("school"))
}

fn announce(
    identity: &Identity,
    uow: &mut chassis::db::UnitOfWork,
    shown: &zhurnal_proto::identity::v1::RoleGrant,
    school_id: Option<Uuid>,
) {
    let change = RoleGrantChanged {
        role_grant: Some(grant_without_login(shown)),
    };
    let key = shown.role_grant_id.clone();
    uow.announce(identity.event(
        school_id,
        "role_grant_changed",
        key,
        Change::RoleGrantChanged(change),
    ));
}

fn above() -> Status {
    Refusal::new(
        Code::PermissionDenied,
        "ROLE_ABOVE_OWN",
        "Эту роль вы выдать не можете",
    )
    .into()
}
