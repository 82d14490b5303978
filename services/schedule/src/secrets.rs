//! Secrets of calendar subscriptions: made from the service's key, kept as keyed hashes.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chassis::seal::keyed;
use zhurnal_proto::id::CalendarSubscriptionId;

/// The service's own key: without it a stolen database opens no feed.
#[derive(Clone)]
pub struct Secrets {
    key: [u8; 32],
}

impl Secrets {
    /// With a key of 32 bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The secret of 256 bits that a request makes: it follows from the key, so that a repeated
    /// request gets it again and it is stored nowhere.
    pub fn of(&self, id: CalendarSubscriptionId, request_id: &str) -> String {
        let made_of = format!("{id}\0{}", request_id.to_ascii_lowercase());
        BASE64_URL_SAFE_NO_PAD.encode(keyed(&self.key, b"calendar secret", made_of.as_bytes()))
    }

    /// What is stored of a secret.
    pub fn hash(&self, secret: &str) -> [u8; 32] {
        keyed(&self.key, b"calendar hash", secret.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_secret_follows_from_key_subscription_and_request_and_is_not_its_hash() {
        let id = |n| CalendarSubscriptionId::from_uuid(Uuid::from_u128(n));
        let (a, b) = (Secrets::new([1; 32]), Secrets::new([2; 32]));
        let secret = a.of(id(1), "0a");
        assert_eq!(secret.len(), 43, "256 bits");
        assert_eq!(a.of(id(1), "0A"), secret);
        for other in [b.of(id(1), "0a"), a.of(id(2), "0a"), a.of(id(1), "0b")] {
            assert_ne!(other, secret);
        }
        assert_ne!(a.hash(&secret), b.hash(&secret));
        assert_ne!(BASE64_URL_SAFE_NO_PAD.encode(a.hash(&secret)), secret);
    }
}
