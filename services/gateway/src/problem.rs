//! gRPC status → RFC 9457 problem. One table maps codes to HTTP; the same stable
//! reasons are `ErrorInfo.reason` over gRPC and `code` over HTTP.

use axum::response::{IntoResponse, Response};
use chassis::status;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use tonic::{Code, Status};

/// `application/problem+json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Relative address of the page that explains the reason.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short title.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What is wrong this time, in Russian.
    pub detail: String,
    /// Stable reason, UPPER_SNAKE.
    pub code: String,
    /// Service that refused: `zhurnal.grading`.
    pub domain: String,
    /// Fields that break a rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Facts that belong to the reason, such as the present etag.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub metadata: std::collections::BTreeMap<String, String>,
    /// Trace to quote to support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// When a retry may succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// One field that breaks a rule.
#[derive(Debug, Serialize)]
pub struct FieldError {
    /// JSON Pointer of the field: `/operations/3/setMark/value`.
    pub field: String,
    /// Stable rule.
    pub rule: String,
    /// What is wrong, in Russian.
    pub message: String,
}

/// HTTP status of a gRPC code; reasons that HTTP has a status of its own for come first.
pub fn http_status(code: Code, reason: &str) -> StatusCode {
    match (code, reason) {
        (_, "ETAG_STALE") => StatusCode::PRECONDITION_FAILED,
        (_, "ETAG_REQUIRED") => StatusCode::PRECONDITION_REQUIRED,
        (_, "IDEMPOTENCY_KEY_REUSED") => StatusCode::UNPROCESSABLE_ENTITY,
        (_, "CSRF") => StatusCode::FORBIDDEN,
        (_, "BODY_TOO_LARGE" | "WORKBOOK_TOO_LARGE") => StatusCode::PAYLOAD_TOO_LARGE,
        (_, "METHOD_NOT_ALLOWED") => StatusCode::METHOD_NOT_ALLOWED,
        (_, "OVERLOADED") => StatusCode::SERVICE_UNAVAILABLE,
        (Code::Ok, _) => StatusCode::OK,
        (Code::InvalidArgument, _) => StatusCode::BAD_REQUEST,
        (Code::OutOfRange, _) => StatusCode::GONE,
        (Code::Unauthenticated, _) => StatusCode::UNAUTHORIZED,
        (Code::PermissionDenied, _) => StatusCode::FORBIDDEN,
        (Code::NotFound, _) => StatusCode::NOT_FOUND,
        (Code::AlreadyExists | Code::Aborted, _) => StatusCode::CONFLICT,
        (Code::FailedPrecondition, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (Code::ResourceExhausted, _) => StatusCode::TOO_MANY_REQUESTS,
        (Code::Cancelled, _) => StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST),
        (Code::Unimplemented, _) => StatusCode::NOT_IMPLEMENTED,
        (Code::Unavailable, _) => StatusCode::SERVICE_UNAVAILABLE,
        (Code::DeadlineExceeded, _) => StatusCode::GATEWAY_TIMEOUT,
        (Code::Unknown | Code::Internal | Code::DataLoss, _) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl Problem {
    /// The problem of a refused call.
    pub fn from_status(refused: &Status) -> Self {
        let info = status::error_info(refused);
        let code = info.as_ref().map_or_else(
            || default_reason(refused.code()).to_owned(),
            |i| i.reason.clone(),
        );
        let http = http_status(refused.code(), &code);
        Self {
            kind: format!("/docs/problems#{code}"),
            title: title(http),
            status: http.as_u16(),
            detail: refused.message().to_owned(),
            domain: info
                .as_ref()
                .map_or_else(|| "zhurnal.gateway".to_owned(), |i| i.domain.clone()),
            errors: status::violations(refused)
                .into_iter()
                .map(|v| FieldError {
                    field: pointer(&v.field),
                    rule: v.reason,
                    message: v.description,
                })
                .collect(),
            metadata: info
                .map(|i| i.metadata.into_iter().collect())
                .unwrap_or_default(),
            trace_id: chassis::context::current().map(|c| c.trace.trace_id().to_string()),
            retry_after_ms: status::retry_delay(refused)
                .map(|d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX)),
            code,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let http = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (http, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(ms) = self.retry_after_ms {
            headers.insert(
                header::RETRY_AFTER,
                HeaderValue::from(ms.div_ceil(1000).max(1)),
            );
        }
        response
    }
}

/// The HTTP answer of a refused call.
pub fn response(refused: &Status) -> Response {
    Problem::from_status(refused).into_response()
}

/// `operations[3].setMark.value` → `/operations/3/setMark/value` (RFC 6901).
fn pointer(path: &str) -> String {
    let mut out = String::new();
    for part in path.split(['.', '[', ']']).filter(|p| !p.is_empty()) {
        out.push('/');
        out.push_str(&part.replace('~', "~0").replace('/', "~1"));
    }
    out
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "Запрос заполнен неверно",
        401 => "Требуется вход",
        403 => "Недостаточно прав",
        404 => "Не найдено",
        405 => "Метод не подходит",
        409 => "Данные изменились",
        410 => "Устарело, прочитайте заново",
        412 => "Версия устарела",
        413 => "Слишком большой запрос",
        422 => "Правило не позволяет",
        428 => "Нужна версия",
        429 => "Слишком часто",
        501 => "Не поддерживается",
        503 => "Временно недоступно",
        504 => "Время вышло",
        _ => "Внутренняя ошибка",
    }
}

fn default_reason(code: Code) -> &'static str {
    match code {
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::NotFound => "NOT_FOUND",
        Code::Unauthenticated => "UNAUTHENTICATED",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::Unavailable => "UNAVAILABLE",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Cancelled => "CANCELLED",
        _ => "INTERNAL",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_reason_fields_and_retry() {
        let refused = status::invalid_field(
            "operations[3].setMark.value",
            "REQUIRED",
            "поле обязательно",
        );
        let problem = Problem::from_status(&refused);
        assert_eq!(
            (problem.status, problem.code.as_str()),
            (400, "INVALID_ARGUMENT")
        );
        assert_eq!(problem.errors[0].field, "/operations/3/setMark/value");
        assert_eq!(problem.errors[0].rule, "REQUIRED");
    }

    #[test]
    fn a_stale_version_is_412_and_a_reused_key_422() {
        assert_eq!(Problem::from_status(&status::stale_etag("v3")).status, 412);
        assert_eq!(
            Problem::from_status(&status::precondition("IDEMPOTENCY_KEY_REUSED", "x")).status,
            422
        );
    }

    #[test]
    fn a_foreign_status_without_details_still_has_a_code() {
        let problem = Problem::from_status(&Status::unavailable("transport"));
        assert_eq!(
            (problem.status, problem.code.as_str()),
            (503, "UNAVAILABLE")
        );
    }

    #[tokio::test]
    async fn a_problem_names_the_trace_of_its_request() {
        use chassis::context::{self, CallContext};
        use chassis::telemetry::TraceParent;

        let trace =
            TraceParent::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        let context = CallContext::of_edge(crate::NAME, trace);
        let problem = context::scope(context, async {
            Problem::from_status(&status::not_found("path"))
        })
        .await;
        let expected = "0af7651916cd43dd8448eb211c80319c";
        assert_eq!(problem.trace_id.as_deref(), Some(expected));
        assert_eq!(problem.domain, "zhurnal.gateway");
    }
}
