//! Errors of the token endpoint as RFC 6749 5.2 wants them.

use axum::Json;
use axum::response::{IntoResponse, Response};
use chassis::status;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use tonic::{Code, Status};

/// An error of the token endpoint.
#[derive(Debug)]
pub struct OAuthError {
    /// `error`.
    pub error: &'static str,
    description: String,
    status: StatusCode,
    basic: bool,
    retry_seconds: Option<u64>,
}

impl OAuthError {
    /// An error of the request: 400.
    pub fn new(error: &'static str, description: &str) -> Self {
        Self {
            error,
            description: description.to_owned(),
            status: StatusCode::BAD_REQUEST,
            basic: false,
            retry_seconds: None,
        }
    }

    /// The client is not known, or its secret is wrong: 401.
    pub fn client(basic: bool) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            basic,
            ..Self::new("invalid_client", "unknown client or wrong secret")
        }
    }

    /// What identity refused.
    pub fn of(refused: &Status, basic: bool) -> Self {
        let retry_seconds = status::retry_delay(refused).map(|d| d.as_secs().max(1));
        match (refused.code(), status::reason(refused).as_str()) {
            (_, "CLIENT_UNKNOWN") => Self::client(basic),
            (_, "SCOPE_NOT_GRANTED") => {
                Self::new("invalid_scope", "a scope that the client was not given")
            }
            (Code::InvalidArgument, _) => Self::new("invalid_request", "a parameter is malformed"),
            (Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded, _) => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                retry_seconds,
                ..Self::new("temporarily_unavailable", "try again later")
            },
            _ => Self {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                ..Self::new("server_error", "internal error")
            },
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        if self.basic && self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Basic realm=\"zhurnal\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(seconds) = self.retry_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
