//! The ledger's own key: signs checkpoints, seals rows.

use chassis::service::Cx;
use ed25519_dalek::{Signature, Signer, SigningKey, pkcs8::DecodePrivateKey};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{
    config::LedgerConfig,
    domain::ledger::note::{self, Checkpoint, key_id},
};

/// What the seal's key is derived by.
const SEAL: &[u8] = b"zhurnal ledger seal 1";

/// The key with its name.
#[derive(Clone)]
pub struct LedgerKey {
    name: String,
    signing: SigningKey,
    seal: [u8; 32],
}

impl std::fmt::Debug for LedgerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LedgerKey")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A note that is not a checkpoint signed by this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not signed by the ledger's key")]
pub struct NotSigned;

impl LedgerKey {
    /// From the configured file, or from the service's folder.
    pub fn load(cx: &Cx, config: &LedgerConfig) -> anyhow::Result<LedgerKey> {
        let seed = match config.key_file.as_str() {
            "" => cx.files.secret("ledger.key", &cx.ids)?,
            path => read(path)?,
        };
        Ok(LedgerKey::of_seed(config.key_name.clone(), &seed))
    }

    /// From 32 secret bytes.
    pub fn of_seed(name: String, seed: &[u8; 32]) -> LedgerKey {
        let seal = match Hmac::<Sha256>::new_from_slice(seed) {
            Ok(mac) => mac.chain_update(SEAL).finalize().into_bytes().into(),
            // HMAC takes keys of any length.
            Err(_) => [0; 32],
        };
        LedgerKey {
            name,
            signing: SigningKey::from_bytes(seed),
            seal,
        }
    }

    /// Key of the rows' seals.
    pub fn seal(&self) -> &[u8; 32] {
        &self.seal
    }

    /// Signs a checkpoint.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let body = checkpoint.body(&self.name);
        let signature = self.signing.sign(body.as_bytes()).to_bytes();
        note::note(&body, &self.name, self.id(), &signature)
    }

    /// What a note says, if this key has signed it.
    pub fn open(&self, text: &str) -> Result<Checkpoint, NotSigned> {
        let opened = note::open(text, &self.name).ok_or(NotSigned)?;
        let own = |(id, signature): &([u8; 4], [u8; 64])| {
            let signature = Signature::from_bytes(signature);
            *id == self.id()
                && self
                    .signing
                    .verifying_key()
                    .verify_strict(opened.body.as_bytes(), &signature)
                    .is_ok()
        };
        if !opened.signatures.iter().any(own) {
            return Err(NotSigned);
        }
        Checkpoint::read(&self.name, &opened.body).ok_or(NotSigned)
    }

    fn id(&self) -> [u8; 4] {
        key_id(&self.name, self.signing.verifying_key().as_bytes())
    }
}

fn read(path: &str) -> anyhow::Result<[u8; 32]> {
    let bytes = std::fs::read(path)
        .map_err(|error| anyhow::anyhow!("grading.ledger.key_file {path}: {error}"))?;
    if let Ok(seed) = <[u8; 32]>::try_from(bytes.as_slice()) {
        return Ok(seed);
    }
    let pem = String::from_utf8_lossy(&bytes);
    let key = SigningKey::from_pkcs8_pem(&pem);
    key.map(|key| key.to_bytes()).map_err(|_| {
        anyhow::anyhow!("grading.ledger.key_file {path}: neither 32 bytes nor a PKCS#8 Ed25519 key")
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{ledger::tree::leaf_hash, lesson::tests::a_lesson};

    fn key(seed: u8) -> LedgerKey {
        LedgerKey::of_seed("zhurnal/grading".to_owned(), &[seed; 32])
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            school: a_lesson().school,
            day: date(2026, 9, 1),
            size: 3,
            root: leaf_hash(b"x"),
            signed_at: "2026-09-01T07:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn only_the_own_signature_opens_a_note() {
        let note = key(1).sign(&checkpoint());
        assert_eq!(key(1).open(&note), Ok(checkpoint()));
        assert_eq!(key(2).open(&note), Err(NotSigned));
        assert_eq!(key(1).open(&note.replace("\n3\n", "\n4\n")), Err(NotSigned));
        assert_eq!(key(1).open(""), Err(NotSigned));
    }

    #[test]
    fn seals_of_different_keys_differ() {
        assert_ne!(key(1).seal(), key(2).seal());
        assert_ne!(key(1).seal(), &[1; 32]);
    }
}
