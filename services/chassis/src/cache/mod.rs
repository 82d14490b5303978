//! A cache that may vanish at any moment: in process or in Redis.
//!
//! Never the only copy of a fact: an error of Redis is a miss. Keys are namespaced
//! by service. Also carries wake-ups between processes (publish, subscribe) and
//! counters for rate limits; both are hints, not facts.

mod memory;
mod redis;
mod topics;

pub use topics::Subscription;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::config::Secret;
use memory::Memory;
use redis::Redis;

/// Which cache: table `[cache]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CacheConfig {
    /// `redis://…`; empty = in process.
    pub url: Secret,
    /// Memory of the in-process cache, in MiB.
    pub memory_mib: u64,
    /// Longest wait for Redis, in milliseconds.
    pub timeout_ms: u64,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            memory_mib: 16,
            timeout_ms: 100,
        }
    }
}

/// A namespaced cache. Cheap to clone.
#[derive(Clone)]
pub struct Cache {
    namespace: Arc<str>,
    backend: Backend,
}

#[derive(Clone)]
enum Backend {
    Memory(Arc<Memory>),
    Redis(Arc<Redis>),
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache")
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

impl Cache {
    /// A cache in this process.
    pub fn memory(mib: u64) -> Self {
        Self {
            namespace: "".into(),
            backend: Backend::Memory(Arc::new(Memory::new(mib))),
        }
    }

    /// The configured cache. Redis is connected lazily: when it is down, every
    /// read is a miss until it is back.
    pub fn connect(config: &CacheConfig) -> anyhow::Result<Self> {
        if config.url.is_empty() {
            return Ok(Self::memory(config.memory_mib));
        }
        let timeout = Duration::from_millis(config.timeout_ms);
        let redis = Redis::connect(config.url.expose(), timeout)?;
        Ok(Self {
            namespace: "".into(),
            backend: Backend::Redis(redis),
        })
    }

    /// The same cache for another namespace: a service's name.
    pub fn namespaced(&self, namespace: &str) -> Self {
        Self {
            namespace: namespace.into(),
            backend: self.backend.clone(),
        }
    }

    /// Whether other processes see the same cache.
    pub fn is_shared(&self) -> bool {
        matches!(self.backend, Backend::Redis(_))
    }

    /// The value, or a miss.
    pub async fn get(&self, key: &str) -> Option<Bytes> {
        let key = self.key(key);
        match &self.backend {
            Backend::Memory(memory) => memory.get(&key).await,
            Backend::Redis(redis) => redis.get(&key).await,
        }
    }

    /// Keeps the value for at most `ttl`.
    pub async fn put(&self, key: &str, value: impl Into<Bytes>, ttl: Duration) {
        let key = self.key(key);
        match &self.backend {
            Backend::Memory(memory) => memory.put(key, value.into(), ttl).await,
            Backend::Redis(redis) => redis.put(&key, value.into(), ttl).await,
        }
    }

    /// Forgets the value. While Redis is unreachable the old value may come back
    /// with it until its time is over: keep `ttl` short where that matters.
    pub async fn invalidate(&self, key: &str) {
        let key = self.key(key);
        match &self.backend {
            Backend::Memory(memory) => memory.invalidate(&key).await,
            Backend::Redis(redis) => redis.invalidate(&key).await,
        }
    }

    /// Whether the cache can be reached (doctor); the in-process one always can.
    pub async fn ping(&self) -> Result<(), String> {
        match &self.backend {
            Backend::Memory(_) => Ok(()),
            Backend::Redis(redis) => redis.ping().await,
        }
    }

    /// Adds one to a counter that starts anew `window` after its first count, and
    /// gives its value; `None` when Redis cannot be asked.
    pub async fn count(&self, key: &str, window: Duration) -> Option<u64> {
        let key = self.key(key);
        match &self.backend {
            Backend::Memory(memory) => Some(memory.count(key, window).await),
            Backend::Redis(redis) => redis.count(&key, window).await,
        }
    }

    /// Wakes the subscribers of a topic in all processes, at most once each.
    pub async fn publish(&self, topic: &str, payload: impl Into<Bytes>) {
        let topic = self.key(topic);
        match &self.backend {
            Backend::Memory(memory) => memory.topics().send(&topic, payload.into()),
            Backend::Redis(redis) => redis.publish(&topic, payload.into()).await,
        }
    }

    /// Wake-ups of a topic from now on. After a gap (Redis lost, reader too slow)
    /// an empty payload says: look for yourself.
    pub fn subscribe(&self, topic: &str) -> Subscription {
        let topic = self.key(topic);
        match &self.backend {
            Backend::Memory(memory) => memory.topics().subscribe(&topic),
            Backend::Redis(redis) => redis.topics().subscribe(&topic),
        }
    }

    fn key(&self, key: &str) -> String {
        format!("zhurnal:{}:{key}", self.namespace)
    }
}

#[cfg(test)]
mod tests;
