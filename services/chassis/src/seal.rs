//! Secrets at rest: sealed for one owner, opened for no other.
//!
//! One key of 32 bytes per service; what it is used for are keys derived from it by a
//! label, so that a thing of one kind never opens as another.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::ids::Ids;

/// First byte of everything sealed: which form and key.
const FORM: u8 = 1;
/// Bytes of the nonce.
const NONCE: usize = 24;

/// It does not open: another key, another owner, or damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealed data does not open: the key file or the row was exchanged")]
pub struct DoesNotOpen;

/// Seals and opens things of one kind.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
}

impl Sealer {
    /// For the kind of thing that `label` names, under the service's key.
    pub fn new(key: &[u8; 32], label: &[u8]) -> Self {
        let cipher = XChaCha20Poly1305::new(&Key::from(keyed(key, label, b"")));
        Self { cipher }
    }

    /// Seals `plain` for `owner` (an id): it opens for no other.
    pub fn seal(&self, owner: &str, plain: &[u8], ids: &Ids) -> Result<Vec<u8>, DoesNotOpen> {
        let nonce: [u8; NONCE] = ids.secret(NONCE).try_into().map_err(|_| DoesNotOpen)?;
        let payload = Payload {
            msg: plain,
            aad: owner.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| DoesNotOpen)?;
        let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
        out.push(FORM);
        out.extend(nonce);
        out.extend(sealed);
        Ok(out)
    }

    /// Opens what was sealed for `owner`.
    pub fn open(&self, owner: &str, sealed: &[u8]) -> Result<Vec<u8>, DoesNotOpen> {
        let (nonce, body) = match sealed.split_first() {
            Some((&FORM, rest)) => rest.split_first_chunk::<NONCE>().ok_or(DoesNotOpen)?,
            _ => return Err(DoesNotOpen),
        };
        let payload = Payload {
            msg: body,
            aad: owner.as_bytes(),
        };
        self.cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| DoesNotOpen)
    }
}

/// HMAC-SHA-256 of `data` under the key, apart for each label.
pub fn keyed(key: &[u8; 32], label: &[u8], data: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length: this cannot fail.
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.update(label);
    mac.update(&[0]);
    mac.update(data);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_owner_and_kind_only() {
        let sealer = Sealer::new(&[7; 32], b"one");
        let sealed = sealer.seal("acc_1", b"secret", &Ids::seeded(1)).unwrap();
        assert_eq!(sealer.open("acc_1", &sealed).unwrap(), b"secret");
        assert!(!sealed.windows(6).any(|w| w == b"secret"));
        assert_eq!(sealer.open("acc_2", &sealed), Err(DoesNotOpen));
        for other in [Sealer::new(&[7; 32], b"two"), Sealer::new(&[8; 32], b"one")] {
            assert_eq!(other.open("acc_1", &sealed), Err(DoesNotOpen));
        }
    }

    #[test]
    fn a_changed_or_cut_seal_does_not_open() {
        let sealer = Sealer::new(&[7; 32], b"one");
        let sealed = sealer.seal("acc_1", b"secret", &Ids::seeded(1)).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(
                sealer.open("acc_1", &changed),
                Err(DoesNotOpen),
                "byte {at}"
            );
            assert_eq!(
                sealer.open("acc_1", &sealed[..at]),
                Err(DoesNotOpen),
                "cut at {at}"
            );
        }
    }
}
