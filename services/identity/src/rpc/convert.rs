//! Domain and rows ⇄ proto, nothing else.

use chassis::db::from_micros;
use chassis::status;
use jiff::Timestamp;
use tonic::Status;
use zhurnal_proto::id::{AccountId, InvitationId, MunicipalityId, PersonId, RoleGrantId, SchoolId};
use zhurnal_proto::identity::v1 as pb;
use zhurnal_proto::types::v1::PersonName;

use crate::store::entity::{invitation, role_grant};

/// An instant for the wire.
pub fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond(),
    }
}

/// A stored instant for the wire.
pub fn stored(micros: i64) -> Option<prost_types::Timestamp> {
    Some(timestamp(from_micros(micros)))
}

/// A QR code as SVG.
pub fn qr(text: &str) -> Result<String, Status> {
    let picture = qrcode::QrCode::new(text.as_bytes()).map_err(status::internal)?;
    Ok(picture
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(120, 120)
        .quiet_zone(true)
        .build())
}

/// A code without the code.
pub fn invitation(
    row: &invitation::Model,
    name: Option<PersonName>,
    relation: &str,
    now: Timestamp,
) -> pb::Invitation {
    let state = if row.used_us.is_some() {
        pb::InvitationState::Used
    } else if row.revoked_us.is_some() {
        pb::InvitationState::Revoked
    } else if from_micros(row.expires_us) <= now {
        pb::InvitationState::Expired
    } else {
        pb::InvitationState::Issued
    };
    pb::Invitation {
        invitation_id: InvitationId::from_uuid(row.invitation_id).to_string(),
        school_id: row
            .school_id
            .map(|s| SchoolId::from_uuid(s).to_string())
            .unwrap_or_default(),
        person_id: row
            .person_id
            .map(|p| PersonId::from_uuid(p).to_string())
            .unwrap_or_default(),
        name,
        role: row.role.into(),
        relation: relation.to_owned(),
        state: state.into(),
        issued_at: stored(row.issued_us),
        expires_at: stored(row.expires_us),
        used_at: row.used_us.and_then(stored),
    }
}

/// A grant.
pub fn grant(row: &role_grant::Model, login: &str) -> pb::RoleGrant {
    pb::RoleGrant {
        role_grant_id: RoleGrantId::from_uuid(row.role_grant_id).to_string(),
        account_id: AccountId::from_uuid(row.account_id).to_string(),
        login: login.to_owned(),
        role: row.role.into(),
        school_id: row
            .school_id
            .map(|s| SchoolId::from_uuid(s).to_string())
            .unwrap_or_default(),
        source: row.source.into(),
        granted_at: stored(row.granted_us),
        ends_on: row.ends_on.clone().unwrap_or_default(),
        revoked_at: row.revoked_us.and_then(stored),
        municipality_id: row
            .municipality_id
            .map(|m| MunicipalityId::from_uuid(m).to_string())
            .unwrap_or_default(),
    }
}
