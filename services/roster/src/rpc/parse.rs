//! What every RPC does first: the contract's constraints, the ids, the caller, the school.

use chassis::access::{Facts, Scope};
use chassis::caller::{self, Caller};
use chassis::status;
use jiff::civil::Date;
use tonic::{Request, Status};
use zhurnal_proto::id::{Id, MunicipalityId, SchoolId};
use zhurnal_proto::validate::{Validate, check};

use crate::Roster;
use crate::domain::record;
use crate::store::{Owner, School, municipalities, schools};

/// The caller and the message, whose constraints hold.
pub(super) fn accept<T: Validate>(request: Request<T>) -> Result<(Caller, T), Status> {
    check(request.get_ref()).map_err(status::invalid)?;
    let caller = caller::of(&request)?.clone();
    Ok((caller, request.into_inner()))
}

/// An id that the contract has checked already.
pub(super) fn id<I: Id>(field: &str, text: &str) -> Result<I, Status> {
    text.parse()
        .map_err(|_| status::invalid_field(field, "INVALID_ID", "Неверный идентификатор"))
}

/// An id that may be left out.
pub(super) fn optional_id<I: Id>(field: &str, text: &str) -> Result<Option<I>, Status> {
    if text.is_empty() {
        Ok(None)
    } else {
        id(field, text).map(Some)
    }
}

/// A date that may be left out.
pub(super) fn optional_date(field: &str, text: &str) -> Result<Option<Date>, Status> {
    if text.is_empty() {
        return Ok(None);
    }
    let date = text
        .parse()
        .map_err(|_| status::invalid_field(field, "DATE", "Дата в виде ГГГГ-ММ-ДД"))?;
    Ok(Some(date))
}

/// A date that is obligatory.
pub(super) fn date(field: &str, text: &str) -> Result<Date, Status> {
    optional_date(field, text)?
        .ok_or_else(|| status::invalid_field(field, "REQUIRED", "Укажите дату"))
}

/// The school of a collection, once the caller is let in. A school that is not there
/// is NOT_FOUND for those who see all schools; others are refused as for any other.
pub(super) async fn school(
    roster: &Roster,
    caller: &Caller,
    permission: &str,
    school_id: &str,
) -> Result<(School, record::School), Status> {
    let id: SchoolId = id("school_id", school_id)?;
    school_by(roster, caller, permission, &Facts::school(id)).await
}

/// The same, with more said about the collection.
pub(super) async fn school_by(
    roster: &Roster,
    caller: &Caller,
    permission: &str,
    facts: &Facts,
) -> Result<(School, record::School), Status> {
    let facts = &within_municipality(roster, caller, facts).await?;
    let scope = roster.cx.access.check(caller, permission, facts)?;
    let school = School::of(&scope).ok_or_else(|| status::denied(permission))?;
    let found = schools::get(roster.cx.db.read(), school)
        .await
        .map_err(status::from_db)?;
    Ok((school, found.ok_or_else(|| status::not_found("School"))?))
}

/// What an officer of a municipality has to be told of a school: that it lies there. One
/// that does not is NOT_FOUND as one that is not there.
async fn within_municipality(
    roster: &Roster,
    caller: &Caller,
    facts: &Facts,
) -> Result<Facts, Status> {
    let own = caller.user().and_then(|user| user.municipality);
    let (Some(own), Some(id)) = (own, facts.of_school()) else {
        return Ok(facts.clone());
    };
    let found = schools::get(roster.cx.db.read(), School::to_decide(id)).await;
    found
        .map_err(status::from_db)?
        .filter(|school| school.municipality_id == Some(own))
        .ok_or_else(|| status::not_found("School"))?;
    Ok(facts.clone().in_municipality(own))
}

/// The municipality to which a list is narrowed: by the caller's session, by the request.
pub(super) fn only_municipality(
    scope: &Scope,
    wanted: &str,
) -> Result<Option<MunicipalityId>, Status> {
    let wanted = optional_id("municipality_id", wanted)?;
    match (scope.only_municipality(), wanted) {
        (Some(own), Some(wanted)) if own != wanted => Err(status::not_found("Municipality")),
        (own, wanted) => Ok(own.or(wanted)),
    }
}

/// Who keeps registries above schools, once the caller is let in: the municipality, or
/// without one the ministry.
pub(super) async fn authority(
    roster: &Roster,
    caller: &Caller,
    permission: &str,
    municipality_id: &str,
) -> Result<(Owner, Option<MunicipalityId>), Status> {
    let id: Option<MunicipalityId> = optional_id("municipality_id", municipality_id)?;
    let facts = id.map_or_else(Facts::ministry, Facts::municipality);
    roster.cx.access.check(caller, permission, &facts)?;
    let Some(id) = id else {
        return Ok((Owner::Ministry, None));
    };
    let found = municipalities::get(roster.cx.db.read(), id).await;
    found
        .map_err(status::from_db)?
        .ok_or_else(|| status::not_found("Municipality"))?;
    Ok((Owner::Municipality(id), Some(id)))
}
