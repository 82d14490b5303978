//! Mutual TLS between processes.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use super::*;
use crate::config::ServerTls;

/// A certificate authority.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// Writes a certificate for `localhost` with its key.
    fn issue(&self, folder: &Path, name: &str) -> (PathBuf, PathBuf) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let cert = params.signed_by(&key, &self.issuer).unwrap();
        let paths = (
            folder.join(format!("{name}.pem")),
            folder.join(format!("{name}.key")),
        );
        std::fs::write(&paths.0, cert.pem()).unwrap();
        std::fs::write(&paths.1, key.serialize_pem()).unwrap();
        paths
    }

    fn file(&self, folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(format!("{name}.ca.pem"));
        std::fs::write(&path, &self.pem).unwrap();
        path
    }
}

async fn listen_tls(bench: &Bench, tls: &ServerTls, stop: &CancellationToken) -> String {
    let (ops, _) = ops_routes(&[PEER]).await.unwrap();
    let services = Multiplex::new([bench.stack.clone()], ops);
    let (address, _) =
        crate::lifecycle::serve_grpc("127.0.0.1:0", Some(tls), services, stop.clone())
            .await
            .unwrap();
    format!("https://localhost:{}", address.port())
}

fn peers(bench: &Bench, url: String, tls: ClientTls) -> Peers {
    let config = PeersConfig {
        urls: [(PEER.to_owned(), url)].into(),
        tls: Some(tls),
        ..PeersConfig::default()
    };
    Peers::new("grading", &config, bench.guards.tokens.clone()).unwrap()
}

#[tokio::test]
async fn only_a_certificate_of_our_authority_is_let_in() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let bench = bench();
    let stop = CancellationToken::new();
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (Authority::new(), Authority::new());
    let (cert_file, key_file) = ours.issue(folder.path(), "server");
    let ca = ours.file(folder.path(), "ours");
    let server = ServerTls {
        cert_file,
        key_file,
        client_ca_file: ca.clone(),
    };
    let url = listen_tls(&bench, &server, &stop).await;

    let client = |(cert_file, key_file): (PathBuf, PathBuf), ca_file: &Path| ClientTls {
        ca_file: ca_file.to_owned(),
        cert_file,
        key_file,
        server_name: None,
    };
    let good = peers(
        &bench,
        url.clone(),
        client(ours.issue(folder.path(), "good"), &ca),
    );
    let answer = as_user(&good, &bench).list_notices(list("")).await;
    assert!(answer.is_ok(), "{answer:?}");

    let stranger = client(theirs.issue(folder.path(), "stranger"), &ca);
    let refused = peers(&bench, url.clone(), stranger);
    let status = as_user(&refused, &bench)
        .list_notices(list(""))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);

    let their_ca = theirs.file(folder.path(), "theirs");
    let deceived = client(ours.issue(folder.path(), "deceived"), &their_ca);
    let refused = peers(&bench, url.clone(), deceived);
    let status = as_user(&refused, &bench)
        .list_notices(list(""))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);

    let plain = remote(&bench, &url.replace("https", "http"));
    let status = as_user(&plain, &bench)
        .list_notices(list(""))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(bench.seen.calls.load(Ordering::SeqCst), 1);
    stop.cancel();
}
