//! The only place that builds a [`Status`].
//!
//! Every refusal carries `google.rpc.ErrorInfo` (stable UPPER_SNAKE reason,
//! domain `zhurnal.<service>`), a `LocalizedMessage` in Russian, and, where they
//! apply, `BadRequest`, `PreconditionFailure` and `RetryInfo`. Internal errors
//! are logged once here and leave without their text.

mod db;
mod read;

pub use db::from_db;
pub use read::{error_info, reason, retry_delay, violations};
pub use zhurnal_proto::validate::Violation;

use std::collections::HashMap;
use std::fmt::Display;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, LocalizedMessage, StatusExt};

/// Why a call is refused, in a form that every interface can show.
#[derive(Debug, Clone)]
pub struct Refusal {
    code: Code,
    reason: &'static str,
    message: String,
    domain: Option<&'static str>,
    metadata: Vec<(&'static str, String)>,
    violations: Vec<Violation>,
    retry_after: Option<Duration>,
}

impl Refusal {
    /// `reason` is stable and UPPER_SNAKE; `message` is Russian text for people.
    pub fn new(code: Code, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            reason,
            message: message.into(),
            domain: None,
            metadata: Vec::new(),
            violations: Vec::new(),
            retry_after: None,
        }
    }

    /// Adds one fact to `ErrorInfo.metadata`. Never personal data.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Display) -> Self {
        self.metadata.push((key, value.to_string()));
        self
    }

    /// Adds one field violation (`BadRequest`).
    #[must_use]
    pub fn violation(mut self, violation: Violation) -> Self {
        self.violations.push(violation);
        self
    }

    /// Adds field violations (`BadRequest`).
    #[must_use]
    pub fn violations(mut self, violations: impl IntoIterator<Item = Violation>) -> Self {
        self.violations.extend(violations);
        self
    }

    /// When a retry may succeed (`RetryInfo`).
    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// Names the service when the refusal is made outside a call of it.
    #[must_use]
    pub fn of_service(mut self, service: &'static str) -> Self {
        self.domain = Some(service);
        self
    }

    /// The stable reason.
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl From<Refusal> for Status {
    fn from(r: Refusal) -> Self {
        let domain = match r.domain.or_else(crate::context::service) {
            Some(service) => format!("zhurnal.{service}"),
            None => "zhurnal".to_owned(),
        };
        let metadata: HashMap<String, String> = r
            .metadata
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v))
            .collect();
        let mut details = ErrorDetails::new();
        details
            .set_error_info(r.reason, domain, metadata)
            .set_localized_message("ru", r.message.clone());
        if !r.violations.is_empty() {
            details.set_bad_request(fields(r.violations));
        }
        if let Some(delay) = r.retry_after {
            details.set_retry_info(Some(delay));
        }
        if r.code == Code::FailedPrecondition {
            details.add_precondition_failure_violation(r.reason, "", r.message.clone());
        }
        Status::with_error_details(r.code, r.message, details)
    }
}

/// As many violations as fit the trailers: an HTTP/2 peer may refuse more than 8 kB
/// of headers, and details travel twice, in base64. The caller mends these first.
fn fields(violations: Vec<Violation>) -> Vec<FieldViolation> {
    const MOST_BYTES: usize = 3_000;
    let mut bytes = 0;
    let fitting = violations.into_iter().enumerate().take_while(|(nth, v)| {
        bytes += v.field.len() + 2 * v.message.len() + v.rule.len() + 24;
        *nth == 0 || bytes <= MOST_BYTES
    });
    fitting.map(|(_, violation)| field(violation)).collect()
}

fn field(v: Violation) -> FieldViolation {
    let message = v.message.to_string();
    FieldViolation {
        field: v.field.to_string(),
        description: message.clone(),
        reason: v.rule.to_string(),
        localized_message: Some(LocalizedMessage::new("ru", message)),
    }
}

/// INVALID_ARGUMENT with all field violations at once.
pub fn invalid(violations: impl IntoIterator<Item = Violation>) -> Status {
    Refusal::new(
        Code::InvalidArgument,
        "INVALID_ARGUMENT",
        "Запрос заполнен неверно",
    )
    .violations(violations)
    .into()
}

/// INVALID_ARGUMENT for one field.
pub fn invalid_field(field: &str, rule: &'static str, message: &str) -> Status {
    invalid([violation(field, rule, message)])
}

/// One field violation: `rule` is UPPER_SNAKE, `message` is Russian text.
pub fn violation(
    field: impl Into<String>,
    rule: &'static str,
    message: impl Into<String>,
) -> Violation {
    Violation {
        field: field.into(),
        rule,
        message: message.into(),
    }
}

/// NOT_FOUND. The answer is the same for what does not exist and for what the
/// caller may not see: `kind` goes to the debug log only.
pub fn not_found(kind: &str) -> Status {
    tracing::debug!(kind, "not found");
    Refusal::new(Code::NotFound, "NOT_FOUND", "Не найдено").into()
}

/// PERMISSION_DENIED for a verb or a collection.
pub fn denied(permission: &str) -> Status {
    Refusal::new(
        Code::PermissionDenied,
        "PERMISSION_DENIED",
        "Недостаточно прав",
    )
    .with("permission", permission)
    .into()
}

/// UNAUTHENTICATED: no token, or one that is not accepted.
pub fn unauthenticated(reason: &'static str) -> Status {
    Refusal::new(Code::Unauthenticated, reason, "Требуется вход в систему").into()
}

/// ABORTED: somebody else changed it first; read again and repeat.
pub fn conflict(reason: &'static str, message: impl Into<String>) -> Status {
    Refusal::new(Code::Aborted, reason, message).into()
}

/// FAILED_PRECONDITION: the state does not allow it.
pub fn precondition(reason: &'static str, message: impl Into<String>) -> Status {
    Refusal::new(Code::FailedPrecondition, reason, message).into()
}

/// ABORTED, reason ETAG_STALE: the caller's copy is out of date (HTTP 412).
pub fn stale_etag(current: &str) -> Status {
    Refusal::new(
        Code::Aborted,
        "ETAG_STALE",
        "Данные изменены другим пользователем",
    )
    .with("current", current)
    .into()
}

/// ALREADY_EXISTS.
pub fn already_exists(reason: &'static str, message: impl Into<String>) -> Status {
    Refusal::new(Code::AlreadyExists, reason, message).into()
}

/// RESOURCE_EXHAUSTED with RetryInfo.
pub fn exhausted(reason: &'static str, message: impl Into<String>, retry: Duration) -> Status {
    Refusal::new(Code::ResourceExhausted, reason, message)
        .retry_after(retry)
        .into()
}

/// RESOURCE_EXHAUSTED, reason OVERLOADED: shed before any work was done.
pub fn overloaded(retry: Duration) -> Status {
    exhausted("OVERLOADED", "Сервис перегружен, повторите позже", retry)
}

/// UNAVAILABLE with RetryInfo.
pub fn unavailable(reason: &'static str, retry: Duration) -> Status {
    Refusal::new(Code::Unavailable, reason, "Сервис временно недоступен")
        .retry_after(retry)
        .into()
}

/// DEADLINE_EXCEEDED.
pub fn deadline_exceeded() -> Status {
    Refusal::new(
        Code::DeadlineExceeded,
        "DEADLINE_EXCEEDED",
        "Время ожидания истекло",
    )
    .into()
}

/// OUT_OF_RANGE, e.g. reason CURSOR_EXPIRED.
pub fn out_of_range(reason: &'static str, message: impl Into<String>) -> Status {
    Refusal::new(Code::OutOfRange, reason, message).into()
}

/// UNIMPLEMENTED: no such method.
pub fn unimplemented(path: &str) -> Status {
    Refusal::new(Code::Unimplemented, "METHOD_UNKNOWN", "Метод не существует")
        .with("method", path)
        .into()
}

/// INTERNAL. Logs the error once with its chain; the answer hides it.
pub fn internal(error: impl Into<anyhow::Error>) -> Status {
    let error: anyhow::Error = error.into();
    tracing::error!(error = format!("{error:#}"), "internal error");
    hidden_internal()
}

/// INTERNAL for a failure that has been logged already (a caught panic).
pub(crate) fn hidden_internal() -> Status {
    Refusal::new(Code::Internal, "INTERNAL", "Внутренняя ошибка").into()
}

#[cfg(test)]
mod tests;
