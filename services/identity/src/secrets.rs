//! Keyed hashes of everything secret, and random secrets.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chassis::ids::Ids;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The service's own key: without it a stolen database cannot be searched for
/// guessed codes.
#[derive(Clone)]
pub struct Secrets {
    key: [u8; 32],
}

impl Secrets {
    /// With a key of 32 bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// Hash of a normalised invitation code.
    pub fn code(&self, code: &str) -> [u8; 32] {
        self.keyed(b"code", code.as_bytes())
    }

    /// Hash of a session secret.
    pub fn session(&self, secret: &str) -> [u8; 32] {
        self.keyed(b"session", secret.as_bytes())
    }

    /// Hash of a device cookie.
    pub fn device(&self, cookie: &str) -> [u8; 32] {
        self.keyed(b"device", cookie.as_bytes())
    }

    /// Bytes that follow from the key and the parts, and that nobody else can guess:
    /// for secrets that a repeated request must get again without being stored.
    pub fn derive<const N: usize>(&self, label: &[u8], parts: &[&str]) -> [u8; N] {
        let mut data = Vec::new();
        for part in parts {
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        let full = self.keyed(label, &data);
        std::array::from_fn(|i| full[i % full.len()])
    }

    /// What wrong passwords are counted under.
    pub fn attempt(&self, login_key: &str, device: Option<&[u8; 32]>) -> [u8; 32] {
        let mut data = login_key.as_bytes().to_vec();
        data.push(0);
        data.extend(device.into_iter().flatten());
        self.keyed(b"attempt", &data)
    }

    fn keyed(&self, label: &[u8], data: &[u8]) -> [u8; 32] {
        // HMAC takes keys of any length: this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            return [0; 32];
        };
        mac.update(label);
        mac.update(&[0]);
        mac.update(data);
        mac.finalize().into_bytes().into()
    }
}

/// A new secret of 256 bits, safe in cookies and headers.
pub fn fresh(ids: &Ids) -> String {
    text(&ids.secret(32))
}

/// Secret bytes as text that is safe in cookies and headers.
pub fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_differ_by_key_label_and_data() {
        let (a, b) = (Secrets::new([1; 32]), Secrets::new([2; 32]));
        let all = [
            a.code("x"),
            a.session("x"),
            a.device("x"),
            a.code("y"),
            b.code("x"),
            a.attempt("x", None),
            a.attempt("x", Some(&[0; 32])),
        ];
        for (i, one) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|other| other != one));
        }
        assert_eq!(a.code("x"), Secrets::new([1; 32]).code("x"));
    }
}
