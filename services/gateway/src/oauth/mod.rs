//! OAuth 2.0 for other ministry systems: client credentials (RFC 6749 4.4) and the
//! metadata by which a standard client finds its way (RFC 8414).

mod credentials;
mod error;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use serde_json::json;
use zhurnal_proto::identity::v1::IssueClientTokenRequest;
use zhurnal_proto::identity::v1::identity_service_client::IdentityServiceClient;

use crate::Gateway;
use credentials::{Form, Sent};
use error::OAuthError;

/// Where RFC 8414 looks for the metadata.
pub const METADATA_PATH: &str = "/.well-known/oauth-authorization-server";

/// `GET /.well-known/oauth-authorization-server`.
pub async fn metadata(State(gateway): State<Gateway>, headers: HeaderMap) -> Response {
    let issuer = issuer(&gateway, &headers);
    let document = json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/oauth/token"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": scopes(zhurnal_proto::POLICIES),
        "service_documentation": format!("{issuer}/docs/"),
    });
    Json(document).into_response()
}

/// `POST /oauth/token`, form-encoded.
pub async fn token(State(gateway): State<Gateway>, headers: HeaderMap, body: Bytes) -> Response {
    match issue(&gateway, &headers, &body).await {
        Ok(answer) => never_stored(Json(answer).into_response()),
        Err(error) => never_stored(error.into_response()),
    }
}

async fn issue(
    gateway: &Gateway,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<serde_json::Value, OAuthError> {
    let form = Form::read(headers, body)?;
    let Sent { id, secret, basic } = Sent::of(headers, &form)?;
    if form.grant_type()? != "client_credentials" {
        return Err(OAuthError::new(
            "unsupported_grant_type",
            "only client_credentials",
        ));
    }
    let request = IssueClientTokenRequest {
        client_id: id,
        client_secret: secret,
        scope: form.get("scope")?.unwrap_or_default(),
    };
    let mut identity = IdentityServiceClient::new(gateway.peers.channel("identity").anonymous());
    let issued = identity
        .issue_client_token(request)
        .await
        .map_err(|refused| OAuthError::of(&refused, basic))?
        .into_inner();
    Ok(json!({
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in_seconds,
        "scope": issued.scope,
    }))
}

/// The scopes that the access policies know, each once.
fn scopes(policies: &str) -> Vec<&str> {
    let named = policies.split("principal.scopes.contains(\"").skip(1);
    let mut all: Vec<&str> = named.filter_map(|rest| rest.split('"').next()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// RFC 6749 5.1: nobody keeps a token on the way.
fn never_stored(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// Address of the installation: as configured, else as the client called it.
fn issuer(gateway: &Gateway, headers: &HeaderMap) -> String {
    let configured = gateway.config.public_url.trim_end_matches('/');
    if !configured.is_empty() {
        return configured.to_owned();
    }
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    format!("http://{}", host.unwrap_or("127.0.0.1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_names_the_scopes_of_the_policies() {
        let all = scopes(zhurnal_proto::POLICIES);
        assert!(all.contains(&"roster.read") && all.contains(&"grading.events"));
        assert_eq!(all.len(), 6, "{all:?}");
    }
}
