//! A browser as far as the gateway can tell: cookie, own headers, JSON.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// One logged-in browser.
pub struct Browser {
    base: String,
    http: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
    /// What the gateway said of the person.
    pub me: Value,
}

/// An answer with its body read.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub etag: Option<String>,
    /// How far the live events had come.
    pub position: Option<String>,
    pub body: Value,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.body);
        self.body
    }

    /// Status and reason of a refusal.
    #[track_caller]
    pub fn refused(self) -> (u16, String) {
        assert!(!self.status.is_success(), "not refused: {}", self.body);
        (
            self.status.as_u16(),
            self.body["code"].as_str().unwrap_or_default().to_owned(),
        )
    }
}

fn cookies_of(response: &reqwest::Response) -> Vec<(String, String)> {
    let set = response.headers().get_all("set-cookie").iter();
    set.filter_map(|v| v.to_str().ok()?.split(';').next()?.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Another idempotency key each time.
pub fn key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    uuid::Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000
            + u128::from(NEXT.fetch_add(1, Ordering::Relaxed)),
    )
    .to_string()
}

impl Browser {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            base: format!("http://{address}"),
            http: reqwest::Client::new(),
            cookies: Mutex::default(),
            me: Value::Null,
        }
    }

    /// Registers with a code and stays logged in.
    pub async fn register(address: SocketAddr, code: &str, login: &str) -> Self {
        let mut browser = Self::new(address);
        let body = json!({"code": code, "login": login, "password": "три синих чайника"});
        browser.enter("/session/register", body).await;
        browser
    }

    pub async fn enter(&mut self, path: &str, body: Value) {
        let entered = self.try_enter(path, body).await;
        entered.unwrap_or_else(|refused| panic!("{path}: {refused}"));
    }

    /// The same, where a refusal is expected for a while.
    pub async fn try_enter(&mut self, path: &str, body: Value) -> Result<(), Value> {
        let request = self
            .request(Method::POST, path)
            .header("idempotency-key", key())
            .json(&body);
        let response = request.send().await.unwrap();
        let status = response.status();
        let set = cookies_of(&response);
        let answer: Value = response.json().await.unwrap();
        if !status.is_success() {
            return Err(answer);
        }
        self.me = answer;
        self.keep(set);
        Ok(())
    }

    /// Gives the password again: the session gets another secret.
    pub async fn step_up(&self) {
        let request = self
            .request(Method::POST, "/session/stepUp")
            .json(&json!({"password": "три синих чайника"}));
        let response = request.send().await.unwrap();
        let (status, set) = (response.status(), cookies_of(&response));
        assert!(status.is_success(), "{}", response.text().await.unwrap());
        self.keep(set);
    }

    fn keep(&self, set: Vec<(String, String)>) {
        self.cookies.lock().unwrap().extend(set);
    }

    /// The same person with the cookies of now.
    pub fn copied(&self) -> Self {
        let copy = Self::new(self.address());
        copy.keep(self.cookies.lock().unwrap().clone().into_iter().collect());
        copy
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header("sec-fetch-site", "same-origin")
            .header("x-zhurnal-csrf", "1");
        let cookies = self.cookies.lock().unwrap().clone();
        if !cookies.is_empty() {
            let pairs = cookies.iter().map(|(n, v)| format!("{n}={v}"));
            request = request.header("cookie", pairs.collect::<Vec<_>>().join("; "));
        }
        request
    }

    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    pub async fn get_if_changed(&self, path: &str, etag: &str) -> Answer {
        answer(
            self.request(Method::GET, path)
                .header("if-none-match", etag),
        )
        .await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_keyed(path, body, &key()).await
    }

    pub async fn post_keyed(&self, path: &str, body: Value, key: &str) -> Answer {
        answer(
            self.request(Method::POST, path)
                .header("idempotency-key", key)
                .json(&body),
        )
        .await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        answer(
            self.request(Method::PUT, path)
                .header("idempotency-key", key())
                .json(&body),
        )
        .await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        answer(
            self.request(Method::DELETE, path)
                .header("content-type", "application/json")
                .header("idempotency-key", key()),
        )
        .await
    }

    /// By a page that keeps causal tokens and has seen so much.
    pub async fn post_after(&self, seen: &str, path: &str, body: Value, key: &str) -> Answer {
        answer(
            self.request(Method::POST, path)
                .header("idempotency-key", key)
                .header("zhurnal-min-versions", seen)
                .json(&body),
        )
        .await
    }

    pub async fn upload(&self, path: &str, bytes: Vec<u8>) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("idempotency-key", key())
            .header(
                "content-type",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
            .body(bytes);
        answer(request).await
    }

    pub async fn download(&self, path: &str) -> (StatusCode, String, Vec<u8>) {
        let response = self.request(Method::GET, path).send().await.unwrap();
        let status = response.status();
        let kind = response.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        (status, kind, response.bytes().await.unwrap().to_vec())
    }

    /// A live stream of topics.
    pub async fn live(&self, topics: &str) -> Live {
        self.stream(&format!("topics={topics}")).await
    }

    /// A live stream of topics from a position on.
    pub async fn live_after(&self, topics: &str, position: &str) -> Live {
        self.stream(&format!("topics={topics}&after={position}"))
            .await
    }

    async fn stream(&self, query: &str) -> Live {
        let request = self.request(Method::GET, &format!("/v1/events?{query}"));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let mut live = Live {
            response,
            buffer: String::new(),
        };
        assert_eq!(live.next().await.0, "ready");
        live
    }

    /// Where the gateway listens.
    pub fn address(&self) -> SocketAddr {
        self.base.trim_start_matches("http://").parse().unwrap()
    }
}

/// A stream of server-sent events.
pub struct Live {
    response: reqwest::Response,
    buffer: String,
}

impl Live {
    /// The next event: name and data.
    pub async fn next(&mut self) -> (String, Value) {
        loop {
            if let Some(end) = self.buffer.find("\n\n") {
                let block: String = self.buffer.drain(..end + 2).collect();
                let field = |name: &str| {
                    block
                        .lines()
                        .find_map(|l| l.strip_prefix(name))
                        .map(|v| v.trim().to_owned())
                };
                if let Some(data) = field("data:") {
                    let name = field("event:").unwrap_or_else(|| "message".to_owned());
                    return (name, serde_json::from_str(&data).unwrap());
                }
                continue;
            }
            let chunk =
                tokio::time::timeout(std::time::Duration::from_secs(20), self.response.chunk());
            let chunk = chunk
                .await
                .expect("an event in time")
                .unwrap()
                .expect("the stream goes on");
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status();
    let header = |name: &str| {
        let value = response.headers().get(name);
        value.and_then(|v| v.to_str().ok()).map(str::to_owned)
    };
    let (etag, position) = (header("etag"), header("zhurnal-live-position"));
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer {
        status,
        etag,
        position,
        body,
    }
}
