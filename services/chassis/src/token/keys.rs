//! Ed25519 keys: the private one a process signs with, the public ones it trusts.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey};
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};

use super::claims::{Claims, Kind};

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not a PKCS#8 Ed25519 private key, or not an SPKI public key.
    #[error("not an Ed25519 key in PEM (PKCS#8 or SPKI)")]
    Format,
    /// The file cannot be read or written.
    #[error("key file {path}: {source}")]
    File {
        /// Path of the file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A private key with its public half.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    encoding: EncodingKey,
    public: [u8; 32],
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl SigningKey {
    /// From 32 secret bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, KeyError> {
        Self::from_dalek(&ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// From a PKCS#8 PEM (`-----BEGIN PRIVATE KEY-----`).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = ed25519_dalek::SigningKey::from_pkcs8_pem(pem).map_err(|_| KeyError::Format)?;
        Self::from_dalek(&key)
    }

    /// Reads the PEM file; with `create`, makes a new key when there is none
    /// (mode 0600). Used by the embedded profile.
    pub fn from_file(path: &Path, create: bool) -> Result<Self, KeyError> {
        match std::fs::read_to_string(path) {
            Ok(pem) => Self::from_pem(&pem),
            Err(e) if create && e.kind() == std::io::ErrorKind::NotFound => {
                let pem = new_pem()?;
                write_secret(path, &pem).map_err(|e| file_error(path, e))?;
                Self::from_pem(&pem)
            }
            Err(e) => Err(file_error(path, e)),
        }
    }

    /// A fresh random key that lives as long as the process.
    pub fn ephemeral() -> Result<Self, KeyError> {
        Self::from_pem(&new_pem()?)
    }

    /// Id of the key, derived from its public half.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half.
    pub fn public(&self) -> [u8; 32] {
        self.public
    }

    pub(super) fn encoding(&self) -> &EncodingKey {
        &self.encoding
    }

    fn from_dalek(key: &ed25519_dalek::SigningKey) -> Result<Self, KeyError> {
        let public = key.verifying_key().to_bytes();
        // The 48-byte PKCS#8 v1 form, without the public key that v2 appends.
        let mut der = Vec::with_capacity(48);
        der.extend_from_slice(&PKCS8_V1_HEAD);
        der.extend_from_slice(&key.to_bytes());
        Ok(Self {
            kid: kid(&public),
            encoding: EncodingKey::from_ed_der(&der),
            public,
        })
    }
}

/// ASN.1 of PKCS#8 v1 around a 32-byte Ed25519 seed (RFC 8410).
const PKCS8_V1_HEAD: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

fn new_pem() -> Result<String, KeyError> {
    let mut seed = zeroize::Zeroizing::new([0u8; 32]);
    rand::RngCore::fill_bytes(&mut rand::rng(), seed.as_mut());
    let key = ed25519_dalek::SigningKey::from_bytes(&seed);
    let pem = key
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|_| KeyError::Format)?;
    Ok(pem.to_string())
}

fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn file_error(path: &Path, source: std::io::Error) -> KeyError {
    KeyError::File {
        path: path.display().to_string(),
        source,
    }
}

fn kid(public: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(public)[..12])
}

/// A public key and whose it is.
#[derive(Clone)]
pub struct TrustedKey {
    kid: String,
    owner: Option<String>,
    public: [u8; 32],
    decoding: DecodingKey,
}

impl TrustedKey {
    /// Trusted for every subject (one key for the whole suite).
    pub fn any(key: &SigningKey) -> Self {
        Self::build(None, key.public)
    }

    /// Trusted for tokens of service `owner`; identity's also for users and clients.
    pub fn of_service(owner: &str, public: [u8; 32]) -> Self {
        Self::build(Some(owner.to_owned()), public)
    }

    /// The same from an SPKI PEM (`-----BEGIN PUBLIC KEY-----`).
    pub fn from_pem(owner: &str, pem: &str) -> Result<Self, KeyError> {
        let key =
            ed25519_dalek::VerifyingKey::from_public_key_pem(pem).map_err(|_| KeyError::Format)?;
        Ok(Self::of_service(owner, key.to_bytes()))
    }

    fn build(owner: Option<String>, public: [u8; 32]) -> Self {
        Self {
            kid: kid(&public),
            owner,
            public,
            decoding: DecodingKey::from_ed_der(&public),
        }
    }

    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }

    pub(super) fn may_vouch(&self, claims: &Claims) -> bool {
        match &self.owner {
            None => true,
            Some(owner) if claims.knd == Kind::Service => *owner == claims.sub,
            Some(owner) => owner == "identity",
        }
    }

    pub(super) fn jwk(&self) -> serde_json::Value {
        serde_json::json!({
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
            "kid": self.kid, "x": URL_SAFE_NO_PAD.encode(self.public),
        })
    }
}
