//! Reading what a [`Status`] carries: for clients, the gateway and tests.

use std::time::Duration;

use tonic::Status;
use tonic_types::{ErrorInfo, FieldViolation, StatusExt};

/// `ErrorInfo` of the status, if it has one.
pub fn error_info(status: &Status) -> Option<ErrorInfo> {
    status.get_details_error_info()
}

/// The stable reason, e.g. `CURSOR_EXPIRED`; empty when there is none.
pub fn reason(status: &Status) -> String {
    error_info(status).map(|i| i.reason).unwrap_or_default()
}

/// How long the server asks to wait before a retry.
pub fn retry_delay(status: &Status) -> Option<Duration> {
    status.get_details_retry_info().and_then(|r| r.retry_delay)
}

/// Field violations of an INVALID_ARGUMENT.
pub fn violations(status: &Status) -> Vec<FieldViolation> {
    status
        .get_details_bad_request()
        .map(|b| b.field_violations)
        .unwrap_or_default()
}
