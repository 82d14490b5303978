//! Keys and certificates of an installation: one Ed25519 key and one certificate
//! per process, one authority.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};

/// Where the files lie; made by [`Credentials::make`].
#[derive(Debug, Clone)]
pub struct Credentials {
    folder: PathBuf,
}

impl Credentials {
    /// Makes everything for the named processes. Files of an earlier run stay.
    pub fn make(folder: &Path, names: &[&str]) -> anyhow::Result<Self> {
        let this = Self {
            folder: folder.to_owned(),
        };
        let complete = this.authority().exists()
            && names
                .iter()
                .all(|n| this.private(n).exists() && this.certificate(n).exists());
        if complete {
            return Ok(this);
        }
        let authority = Authority::new()?;
        write(&this.authority(), &authority.pem)?;
        for name in names {
            this.token_key(name)?;
            authority.issue(&this.certificate(name), &this.certificate_key(name), name)?;
        }
        Ok(this)
    }

    /// Private key that the process signs tokens with.
    pub fn private(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.token.key"))
    }

    /// Its public half, for the others.
    pub fn public(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.token.pub"))
    }

    /// Certificate for both sides of mutual TLS.
    pub fn certificate(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.crt"))
    }

    /// The certificate's private key.
    pub fn certificate_key(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.key"))
    }

    /// Certificate of the authority.
    pub fn authority(&self) -> PathBuf {
        self.folder.join("ca.crt")
    }

    fn token_key(&self, name: &str) -> anyhow::Result<()> {
        let mut seed = [0u8; 32];
        rand::RngCore::fill_bytes(&mut rand::rng(), &mut seed);
        let key = SigningKey::from_bytes(&seed);
        let private = key.to_pkcs8_pem(LineEnding::LF)?;
        let public = key.verifying_key().to_public_key_pem(LineEnding::LF)?;
        write(&self.private(name), &private)?;
        write(&self.public(name), &public)
    }
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> anyhow::Result<Self> {
        let mut params = CertificateParams::new(Vec::<String>::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let name = "zhurnal load test authority";
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate()?;
        let pem = params.self_signed(&key)?.pem();
        Ok(Self {
            issuer: Issuer::new(params, key),
            pem,
        })
    }

    /// Good for this machine's loopback only.
    fn issue(&self, certificate: &Path, key_file: &Path, name: &str) -> anyhow::Result<()> {
        let key = KeyPair::generate()?;
        let names = vec![
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            name.to_owned(),
        ];
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, name);
        let signed = params.signed_by(&key, &self.issuer)?;
        write(certificate, &signed.pem())?;
        write(key_file, &key.serialize_pem())
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options
        .open(path)
        .with_context(|| path.display().to_string())?;
    file.write_all(text.as_bytes())
        .with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use chassis::token;

    use super::*;

    #[test]
    fn every_process_has_a_key_that_the_others_can_trust() {
        let folder = tempfile::tempdir().unwrap();
        let made = Credentials::make(folder.path(), &["grading", "roster"]).unwrap();
        let own = token::SigningKey::from_file(&made.private("grading"), false).unwrap();
        let public = std::fs::read_to_string(made.public("grading")).unwrap();
        assert!(token::TrustedKey::from_pem("grading", &public).is_ok());
        let other = token::SigningKey::from_file(&made.private("roster"), false).unwrap();
        assert_ne!(own.kid(), other.kid());
    }

    #[test]
    fn a_second_run_in_the_same_folder_keeps_the_keys() {
        let folder = tempfile::tempdir().unwrap();
        let first = Credentials::make(folder.path(), &["grading"]).unwrap();
        let key = std::fs::read(first.private("grading")).unwrap();
        let again = Credentials::make(folder.path(), &["grading"]).unwrap();
        assert_eq!(std::fs::read(again.private("grading")).unwrap(), key);
    }
}
