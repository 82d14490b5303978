//! A browser's side of the gateway: one connection, one session cookie.
//!
//! hyper itself and prepared bodies, so that the caller costs little of the two
//! cores that it shares with what it measures.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use uuid::Uuid;

/// Longest wait for an answer: more than the gateway's own limit.
const PATIENCE: Duration = Duration::from_secs(40);

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Body.
    pub body: Bytes,
    /// `Set-Cookie` values.
    cookies: Vec<HeaderValue>,
}

impl Answer {
    /// The body as JSON, when the status says success.
    pub fn json<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        let text = || String::from_utf8_lossy(&self.body);
        anyhow::ensure!(self.status.is_success(), "{}: {}", self.status, text());
        serde_json::from_slice(&self.body).with_context(|| text().into_owned())
    }

    /// Reason of a problem (`code`), if it is one.
    pub fn reason(&self) -> String {
        #[derive(serde::Deserialize, Default)]
        struct Problem {
            #[serde(default)]
            code: String,
        }
        let problem: Problem = serde_json::from_slice(&self.body).unwrap_or_default();
        problem.code
    }
}

/// One connection, opened when needed, with a session.
#[derive(Debug)]
pub struct Browser {
    address: SocketAddr,
    host: HeaderValue,
    cookie: Option<HeaderValue>,
    connection: Option<SendRequest<Full<Bytes>>>,
}

impl Clone for Browser {
    /// The same session over another connection.
    fn clone(&self) -> Self {
        Self {
            address: self.address,
            host: self.host.clone(),
            cookie: self.cookie.clone(),
            connection: None,
        }
    }
}

impl Browser {
    /// Nobody yet.
    pub fn new(address: SocketAddr) -> anyhow::Result<Self> {
        Ok(Self {
            address,
            host: HeaderValue::from_str(&address.to_string())?,
            cookie: None,
            connection: None,
        })
    }

    /// Takes over another's session; the connection stays.
    pub fn act_as(&mut self, other: &Browser) {
        self.cookie.clone_from(&other.cookie);
    }

    /// Logs in; from then on the cookie is sent.
    pub async fn log_in(&mut self, login: &str, password: &str) -> anyhow::Result<()> {
        let body = serde_json::json!({ "login": login, "password": password });
        self.open("/session/logIn", body).await
    }

    /// Registers with a code; from then on the cookie is sent.
    pub async fn register(
        &mut self,
        code: &str,
        login: &str,
        password: &str,
    ) -> anyhow::Result<()> {
        let body = serde_json::json!({ "code": code, "login": login, "password": password });
        self.open("/session/register", body).await
    }

    async fn open(&mut self, path: &str, body: serde_json::Value) -> anyhow::Result<()> {
        let key = chassis::ids::Ids::random().uuid();
        let answer = self.post(path, Some(key), body.to_string().into()).await?;
        anyhow::ensure!(
            answer.status == StatusCode::OK,
            "{path}: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        let session = answer.cookies.iter().find_map(|value| {
            let pair = value.to_str().ok()?.split(';').next()?;
            pair.starts_with("__Host-sid=").then(|| pair.to_owned())
        });
        let session = session.with_context(|| format!("{path} set no session cookie"))?;
        self.cookie = Some(HeaderValue::from_str(&session)?);
        Ok(())
    }

    /// GET.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    /// GET of a JSON answer.
    pub async fn read<T: DeserializeOwned>(&mut self, path: &str) -> anyhow::Result<T> {
        let answer = self.get(path).await?;
        answer.json().with_context(|| format!("GET {path}"))
    }

    /// POST of JSON, as our own page sends it.
    pub async fn post(
        &mut self,
        path: &str,
        key: Option<Uuid>,
        body: Bytes,
    ) -> anyhow::Result<Answer> {
        self.send(Method::POST, path, key, body).await
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        key: Option<Uuid>,
        body: Bytes,
    ) -> anyhow::Result<Answer> {
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header(header::HOST, self.host.clone());
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie.clone());
        }
        if method == Method::POST {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .header("sec-fetch-site", "same-origin")
                .header("x-zhurnal-csrf", "1");
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key.to_string());
        }
        let request = request.body(Full::new(body))?;
        let answered = tokio::time::timeout(PATIENCE, self.exchange(request)).await;
        match answered.context("no answer in time").and_then(|a| a) {
            Ok(answer) => Ok(answer),
            Err(error) => {
                self.connection = None;
                Err(error)
            }
        }
    }

    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> anyhow::Result<Answer> {
        let sender = match self.connection.take().filter(|c| !c.is_closed()) {
            Some(sender) => self.connection.insert(sender),
            None => self.connection.insert(connect(self.address).await?),
        };
        sender.ready().await?;
        let response = sender.send_request(request).await?;
        let (head, body) = response.into_parts();
        let cookies = head.headers.get_all(header::SET_COOKIE);
        Ok(Answer {
            status: head.status,
            cookies: cookies.iter().cloned().collect(),
            body: body.collect().await?.to_bytes(),
        })
    }
}

async fn connect(address: SocketAddr) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // The caller hears of a broken connection by its request.
        let _ = connection.await;
    });
    Ok(sender)
}
