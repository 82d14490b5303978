//! Argon2id in a bounded pool: at most a few hashes at once, never on the async
//! workers, and a short queue: a storm of log-ins is turned away, not piled up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use chassis::status;
use tokio::sync::Semaphore;
use tonic::Status;

use crate::config::Config;

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Hasher {
    params: Params,
    workers: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    queue: usize,
    /// A hash that no password fits: unknown logins cost as much as known ones.
    decoy: Arc<str>,
}

/// Whether a password fits a stored hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does not.
    Wrong,
    /// It does.
    Right,
    /// It does, but the hash was made with weaker parameters: make it anew.
    RightButWeak,
}

impl Hasher {
    /// A pool by the configuration.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let params = Params::new(config.argon2_memory_kib, config.argon2_passes, 1, None)
            .map_err(|e| anyhow::anyhow!("argon2 parameters: {e}"))?;
        let decoy = decoy(&params);
        Ok(Self {
            params,
            workers: Arc::new(Semaphore::new(config.hash_workers.max(1))),
            waiting: Arc::new(AtomicUsize::new(0)),
            queue: config.hash_queue,
            decoy: decoy.into(),
        })
    }

    /// PHC text of a new password.
    pub async fn hash(&self, password: String) -> Result<String, Status> {
        let params = self.params.clone();
        self.run(move || hash(&params, &password))
            .await?
            .map_err(|e| status::internal(anyhow::anyhow!("argon2: {e}")))
    }

    /// Checks a password; without a stored hash it takes as long and is wrong.
    pub async fn verify(
        &self,
        password: String,
        stored: Option<String>,
    ) -> Result<Verdict, Status> {
        let decoy = self.decoy.clone();
        let params = self.params.clone();
        self.run(move || {
            let known = stored.is_some();
            let text = stored.unwrap_or_else(|| decoy.to_string());
            let Ok(parsed) = PasswordHash::new(&text) else {
                return Verdict::Wrong;
            };
            let right = Argon2::default()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok();
            match (known && right, Params::try_from(&parsed)) {
                (false, _) => Verdict::Wrong,
                (true, Ok(used))
                    if used.m_cost() >= params.m_cost() && used.t_cost() >= params.t_cost() =>
                {
                    Verdict::Right
                }
                (true, _) => Verdict::RightButWeak,
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Status> {
        let waiting = Waiting::enter(&self.waiting, self.queue)
            .ok_or_else(|| status::overloaded(Duration::from_secs(2)))?;
        let permit = self
            .workers
            .clone()
            .acquire_owned()
            .await
            .map_err(status::internal)?;
        drop(waiting);
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(status::internal)
    }
}

struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn enter(count: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let guard = Self(count.clone());
        (count.fetch_add(1, Ordering::Relaxed) < most.max(1)).then_some(guard)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hash(params: &Params, password: &str) -> argon2::password_hash::Result<String> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    Ok(argon2.hash_password(password.as_bytes())?.to_string())
}

/// A hash of zeros: to check a password against it is as much work as against any, and
/// nothing is computed for it at start (the memory of one hash is a fifth of an idle
/// process).
fn decoy(params: &Params) -> String {
    let (salt, zeros) = ("A".repeat(22), "A".repeat(43));
    let (m, t, p) = (params.m_cost(), params.t_cost(), params.p_cost());
    format!("$argon2id$v=19$m={m},t={t},p={p}${salt}${zeros}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config {
            argon2_memory_kib: 64,
            argon2_passes: 1,
            ..Config::default()
        }
    }

    #[tokio::test]
    async fn only_the_right_password_fits_and_weak_hashes_are_noticed() {
        let hasher = Hasher::new(&config()).unwrap();
        let stored = hasher.hash("три синих чайника".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let verify = |p: &str, s: Option<String>| hasher.verify(p.to_owned(), s);
        assert_eq!(
            verify("три синих чайника", Some(stored.clone()))
                .await
                .unwrap(),
            Verdict::Right
        );
        assert_eq!(
            verify("три синих чайник", Some(stored.clone()))
                .await
                .unwrap(),
            Verdict::Wrong
        );
        assert_eq!(
            verify("not a password of anybody", None).await.unwrap(),
            Verdict::Wrong
        );
        let stronger = Hasher::new(&Config {
            argon2_passes: 2,
            ..config()
        })
        .unwrap();
        assert_eq!(
            stronger
                .verify("три синих чайника".into(), Some(stored))
                .await
                .unwrap(),
            Verdict::RightButWeak
        );
    }

    #[tokio::test]
    async fn the_decoy_is_as_much_work_as_a_real_hash() {
        let hasher = Hasher::new(&config()).unwrap();
        let real = hasher.hash("три синих чайника".into()).await.unwrap();
        assert_eq!(hasher.decoy.len(), real.len());
        let work = |text: &str| {
            let parsed = PasswordHash::new(text).unwrap();
            let params = Params::try_from(&parsed).unwrap();
            let output = parsed.hash.map(|hash| hash.as_ref().len());
            (params.m_cost(), params.t_cost(), params.p_cost(), output)
        };
        assert_eq!(work(&hasher.decoy), work(&real));
    }

    #[tokio::test]
    async fn a_full_queue_turns_new_ones_away() {
        let hasher = Hasher::new(&Config {
            hash_queue: 1,
            hash_workers: 1,
            ..config()
        })
        .unwrap();
        let _busy = hasher.workers.clone().acquire_owned().await.unwrap();
        let mut first = Box::pin(hasher.hash("a long password".into()));
        assert!(futures::poll!(&mut first).is_pending());
        let refused = hasher.hash("another password".into()).await.unwrap_err();
        assert_eq!(status::reason(&refused), "OVERLOADED");
    }
}
