//! Keyed hashes of everything secret, and random secrets.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chassis::ids::Ids;
use chassis::seal::{DoesNotOpen, Sealer, keyed};

/// The service's own key: without it a stolen database cannot be searched for
/// guessed codes.
#[derive(Clone)]
pub struct Secrets {
    key: [u8; 32],
    totp: Sealer,
}

impl Secrets {
    /// With a key of 32 bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self {
            key,
            totp: Sealer::new(&key, b"identity totp 1"),
        }
    }

    /// Hash of a normalised invitation code.
    pub fn code(&self, code: &str) -> [u8; 32] {
        self.keyed(b"code", code.as_bytes())
    }

    /// Hash of a normalised code for a new password.
    pub fn reset(&self, code: &str) -> [u8; 32] {
        self.keyed(b"reset", code.as_bytes())
    }

    /// Hash of a session secret.
    pub fn session(&self, secret: &str) -> [u8; 32] {
        self.keyed(b"session", secret.as_bytes())
    }

    /// Hash of another system's secret.
    pub fn client(&self, secret: &str) -> [u8; 32] {
        self.keyed(b"client", secret.as_bytes())
    }

    /// Hash of a device cookie.
    pub fn device(&self, cookie: &str) -> [u8; 32] {
        self.keyed(b"device", cookie.as_bytes())
    }

    /// Hash of the token of a log-in's second step.
    pub fn challenge(&self, token: &str) -> [u8; 32] {
        self.keyed(b"challenge", token.as_bytes())
    }

    /// Hash of a normalised recovery code of an account.
    pub fn recovery(&self, account: &str, code: &str) -> [u8; 32] {
        self.keyed(b"recovery", format!("{account}\0{code}").as_bytes())
    }

    /// Seals the secret of an account's second factor.
    pub fn seal_totp(
        &self,
        account: &str,
        secret: &[u8],
        ids: &Ids,
    ) -> Result<Vec<u8>, DoesNotOpen> {
        self.totp.seal(account, secret, ids)
    }

    /// Opens the secret of an account's second factor.
    pub fn open_totp(&self, account: &str, sealed: &[u8]) -> Result<Vec<u8>, DoesNotOpen> {
        self.totp.open(account, sealed)
    }

    /// What wrong codes of a second factor are counted under.
    pub fn factor_attempt(&self, account: &str, device: Option<&[u8; 32]>) -> [u8; 32] {
        let mut data = account.as_bytes().to_vec();
        data.push(0);
        data.extend(device.into_iter().flatten());
        self.keyed(b"factor attempt", &data)
    }

    /// What wrong passwords of an account that is logged in are counted under.
    pub fn again_attempt(&self, account: &str) -> [u8; 32] {
        self.keyed(b"again attempt", account.as_bytes())
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
        keyed(&self.key, label, data)
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
            a.challenge("x"),
            a.reset("x"),
            a.recovery("x", "y"),
            a.recovery("y", "x"),
            a.factor_attempt("x", None),
            a.factor_attempt("x", Some(&[0; 32])),
            a.again_attempt("x"),
        ];
        for (i, one) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|other| other != one));
        }
        assert_eq!(a.code("x"), Secrets::new([1; 32]).code("x"));
    }
}
