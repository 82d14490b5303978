//! Fields of requests as values of the domain. The request has passed
//! `zhurnal_proto::validate::check`, so a failure here names a rule that the proto
//! cannot express.

use chassis::access::Scope;
use chassis::status;
use jiff::civil::Date;
use tonic::Status;
use zhurnal_proto::id::Id;
use zhurnal_proto::validate::{Validate, check};

use crate::store::School;

/// All violations of the message's own rules.
pub fn checked(message: &impl Validate) -> Result<(), Status> {
    check(message).map_err(status::invalid)
}

/// An id.
pub fn id<T: Id>(field: &str, text: &str) -> Result<T, Status> {
    text.parse()
        .map_err(|_| status::invalid_field(field, "INVALID_ID", "ожидается идентификатор"))
}

/// An id that may be left out.
pub fn optional_id<T: Id>(field: &str, text: &str) -> Result<Option<T>, Status> {
    if text.is_empty() {
        Ok(None)
    } else {
        id(field, text).map(Some)
    }
}

/// A date.
pub fn date(field: &str, text: &str) -> Result<Date, Status> {
    text.parse()
        .map_err(|_| status::invalid_field(field, "INVALID_DATE", "ожидается дата ГГГГ-ММ-ДД"))
}

/// A date that may be left out.
pub fn optional_date(field: &str, text: &str) -> Result<Option<Date>, Status> {
    if text.is_empty() {
        Ok(None)
    } else {
        date(field, text).map(Some)
    }
}

/// The one school that the decision opened.
pub fn school(scope: &Scope) -> Result<School, Status> {
    School::of(scope).ok_or_else(|| status::denied("school"))
}
