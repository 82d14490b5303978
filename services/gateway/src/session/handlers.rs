//! Log in, register, switch role and log out of a browser. Tokens and session
//! secrets never reach the page: the secret is in an HttpOnly cookie.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::status;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tonic::{Request, Status};
use zhurnal_proto::identity::v1::identity_service_client::IdentityServiceClient;
use zhurnal_proto::identity::v1::{
    CompleteLogInRequest, LogInRequest, LogOutRequest, Me, RegisterRequest, Role,
    SecondFactorChallenge, Session, StepUpRequest, SwitchRoleRequest,
};

use super::{cookie, csrf};
use crate::{Gateway, problem};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LogIn {
    login: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CompleteLogIn {
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StepUp {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Register {
    code: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SwitchRole {
    role: String,
    #[serde(default)]
    school_id: String,
    #[serde(default)]
    municipality_id: String,
}

/// `POST /session/logIn`.
pub async fn log_in(State(gateway): State<Gateway>, headers: HeaderMap, body: Bytes) -> Response {
    answer(log_in_inner(&gateway, &headers, &body).await)
}

async fn log_in_inner(
    gateway: &Gateway,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Status> {
    csrf::check(&Method::POST, headers)?;
    let LogIn { login, password } = parse(body)?;
    let request = LogInRequest {
        login,
        password,
        device: device(headers),
        device_cookie: cookie::read(headers, cookie::DEVICE).unwrap_or_default(),
    };
    let mut identity = IdentityServiceClient::new(gateway.peers.channel("identity").anonymous());
    let answer = identity.log_in(request).await?.into_inner();
    match answer.challenge {
        Some(challenge) => challenged(&challenge),
        None => opened(gateway, answer.session),
    }
}

/// The second step begins: its token and the device are in cookies that no script reads.
fn challenged(challenge: &SecondFactorChallenge) -> Result<Response, Status> {
    let seconds = challenge.expires_in_seconds;
    let body = serde_json::json!({ "secondFactor": { "expiresInSeconds": seconds } });
    let mut response = axum::Json(body).into_response();
    let life = u64::from(seconds);
    let cookies = [
        cookie::for_seconds(cookie::CHALLENGE, &challenge.challenge, life),
        cookie::set(cookie::DEVICE, &challenge.device_cookie, 365),
    ];
    for value in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// `POST /session/completeLogIn`: the code of the second step.
pub async fn complete_log_in(
    State(gateway): State<Gateway>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(complete_log_in_inner(&gateway, &headers, &body).await)
}

async fn complete_log_in_inner(
    gateway: &Gateway,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Status> {
    csrf::check(&Method::POST, headers)?;
    let CompleteLogIn { code } = parse(body)?;
    let (challenge, device_cookie) = cookie::read(headers, cookie::CHALLENGE)
        .zip(cookie::read(headers, cookie::DEVICE))
        .ok_or_else(|| status::unauthenticated("CHALLENGE_UNKNOWN"))?;
    let request = CompleteLogInRequest {
        challenge,
        code,
        device: device(headers),
        device_cookie,
    };
    let mut identity = IdentityServiceClient::new(gateway.peers.channel("identity").anonymous());
    let session = identity
        .complete_log_in(request)
        .await?
        .into_inner()
        .session;
    let mut response = opened(gateway, session)?;
    if let Some(value) = cookie::set(cookie::CHALLENGE, "", 0) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// `POST /session/register`: by code; with a session it adds the card to the account.
pub async fn register(State(gateway): State<Gateway>, headers: HeaderMap, body: Bytes) -> Response {
    answer(register_inner(&gateway, &headers, &body).await)
}

async fn register_inner(
    gateway: &Gateway,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Status> {
    csrf::check(&Method::POST, headers)?;
    let Register {
        code,
        login,
        password,
    } = parse(body)?;
    let request_id = headers
        .get("idempotency-key")
        .and_then(|v| v.to_str().ok())
        .ok_or_else(|| {
            status::invalid_field(
                "Idempotency-Key",
                "IDEMPOTENCY_KEY_REQUIRED",
                "нужен заголовок Idempotency-Key с UUID",
            )
        })?;
    let own = if login.is_empty() {
        cookie::read(headers, cookie::SESSION)
    } else {
        None
    };
    let request = RegisterRequest {
        code,
        login,
        password,
        session_secret: own.clone().unwrap_or_default(),
        device: device(headers),
        request_id: request_id.to_owned(),
    };
    let mut identity = IdentityServiceClient::new(gateway.peers.channel("identity").anonymous());
    let session = identity.register(request).await?.into_inner().session;
    if let Some(own) = own {
        gateway.exchange.forget(&own).await;
    }
    opened(gateway, session)
}

/// `POST /session/switchRole`.
pub async fn switch_role(
    State(gateway): State<Gateway>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(switch_role_inner(&gateway, &headers, &body).await)
}

async fn switch_role_inner(
    gateway: &Gateway,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Status> {
    csrf::check(&Method::POST, headers)?;
    let SwitchRole {
        role,
        school_id,
        municipality_id,
    } = parse(body)?;
    let role = Role::from_str_name(&role)
        .ok_or_else(|| status::invalid_field("role", "UNKNOWN_VALUE", "неизвестная роль"))?;
    let secret = cookie::read(headers, cookie::SESSION)
        .ok_or_else(|| status::unauthenticated("SESSION_MISSING"))?;
    let token = gateway.exchange.exchange(&secret).await?;
    let request = SwitchRoleRequest {
        role: role.into(),
        school_id,
        municipality_id,
    };
    let mut identity = IdentityServiceClient::new(gateway.peers.channel("identity").anonymous());
    let session = identity
        .switch_role(bearer(request, &token.access_token)?)
        .await?
        .into_inner()
        .session;
    gateway.exchange.forget(&secret).await;
    opened(gateway, session)
}

/// `POST /session/stepUp`: password or code again; the cookie gets another secret.
pub async fn step_up(State(gateway): State<Gateway>, headers: HeaderMap, body: Bytes) -> Response {
    answer(step_up_inner(&gateway, &headers, &body).await)
}

async fn step_up_inner(
    gateway: &Gateway,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Status> {
    csrf::check(&Method::POST, headers)?;
    let StepUp { password, code } = parse(body)?;
    let secret = cookie::read(headers, cookie::SESSION)
        .ok_or_else(|| status::unauthenticated("SESSION_MISSING"))?;
    // A proof is asked for rarely and must not fail for a remembered token that ran out.
    gateway.exchange.forget(&secret).await;
    let token = gateway.exchange.exchange(&secret).await?;
    let request = StepUpRequest { password, code };
    let mut identity = IdentityServiceClient::new(gateway.peers.channel("identity").anonymous());
    let session = identity
        .step_up(bearer(request, &token.access_token)?)
        .await?
        .into_inner()
        .session;
    gateway.exchange.forget(&secret).await;
    opened(gateway, session)
}

/// `POST /session/logOut`: ends the session and clears what the browser keeps.
pub async fn log_out(State(gateway): State<Gateway>, headers: HeaderMap) -> Response {
    answer(log_out_inner(&gateway, &headers).await)
}

async fn log_out_inner(gateway: &Gateway, headers: &HeaderMap) -> Result<Response, Status> {
    csrf::check(&Method::POST, headers)?;
    if let Some(secret) = cookie::read(headers, cookie::SESSION) {
        // A session that has ended already is no reason to keep the cookie.
        if let Ok(token) = gateway.exchange.exchange(&secret).await {
            let mut identity =
                IdentityServiceClient::new(gateway.peers.channel("identity").anonymous());
            identity
                .log_out(bearer(LogOutRequest {}, &token.access_token)?)
                .await?;
        }
        gateway.exchange.forget(&secret).await;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(value) = cookie::set(cookie::SESSION, "", 0) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response.headers_mut().insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}

/// Attaches an access token to a request.
pub fn bearer<T>(message: T, token: &str) -> Result<Request<T>, Status> {
    let mut request = Request::new(message);
    let value = format!("Bearer {token}")
        .parse()
        .map_err(|_| status::unauthenticated("TOKEN_INVALID"))?;
    request.metadata_mut().insert("authorization", value);
    Ok(request)
}

fn opened(gateway: &Gateway, session: Option<Session>) -> Result<Response, Status> {
    let session = session
        .ok_or_else(|| status::internal(anyhow::anyhow!("identity answered without a session")))?;
    let me: Me = session.me.unwrap_or_default();
    let json = gateway.json(&me)?;
    let mut response = (
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        json,
    )
        .into_response();
    let cookies = [
        cookie::set(cookie::SESSION, &session.secret, session.expires_in_days),
        (!session.device_cookie.is_empty())
            .then(|| cookie::set(cookie::DEVICE, &session.device_cookie, 365))
            .flatten(),
    ];
    for value in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Status> {
    serde_json::from_slice(body).map_err(|e| {
        status::invalid_field(
            "body",
            "INVALID_JSON",
            &format!("тело запроса не разобрано: {e}"),
        )
    })
}

fn device(headers: &HeaderMap) -> String {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    agent
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect()
}

fn answer(result: Result<Response, Status>) -> Response {
    result.unwrap_or_else(|refused| problem::response(&refused))
}
