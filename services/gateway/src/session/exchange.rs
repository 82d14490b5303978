//! Session secret → access token, remembered for a few seconds.
//!
//! Five seconds is the lease of a session: one that was ended is refused
//! everywhere within it. While identity cannot be reached, the last good answer
//! holds for thirty seconds, so that a restart of identity logs nobody out.

use std::sync::Arc;
use std::time::Duration;

use chassis::client::Peers;
use moka::future::Cache;
use sha2::{Digest, Sha256};
use tonic::{Code, Status};
use zhurnal_proto::identity::v1::identity_service_client::IdentityServiceClient;
use zhurnal_proto::identity::v1::{ExchangeSessionRequest, ExchangeSessionResponse};

type Key = [u8; 32];

/// Exchanges session secrets for access tokens.
#[derive(Clone)]
pub struct Exchange {
    peers: Peers,
    fresh: Cache<Key, Arc<ExchangeSessionResponse>>,
    last_good: Cache<Key, Arc<ExchangeSessionResponse>>,
}

impl Exchange {
    /// Keeps at most 100,000 sessions.
    pub fn new(peers: Peers) -> Self {
        let cache = |seconds| {
            Cache::builder()
                .max_capacity(100_000)
                .time_to_live(Duration::from_secs(seconds))
                .build()
        };
        Self {
            peers,
            fresh: cache(5),
            last_good: cache(30),
        }
    }

    /// Token and person of a session. UNAUTHENTICATED when it has ended.
    pub async fn exchange(&self, secret: &str) -> Result<Arc<ExchangeSessionResponse>, Status> {
        let key = key(secret);
        let asked = self.fresh.try_get_with(key, self.ask(secret)).await;
        match asked {
            Ok(session) => {
                self.last_good.insert(key, session.clone()).await;
                Ok(session)
            }
            Err(refused)
                if matches!(
                    refused.code(),
                    Code::Unavailable | Code::DeadlineExceeded | Code::ResourceExhausted
                ) =>
            {
                self.last_good
                    .get(&key)
                    .await
                    .ok_or_else(|| (*refused).clone())
            }
            Err(refused) => {
                self.last_good.invalidate(&key).await;
                Err((*refused).clone())
            }
        }
    }

    /// Forgets a session that this gateway ended.
    pub async fn forget(&self, secret: &str) {
        let key = key(secret);
        self.fresh.invalidate(&key).await;
        self.last_good.invalidate(&key).await;
    }

    async fn ask(&self, secret: &str) -> Result<Arc<ExchangeSessionResponse>, Status> {
        let mut identity = IdentityServiceClient::new(self.peers.channel("identity"));
        let request = ExchangeSessionRequest {
            session_secret: secret.to_owned(),
        };
        Ok(Arc::new(
            identity.exchange_session(request).await?.into_inner(),
        ))
    }
}

/// Secrets are never kept as keys in the clear.
fn key(secret: &str) -> Key {
    Sha256::digest(secret.as_bytes()).into()
}
