//! Short signed tokens: who a caller is, between gateway and services and
//! between services.
//!
//! EdDSA (Ed25519) only. The `kid` header picks a trusted key, and a key is
//! trusted only for what its owner may say: identity's key for users and
//! clients, a service's key for that service. Time comes from the injected
//! clock, so tests move it.

mod claims;
mod keys;
mod revoked;

pub use keys::{KeyError, SigningKey, TrustedKey};
pub(crate) use revoked::listen as listen_to_ended_sessions;
pub use revoked::{announce_client_ended, announce_ended};

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jsonwebtoken::{Algorithm, Header, Validation};
use sha2::{Digest, Sha256};
use zhurnal_proto::id::SessionId;

use crate::caller::{Caller, Client, Proof, Standing, User};
use crate::clock::Clock;
use claims::Claims;

/// Audience of user and client tokens: every service of the suite.
pub const SUITE: &str = "zhurnal";
/// Longest difference between two clocks that is forgiven.
pub const LEEWAY: Duration = Duration::from_secs(30);
const ISSUER: &str = "zhurnal";
const SERVICE_TTL: Duration = Duration::from_secs(300);
const SERVICE_RENEW: i64 = 60;
const VERIFIED_CACHE: u64 = 20_000;

/// Why a token is not accepted. The text never holds the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a JWT of ours: form, algorithm, key or signature.
    #[error("token is not valid")]
    Invalid,
    /// Past its time.
    #[error("token has expired")]
    Expired,
    /// From the future beyond the leeway.
    #[error("token is not valid yet")]
    NotYet,
    /// Made for somebody else.
    #[error("token has another audience")]
    Audience,
    /// The key may not say this.
    #[error("token's key may not vouch for its subject")]
    Issuer,
    /// The session is over.
    #[error("the session has ended")]
    Ended,
    /// No signing key here.
    #[error("no signing key is configured")]
    NoKey,
}

impl TokenError {
    /// Stable reason for `ErrorInfo`.
    pub fn reason(self) -> &'static str {
        match self {
            TokenError::Expired => "TOKEN_EXPIRED",
            TokenError::Ended => "SESSION_ENDED",
            _ => "TOKEN_INVALID",
        }
    }
}

/// Mints and verifies tokens. Cheap to clone.
#[derive(Clone)]
pub struct Tokens {
    inner: Arc<Inner>,
}

struct Inner {
    signer: Option<SigningKey>,
    trusted: HashMap<String, TrustedKey>,
    clock: Clock,
    services: Mutex<HashMap<(String, String), (String, i64)>>,
    verified: moka::sync::Cache<[u8; 32], Arc<Claims>>,
    /// Sessions and clients that are over, as text.
    ended: moka::sync::Cache<String, ()>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens")
            .field("keys", &self.inner.trusted.len())
            .finish()
    }
}

impl Tokens {
    /// One key for everything: the embedded suite and tests.
    pub fn from_key(key: SigningKey, clock: Clock) -> Self {
        let own = TrustedKey::any(&key);
        Self::new(Some(key), vec![own], clock)
    }

    /// A process with its own key (or none, only verifying) and the keys it trusts.
    pub fn new(signer: Option<SigningKey>, trusted: Vec<TrustedKey>, clock: Clock) -> Self {
        let trusted = trusted
            .into_iter()
            .map(|k| (k.kid().to_owned(), k))
            .collect();
        Self {
            inner: Arc::new(Inner {
                signer,
                trusted,
                clock,
                services: Mutex::new(HashMap::new()),
                verified: moka::sync::Cache::builder()
                    .max_capacity(VERIFIED_CACHE)
                    .time_to_live(SERVICE_TTL)
                    .build(),
                ended: moka::sync::Cache::builder()
                    .time_to_live(revoked::MEMORY)
                    .build(),
            }),
        }
    }

    /// Access token of a person, for all services; without a proof it opens nothing
    /// that demands one.
    pub fn mint_user(
        &self,
        user: &User,
        proof: Proof,
        ttl: Duration,
    ) -> Result<String, TokenError> {
        self.sign(&Claims::user(user, proof), SUITE, ttl)
            .map(|(token, _)| token)
    }

    /// Access token of another system, for all services. `rate_per_minute`: calls that
    /// each process answers, 0 = as many as it makes.
    pub fn mint_client(
        &self,
        client: &Client,
        rate_per_minute: u32,
        ttl: Duration,
    ) -> Result<String, TokenError> {
        self.sign(&Claims::client(client, rate_per_minute), SUITE, ttl)
            .map(|(token, _)| token)
    }

    /// Token of service `from` for service `to`; reused until a minute before its end.
    pub fn mint_service(&self, from: &str, to: &str) -> Result<String, TokenError> {
        let now = self.inner.clock.now().as_second();
        let key = (from.to_owned(), to.to_owned());
        let mut cache = self
            .inner
            .services
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some((token, until)) = cache.get(&key)
            && until - now > SERVICE_RENEW
            && until - now <= SERVICE_TTL.as_secs() as i64
        {
            return Ok(token.clone());
        }
        let (token, until) = self.sign(&Claims::service(from), to, SERVICE_TTL)?;
        cache.insert(key, (token.clone(), until));
        Ok(token)
    }

    /// Who the token speaks for, if it is made for `audience` (a service's name).
    pub fn verify(&self, token: &str, audience: &str) -> Result<Caller, TokenError> {
        self.examine(token, audience).map(|(caller, _)| caller)
    }

    /// The same with what else the token says.
    pub fn examine(&self, token: &str, audience: &str) -> Result<(Caller, Standing), TokenError> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let claims = match self.inner.verified.get(&digest) {
            Some(claims) => claims,
            None => {
                let claims = Arc::new(self.signed_claims(token)?);
                self.inner.verified.insert(digest, claims.clone());
                claims
            }
        };
        self.check_time(&claims)?;
        claims.check_audience(audience)?;
        let caller = claims.caller()?;
        let over = match &caller {
            Caller::User(user) => self.inner.ended.contains_key(&user.session.to_string()),
            Caller::Client(client) => self.inner.ended.contains_key(&client.id),
            _ => false,
        };
        if over {
            return Err(TokenError::Ended);
        }
        Ok((caller, claims.standing()?))
    }

    /// Refuses the session's tokens in this process from now on.
    pub fn end_session(&self, session: SessionId) {
        self.inner.ended.insert(session.to_string(), ());
    }

    /// Refuses the client's tokens in this process from now on.
    pub fn end_client(&self, client: &str) {
        self.inner.ended.insert(client.to_owned(), ());
    }

    /// Now, by the clock that tokens live by.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.inner.clock.now()
    }

    /// Public keys as a JWK set (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> serde_json::Value {
        let mut keys: Vec<&TrustedKey> = self.inner.trusted.values().collect();
        keys.sort_by_key(|k| k.kid());
        serde_json::json!({ "keys": keys.iter().map(|k| k.jwk()).collect::<Vec<_>>() })
    }

    fn sign(&self, claims: &Claims, aud: &str, ttl: Duration) -> Result<(String, i64), TokenError> {
        let signer = self.inner.signer.as_ref().ok_or(TokenError::NoKey)?;
        let now = self.inner.clock.now().as_second();
        let mut claims = claims.clone();
        claims.iss = ISSUER.to_owned();
        claims.aud = aud.to_owned();
        claims.iat = now;
        claims.nbf = now;
        claims.exp = now + ttl.as_secs() as i64;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(signer.kid().to_owned());
        let token = jsonwebtoken::encode(&header, &claims, signer.encoding())
            .map_err(|_| TokenError::NoKey)?;
        Ok((token, claims.exp))
    }

    fn signed_claims(&self, token: &str) -> Result<Claims, TokenError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Invalid)?;
        if header.alg != Algorithm::EdDSA || header.crit.is_some() {
            return Err(TokenError::Invalid);
        }
        let kid = header.kid.ok_or(TokenError::Invalid)?;
        let key = self.inner.trusted.get(&kid).ok_or(TokenError::Invalid)?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.validate_exp = false;
        rules.validate_nbf = false;
        rules.validate_aud = false;
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        let claims = jsonwebtoken::decode::<Claims>(token, key.decoding(), &rules)
            .map_err(|_| TokenError::Invalid)?
            .claims;
        if !key.may_vouch(&claims) {
            return Err(TokenError::Issuer);
        }
        Ok(claims)
    }

    fn check_time(&self, claims: &Claims) -> Result<(), TokenError> {
        let now = self.inner.clock.now().as_second();
        let leeway = LEEWAY.as_secs() as i64;
        if now >= claims.exp.saturating_add(leeway) {
            return Err(TokenError::Expired);
        }
        if claims.nbf > now + leeway || claims.iat > now + leeway {
            return Err(TokenError::NotYet);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
