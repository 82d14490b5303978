//! Connections to a peer in another process.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};

use super::config::{ClientTls, PeersConfig};

/// Lazy connections used in turn. One HTTP/2 connection sticks to one pod and
/// serialises on its lock; several spread.
pub(super) struct Remote {
    channels: Vec<Channel>,
    next: AtomicUsize,
}

impl Remote {
    /// Needs a runtime: each channel has a task.
    pub(super) fn new(name: &str, url: &str, config: &PeersConfig) -> anyhow::Result<Self> {
        let mut endpoint = Endpoint::from_shared(url.to_owned())
            .with_context(|| format!("peers.urls.{name}: {url}"))?
            .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
            .tcp_nodelay(true)
            .tcp_keepalive(Some(Duration::from_secs(30)))
            .http2_keep_alive_interval(Duration::from_secs(15))
            .keep_alive_timeout(Duration::from_secs(5))
            .keep_alive_while_idle(true);
        if endpoint.uri().scheme_str() == Some("https") {
            let tls = config.tls.as_ref().with_context(|| {
                format!("peers.urls.{name} is https, but [peers.tls] is missing")
            })?;
            endpoint = endpoint.tls_config(tls_config(tls)?)?;
        }
        let channels = (0..config.connections.max(1))
            .map(|_| endpoint.connect_lazy())
            .collect();
        Ok(Self {
            channels,
            next: AtomicUsize::new(0),
        })
    }

    pub(super) fn channel(&self) -> Channel {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        self.channels[n % self.channels.len()].clone()
    }
}

fn tls_config(tls: &ClientTls) -> anyhow::Result<ClientTlsConfig> {
    let read = |path: &std::path::Path| {
        std::fs::read(path).with_context(|| format!("peers.tls: {}", path.display()))
    };
    let config = ClientTlsConfig::new()
        .ca_certificate(Certificate::from_pem(read(&tls.ca_file)?))
        .identity(Identity::from_pem(
            read(&tls.cert_file)?,
            read(&tls.key_file)?,
        ));
    Ok(match &tls.server_name {
        Some(name) => config.domain_name(name.clone()),
        None => config,
    })
}
