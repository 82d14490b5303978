//! The cache shared by processes: Redis or Valkey.
//!
//! Every error is a miss. After one the breaker leaves Redis alone for a second,
//! so that a frozen Redis costs one short wait a second and not one per request.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt as _;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::io::tcp::TcpSettings;
use redis::{Client, FromRedisValue, IntoConnectionInfo as _, RedisError, cmd};
use tokio::task::JoinHandle;

use super::topics::Topics;

/// How long Redis is left alone after an error, and how often errors are logged.
const BREAK_MS: u64 = 1_000;
const LOG_MS: u64 = 10_000;
const CHANNELS: &str = "zhurnal:*";
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

pub(super) struct Redis {
    manager: ConnectionManager,
    topics: Arc<Topics>,
    broken_until: AtomicU64,
    logged: AtomicU64,
    listener: JoinHandle<()>,
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

fn now_ms() -> u64 {
    START.elapsed().as_millis() as u64
}

impl Redis {
    /// One round trip, past the breaker.
    pub(super) async fn ping(&self) -> Result<(), String> {
        let mut manager = self.manager.clone();
        cmd("PING")
            .query_async::<()>(&mut manager)
            .await
            .map_err(|e| e.category().to_owned())
    }

    /// Needs a runtime: the connection and the listener are tasks.
    pub(super) fn connect(url: &str, timeout: Duration) -> anyhow::Result<Arc<Self>> {
        let info = url
            .into_connection_info()
            .map_err(|e| anyhow::anyhow!("cache.url: {}", e.category()))?
            .set_tcp_settings(TcpSettings::default().set_nodelay(true));
        let client =
            Client::open(info).map_err(|e| anyhow::anyhow!("cache.url: {}", e.category()))?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(1)))
            .set_response_timeout(Some(timeout))
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(500));
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        let topics = Arc::new(Topics::default());
        let listener = tokio::spawn(listen(client, topics.clone()));
        Ok(Arc::new(Self {
            manager,
            topics,
            broken_until: AtomicU64::new(0),
            logged: AtomicU64::new(0),
            listener,
        }))
    }

    pub(super) fn topics(&self) -> &Topics {
        &self.topics
    }

    pub(super) async fn get(&self, key: &str) -> Option<Bytes> {
        let value: Option<Vec<u8>> = self.ask(cmd("GET").arg(key)).await?;
        value.map(Bytes::from)
    }

    pub(super) async fn put(&self, key: &str, value: Bytes, ttl: Duration) {
        let ttl = ttl.as_millis().max(1) as u64;
        let _: Option<()> = self
            .ask(cmd("SET").arg(key).arg(value.as_ref()).arg("PX").arg(ttl))
            .await;
    }

    pub(super) async fn invalidate(&self, key: &str) {
        let _: Option<()> = self.ask(cmd("DEL").arg(key)).await;
    }

    pub(super) async fn count(&self, key: &str, window: Duration) -> Option<u64> {
        let script = "local n = redis.call('INCR', KEYS[1]) \
                      if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end return n";
        let window = window.as_millis().max(1) as u64;
        self.ask(cmd("EVAL").arg(script).arg(1).arg(key).arg(window))
            .await
    }

    pub(super) async fn publish(&self, topic: &str, payload: Bytes) {
        let sent: Option<u64> = self
            .ask(cmd("PUBLISH").arg(topic).arg(payload.as_ref()))
            .await;
        if sent.is_none() {
            // Nobody else hears it, but this process can.
            self.topics.send(topic, payload);
        }
    }

    async fn ask<T: FromRedisValue>(&self, command: &redis::Cmd) -> Option<T> {
        if now_ms() < self.broken_until.load(Ordering::Relaxed) {
            return None;
        }
        let mut manager = self.manager.clone();
        match command.query_async(&mut manager).await {
            Ok(value) => Some(value),
            Err(error) => {
                self.failed(&error);
                None
            }
        }
    }

    fn failed(&self, error: &RedisError) {
        let now = now_ms();
        self.broken_until.store(now + BREAK_MS, Ordering::Relaxed);
        let last = self.logged.load(Ordering::Relaxed);
        let due = last == 0 || now >= last + LOG_MS;
        let won = due
            && self
                .logged
                .compare_exchange(last, now.max(1), Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if won {
            tracing::warn!(
                error = error.category(),
                "cache unavailable, going on without it"
            );
        }
    }
}

/// Hands wake-ups of all processes to the subscribers here; connects again for ever.
async fn listen(client: Client, topics: Arc<Topics>) {
    let mut pause = Duration::from_millis(100);
    loop {
        if let Ok(mut pubsub) = client.get_async_pubsub().await
            && pubsub.psubscribe(CHANNELS).await.is_ok()
        {
            pause = Duration::from_millis(100);
            topics.gap();
            let mut messages = pubsub.on_message();
            while let Some(message) = messages.next().await {
                topics.send(
                    message.get_channel_name(),
                    Bytes::copy_from_slice(message.get_payload_bytes()),
                );
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(5));
    }
}
