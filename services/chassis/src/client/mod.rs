//! Calls to other services: the generated client over a [`PeerChannel`].
//!
//! A peer is in this process (its server stack is called directly, without HTTP/2
//! framing) or behind a URL (several lazy connections in turn). Both pass the same
//! client layers: a service token unless the request carries one, the rest of the
//! caller's deadline, the trace, and a small retry budget for UNAVAILABLE.

mod budget;
mod call;
mod channel;
mod config;
mod remote;

pub use channel::PeerChannel;
pub use config::{ClientTls, PeersConfig};

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::server::Stack;
use crate::token::Tokens;
use budget::Budget;
use remote::Remote;

/// The other services, as one of ours sees them. Cheap to clone.
#[derive(Clone)]
pub struct Peers {
    from: &'static str,
    shared: Arc<Shared>,
}

struct Shared {
    local: RwLock<HashMap<&'static str, Stack>>,
    remote: HashMap<String, Remote>,
    budgets: RwLock<HashMap<String, Arc<Budget>>>,
    tokens: Tokens,
}

impl std::fmt::Debug for Peers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Peers")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl Peers {
    /// Peers by URL; those of this process are added by [`Peers::host`]. Opens no
    /// connection: a peer that is down answers UNAVAILABLE when it is called.
    pub fn new(from: &'static str, config: &PeersConfig, tokens: Tokens) -> anyhow::Result<Self> {
        let remote = config
            .urls
            .iter()
            .map(|(name, url)| Ok((name.clone(), Remote::new(name, url, config)?)))
            .collect::<anyhow::Result<_>>()?;
        let shared = Shared {
            local: RwLock::default(),
            remote,
            budgets: RwLock::default(),
            tokens,
        };
        Ok(Self {
            from,
            shared: Arc::new(shared),
        })
    }

    /// No peers but those of this process.
    pub fn local(from: &'static str, tokens: Tokens) -> Self {
        let shared = Shared {
            local: RwLock::default(),
            remote: HashMap::new(),
            budgets: RwLock::default(),
            tokens,
        };
        Self {
            from,
            shared: Arc::new(shared),
        }
    }

    /// The same peers seen by another service: its tokens name it as the caller.
    pub fn seen_by(&self, from: &'static str) -> Self {
        Self {
            from,
            shared: self.shared.clone(),
        }
    }

    /// Makes stacks of this process reachable; they win over URLs.
    pub fn host(&self, stacks: impl IntoIterator<Item = Stack>) {
        let mut local = self
            .shared
            .local
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        local.extend(stacks.into_iter().map(|s| (s.service(), s)));
    }

    /// Forgets the hosted stacks, which hold these peers in turn: shutdown.
    pub fn forget_hosted(&self) {
        self.shared
            .local
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// A channel to the service `name`; give it to a generated client.
    pub fn channel(&self, name: &'static str) -> PeerChannel {
        PeerChannel::new(self.clone(), name)
    }

    /// Names of the services that can be reached.
    pub fn names(&self) -> Vec<String> {
        let local = self
            .shared
            .local
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<String> = local.keys().map(|n| (*n).to_owned()).collect();
        names.extend(self.shared.remote.keys().cloned());
        names.sort_unstable();
        names.dedup();
        names
    }

    fn hosted(&self, name: &str) -> Option<Stack> {
        self.shared
            .local
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    fn budget(&self, name: &str) -> Arc<Budget> {
        let known = self
            .shared
            .budgets
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(budget) = known.get(name) {
            return budget.clone();
        }
        drop(known);
        let mut budgets = self
            .shared
            .budgets
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        budgets.entry(name.to_owned()).or_default().clone()
    }
}

#[cfg(test)]
mod tests;
