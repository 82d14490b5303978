//! The same promises in process and over Redis, and what happens without Redis.

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::*;

/// A Redis of our own on a free port; killed when dropped.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(port: u16) -> Self {
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        Self {
            child,
            url: format!("redis://127.0.0.1:{port}"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn over(url: &str) -> Cache {
    let config = CacheConfig {
        url: Secret::new(url),
        timeout_ms: 200,
        ..CacheConfig::default()
    };
    Cache::connect(&config).unwrap()
}

/// Waits until what is put can be read.
async fn up(cache: &Cache) {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        cache.put("up", "1", Duration::from_secs(5)).await;
        if cache.get("up").await.is_some() {
            return;
        }
        assert!(Instant::now() < end, "redis does not answer");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn keeps_its_promises(cache: Cache) {
    let grading = cache.namespaced("grading");
    let roster = cache.namespaced("roster");
    let minute = Duration::from_secs(60);
    assert_eq!(grading.get("week").await, None);
    grading.put("week", "v1", minute).await;
    assert_eq!(grading.get("week").await.unwrap(), "v1");
    assert_eq!(roster.get("week").await, None, "namespaces are apart");
    grading.put("week", vec![0u8, 159, 255], minute).await;
    assert_eq!(grading.get("week").await.unwrap().as_ref(), [0, 159, 255]);
    grading.invalidate("week").await;
    assert_eq!(grading.get("week").await, None);

    grading.put("brief", "x", Duration::from_millis(30)).await;
    let end = Instant::now() + Duration::from_secs(3);
    while grading.get("brief").await.is_some() {
        assert!(Instant::now() < end, "the entry outlived its time");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    for n in 1..=3 {
        assert_eq!(grading.count("logins", minute).await, Some(n));
    }
    assert_eq!(roster.count("logins", minute).await, Some(1));
}

async fn wakes_subscribers(cache: Cache) {
    let grading = cache.namespaced("grading");
    let mut first = grading.subscribe("marks");
    let mut second = grading.subscribe("marks");
    let mut other = cache.namespaced("roster").subscribe("marks");
    let end = Instant::now() + Duration::from_secs(5);
    // A subscription over Redis may begin a moment later: repeat until it is heard.
    for subscription in [&mut first, &mut second] {
        loop {
            grading.publish("marks", "pupil:1").await;
            let wait = tokio::time::timeout(Duration::from_millis(50), subscription.next()).await;
            if matches!(&wait, Ok(Some(payload)) if payload == "pupil:1") {
                break;
            }
            assert!(Instant::now() < end, "nobody was woken");
        }
    }
    let quiet = tokio::time::timeout(Duration::from_millis(50), async {
        while let Some(payload) = other.next().await {
            assert!(payload.is_empty(), "another topic was heard");
        }
    });
    assert!(quiet.await.is_err());
}

#[tokio::test]
async fn a_cache_in_process_keeps_its_promises() {
    keeps_its_promises(Cache::memory(4)).await;
    wakes_subscribers(Cache::memory(4)).await;
}

#[tokio::test]
async fn a_cache_over_redis_keeps_its_promises() {
    let server = Server::start(free_port());
    let cache = over(&server.url);
    up(&cache).await;
    keeps_its_promises(cache.clone()).await;
    wakes_subscribers(cache).await;
}

#[tokio::test]
async fn without_redis_every_read_is_a_quick_miss() {
    let cache = over(&format!("redis://127.0.0.1:{}", free_port()));
    let start = Instant::now();
    for _ in 0..1_000 {
        cache.put("k", "v", Duration::from_secs(1)).await;
        assert_eq!(cache.get("k").await, None);
        assert_eq!(cache.count("n", Duration::from_secs(1)).await, None);
    }
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn without_redis_this_process_still_hears_itself() {
    let cache = over(&format!("redis://127.0.0.1:{}", free_port()));
    let mut subscription = cache.subscribe("t");
    cache.publish("t", "x").await;
    assert_eq!(subscription.next().await.unwrap(), "x");
}

#[tokio::test]
async fn redis_that_comes_back_is_used_again_and_subscribers_learn_of_the_gap() {
    let port = free_port();
    let server = Server::start(port);
    let cache = over(&server.url);
    up(&cache).await;
    let mut subscription = cache.subscribe("t");
    drop(server);
    assert_eq!(cache.get("up").await, None);
    let _again = Server::start(port);
    up(&cache).await;
    let gap = tokio::time::timeout(Duration::from_secs(10), subscription.next()).await;
    assert!(gap.unwrap().unwrap().is_empty());
}

#[tokio::test]
async fn a_wrong_url_is_an_error_that_does_not_show_it() {
    let config = CacheConfig {
        url: Secret::new("redis://:hunter2@["),
        ..CacheConfig::default()
    };
    let error = Cache::connect(&config).unwrap_err().to_string();
    assert!(
        error.contains("cache.url") && !error.contains("hunter2"),
        "{error}"
    );
}

#[tokio::test]
async fn a_reader_that_is_too_slow_is_told_to_look_for_itself() {
    let cache = Cache::memory(1);
    let mut subscription = cache.subscribe("t");
    for n in 0..1_000u32 {
        cache.publish("t", n.to_string()).await;
    }
    assert!(subscription.next().await.unwrap().is_empty());
}
