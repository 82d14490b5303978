//! The cache of one process: moka with a time to live per entry.

use std::time::{Duration, Instant};

use bytes::Bytes;
use moka::Expiry;
use moka::future::Cache;

use super::topics::Topics;

#[derive(Clone)]
enum Entry {
    Value(Bytes, Duration),
    Count(u64, Duration),
}

/// Values, counters and topics.
pub(super) struct Memory {
    entries: Cache<String, Entry>,
    topics: Topics,
}

struct PerEntry;

impl Expiry<String, Entry> for PerEntry {
    fn expire_after_create(&self, _: &String, entry: &Entry, _: Instant) -> Option<Duration> {
        let (Entry::Value(_, ttl) | Entry::Count(_, ttl)) = entry;
        Some(*ttl)
    }

    fn expire_after_update(
        &self,
        _: &String,
        entry: &Entry,
        _: Instant,
        left: Option<Duration>,
    ) -> Option<Duration> {
        match entry {
            Entry::Value(_, ttl) => Some(*ttl),
            // A counter keeps the window of its first count.
            Entry::Count(..) => left,
        }
    }
}

impl Memory {
    pub(super) fn new(mib: u64) -> Self {
        let entries = Cache::builder()
            .max_capacity(mib * 1024 * 1024)
            .weigher(|key: &String, entry: &Entry| {
                let bytes = match entry {
                    Entry::Value(bytes, _) => bytes.len(),
                    Entry::Count(..) => 8,
                };
                u32::try_from(key.len() + bytes + 64).unwrap_or(u32::MAX)
            })
            .expire_after(PerEntry)
            .build();
        Self {
            entries,
            topics: Topics::default(),
        }
    }

    pub(super) fn topics(&self) -> &Topics {
        &self.topics
    }

    pub(super) async fn get(&self, key: &str) -> Option<Bytes> {
        match self.entries.get(key).await? {
            Entry::Value(bytes, _) => Some(bytes),
            Entry::Count(..) => None,
        }
    }

    pub(super) async fn put(&self, key: String, value: Bytes, ttl: Duration) {
        self.entries.insert(key, Entry::Value(value, ttl)).await;
    }

    pub(super) async fn invalidate(&self, key: &str) {
        self.entries.invalidate(key).await;
    }

    pub(super) async fn count(&self, key: String, window: Duration) -> u64 {
        let entry = self
            .entries
            .entry(key)
            .and_upsert_with(|old| {
                let n = match old.map(moka::Entry::into_value) {
                    Some(Entry::Count(n, _)) => n + 1,
                    _ => 1,
                };
                std::future::ready(Entry::Count(n, window))
            })
            .await;
        match entry.into_value() {
            Entry::Count(n, _) => n,
            Entry::Value(..) => 1,
        }
    }
}
