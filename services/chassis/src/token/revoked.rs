//! Sessions, and clients, that ended before their tokens did.
//!
//! An access token lives minutes; a session that ends (log-out, dismissal, stolen
//! device) must not. Identity announces the end through the cache's wake-ups and
//! every process remembers it until all tokens of the session have expired. A
//! process that missed the announcement (Redis away) is bounded by the token's life.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use zhurnal_proto::id::SessionId;

use super::Tokens;
use crate::cache::Cache;
use crate::task::Task;

const OWNER: &str = "identity";
const TOPIC: &str = "sessions.ended";
/// What the payload of a client begins with.
const CLIENT: &str = "client:";
/// Longest life of a user's access token, with leeway to spare.
pub(super) const MEMORY: Duration = Duration::from_secs(15 * 60);

/// Tells every process that the session is over. For identity, after the commit.
pub async fn announce_ended(cache: &Cache, session: SessionId) {
    cache
        .namespaced(OWNER)
        .publish(TOPIC, session.to_string())
        .await;
}

/// Tells every process that another system's client is over. For identity, after the
/// commit.
pub async fn announce_client_ended(cache: &Cache, client: &str) {
    let cache = cache.namespaced(OWNER);
    cache.publish(TOPIC, format!("{CLIENT}{client}")).await;
}

/// The task that listens to [`announce_ended`] and [`announce_client_ended`]; a suite runs one.
pub(crate) fn listen(tokens: Tokens, cache: &Cache) -> Task {
    let cache = cache.namespaced(OWNER);
    Task::new("sessions", move |stop: CancellationToken| {
        let (tokens, mut ended) = (tokens.clone(), cache.subscribe(TOPIC));
        async move {
            loop {
                let payload = tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    payload = ended.next() => payload,
                };
                let Some(payload) = payload else {
                    anyhow::bail!("the cache is gone")
                };
                let text = String::from_utf8_lossy(&payload);
                if let Some(client) = text.strip_prefix(CLIENT) {
                    tokens.end_client(client);
                } else if let Ok(session) = text.parse::<SessionId>() {
                    tokens.end_session(session);
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use zhurnal_proto::id::SchoolId;

    use super::*;
    use crate::caller::{Client, Proof};
    use crate::clock::Clock;
    use crate::server::testing::until;
    use crate::token::{SigningKey, TokenError};

    #[tokio::test]
    async fn an_ended_session_is_refused_in_every_process_that_hears_of_it() {
        let cache = Cache::memory(1);
        let key = SigningKey::ephemeral().unwrap();
        let tokens = Tokens::from_key(key, Clock::system());
        let user = crate::caller::tests::staff(SchoolId::from_uuid(Uuid::nil()), &["TEACHER"]);
        let token = tokens
            .mint_user(&user, Proof::default(), Duration::from_secs(300))
            .unwrap();
        assert!(tokens.verify(&token, "grading").is_ok());

        let stop = CancellationToken::new();
        let task = listen(tokens.clone(), &cache);
        let running = tokio::spawn(task.start(stop.clone()));
        tokio::task::yield_now().await;
        announce_ended(&cache, user.session).await;
        until(|| tokens.verify(&token, "grading") == Err(TokenError::Ended)).await;

        let another = crate::caller::User {
            session: SessionId::from_uuid(Uuid::from_u128(99)),
            ..user
        };
        let other = tokens
            .mint_user(&another, Proof::default(), Duration::from_secs(300))
            .unwrap();
        assert!(
            tokens.verify(&other, "grading").is_ok(),
            "only that session ends"
        );

        let client = Client {
            id: "cli_1".into(),
            scopes: vec!["roster.read".into()],
            schools: vec![],
        };
        let machine = tokens
            .mint_client(&client, 0, Duration::from_secs(300))
            .unwrap();
        assert!(tokens.verify(&machine, "roster").is_ok());
        announce_client_ended(&cache, "cli_1").await;
        until(|| tokens.verify(&machine, "roster") == Err(TokenError::Ended)).await;
        stop.cancel();
        running.await.unwrap().unwrap();
    }
}
