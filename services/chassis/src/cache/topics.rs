//! Wake-ups inside this process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::broadcast;

const BUFFER: usize = 256;

/// Topics with their subscribers.
#[derive(Debug, Default)]
pub(super) struct Topics {
    senders: Mutex<HashMap<String, broadcast::Sender<Bytes>>>,
}

impl Topics {
    pub(super) fn subscribe(&self, topic: &str) -> Subscription {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        senders.retain(|_, sender| sender.receiver_count() > 0);
        let sender = senders
            .entry(topic.to_owned())
            .or_insert_with(|| broadcast::channel(BUFFER).0);
        Subscription {
            receiver: sender.subscribe(),
        }
    }

    pub(super) fn send(&self, topic: &str, payload: Bytes) {
        let senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = senders.get(topic) {
            let _ = sender.send(payload);
        }
    }

    /// Tells every subscriber that something may have been missed.
    pub(super) fn gap(&self) {
        let senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        for sender in senders.values() {
            let _ = sender.send(Bytes::new());
        }
    }
}

/// Wake-ups of one topic.
#[derive(Debug)]
pub struct Subscription {
    receiver: broadcast::Receiver<Bytes>,
}

impl Subscription {
    /// The next payload; empty after a gap. `None` when the cache is gone.
    pub async fn next(&mut self) -> Option<Bytes> {
        match self.receiver.recv().await {
            Ok(payload) => Some(payload),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Bytes::new()),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}
