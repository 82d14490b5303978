//! A call over HTTP or over gRPC, and what came back.

use std::collections::BTreeMap;

use bytes::{Buf, BufMut, Bytes};
use chassis::lifecycle::Running;
use chassis::status;
use prost::Message;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use serde_json::Value;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Code, Request, Status};

use super::super::browser::key;

/// How the calls travel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    Http,
    Grpc,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub outcome: Outcome,
    /// The reason of a refusal, its words, and all else that came: searched for what must not be there.
    pub reason: String,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, or refused for what the journal's rules say.
    Open,
    /// Refused to this caller.
    Denied,
    /// There is no such thing, or not for this caller.
    NotFound,
    /// The request itself is wrong: the sweep made a bad one.
    Invalid,
    /// The server's fault.
    Broken,
}

/// The routes of docs/openapi.json by operation.
pub struct Routes(BTreeMap<String, (String, String)>);

impl Routes {
    pub fn read() -> Self {
        let document: Value =
            serde_json::from_str(include_str!("../../../../../docs/openapi.json")).unwrap();
        let mut routes = BTreeMap::new();
        for (path, verbs) in document["paths"].as_object().unwrap() {
            for (verb, operation) in verbs.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                routes.insert(id, (verb.to_uppercase(), path.clone()));
            }
        }
        Self(routes)
    }

    pub fn of(&self, method: &MethodDescriptor) -> Option<&(String, String)> {
        self.0
            .get(&format!("{}_{}", service_of(method), method.name()))
    }
}

/// `grading` of `zhurnal.grading.v1.GradingService`.
pub fn service_of(method: &MethodDescriptor) -> &'static str {
    let package = method.parent_service().package_name().to_owned();
    let name = package.split('.').nth(1).unwrap();
    let known = [
        "identity",
        "roster",
        "schedule",
        "grading",
        "notification",
        "reporting",
    ];
    known.into_iter().find(|known| *known == name).expect(name)
}

pub async fn http(
    http: &reqwest::Client,
    base: &str,
    (verb, path): &(String, String),
    token: &str,
    mut body: Value,
) -> Answer {
    let fields = body.as_object_mut().unwrap();
    let mut filled = path.clone();
    for name in path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
    {
        let value = fields.remove(name.0).unwrap_or_default();
        filled = filled.replace(
            &format!("{{{}}}", name.0),
            value.as_str().unwrap_or_default(),
        );
    }
    let asked = fields.remove("requestId").is_some();
    let method = reqwest::Method::from_bytes(verb.as_bytes()).unwrap();
    let reads = matches!(verb.as_str(), "GET" | "DELETE");
    let mut request = http.request(method, format!("{base}{filled}"));
    if reads {
        let mut query: Vec<(String, String)> =
            fields.iter().map(|(k, v)| (k.clone(), plain(v))).collect();
        if asked {
            query.push(("requestId".to_owned(), key()));
        }
        request = request.query(&query);
    } else if fields.get("content").is_some_and(Value::is_string) {
        let content = fields.remove("content").unwrap_or_default();
        let query: Vec<(String, String)> =
            fields.iter().map(|(k, v)| (k.clone(), plain(v))).collect();
        request = request
            .query(&query)
            .header("content-type", "application/octet-stream");
        request = request
            .header("idempotency-key", key())
            .body(plain(&content));
    } else {
        request = request.header("idempotency-key", key()).json(&body);
    }
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned();
    let problem: Value = serde_json::from_str(&text).unwrap_or_default();
    let reason = problem["code"].as_str().unwrap_or_default().to_owned();
    let outcome = match status {
        200..300 | 409 | 412 | 422 | 429 => Outcome::Open,
        401 => of_stranger(&reason),
        404 if reason == "NOT_FOUND" => Outcome::NotFound,
        404 if reason.is_empty() => Outcome::Broken,
        500.. => Outcome::Broken,
        _ => of_reason(&reason),
    };
    Answer {
        outcome,
        reason,
        text,
    }
}

/// A call without a token is refused; a session that has ended, or a wrong password, is the
/// handler's own answer.
fn of_stranger(reason: &str) -> Outcome {
    match reason {
        "TOKEN_MISSING" | "TOKEN_INVALID" | "SESSION_MISSING" => Outcome::Denied,
        _ => Outcome::Open,
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn of_reason(reason: &str) -> Outcome {
    match reason {
        "PERMISSION_DENIED" => Outcome::Denied,
        "NOT_FOUND" => Outcome::NotFound,
        "INVALID_ARGUMENT" | "INVALID_REQUEST" | "" => Outcome::Invalid,
        _ => Outcome::Open,
    }
}

pub async fn grpc(
    running: &Running,
    method: &MethodDescriptor,
    token: &str,
    body: &Value,
) -> Answer {
    let message = DynamicMessage::deserialize(method.input(), body);
    let message =
        message.unwrap_or_else(|error| panic!("{}: {error} in {body}", method.full_name()));
    let channel = running.peers("gateway").channel(service_of(method));
    let channel = if token.is_empty() {
        channel.anonymous()
    } else {
        channel.with_bearer(token).unwrap()
    };
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let path = path.parse().unwrap();
    let mut grpc = tonic::client::Grpc::new(channel);
    grpc.ready().await.unwrap();
    let request = Request::new(Bytes::from(message.encode_to_vec()));
    let answered = if method.is_server_streaming() {
        let stream = grpc.server_streaming(request, path, Raw).await;
        stream.map(|_| Bytes::new())
    } else {
        grpc.unary(request, path, Raw)
            .await
            .map(tonic::Response::into_inner)
    };
    match answered {
        Ok(bytes) => Answer {
            outcome: Outcome::Open,
            reason: String::new(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        },
        Err(refused) => refusal(&refused),
    }
}

fn refusal(refused: &Status) -> Answer {
    let reason = status::reason(refused);
    let outcome = match refused.code() {
        Code::PermissionDenied if reason == "PERMISSION_DENIED" => Outcome::Denied,
        Code::Unauthenticated => of_stranger(&reason),
        Code::NotFound => Outcome::NotFound,
        Code::InvalidArgument => Outcome::Invalid,
        Code::Internal | Code::Unknown | Code::Unavailable | Code::DataLoss => Outcome::Broken,
        _ => Outcome::Open,
    };
    let text = format!("{refused:?}");
    Answer {
        outcome,
        reason,
        text,
    }
}

/// Messages as they are on the wire.
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        let length = from.remaining();
        Ok(Some(from.copy_to_bytes(length)))
    }
}
