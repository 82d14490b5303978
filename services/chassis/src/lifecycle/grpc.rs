//! The gRPC port of the process.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Certificate, Identity, Server, ServerTlsConfig};

use crate::config::ServerTls;
use crate::server::Multiplex;

/// Binds the port and serves until `stop`, then until all connections are closed.
pub(crate) async fn serve(
    address: &str,
    tls: Option<&ServerTls>,
    services: Multiplex,
    stop: CancellationToken,
) -> anyhow::Result<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("server.grpc: {address}"))?;
    let bound = listener.local_addr()?;
    let mut server = Server::builder()
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(10)))
        .max_concurrent_streams(1024)
        .http2_max_pending_accept_reset_streams(Some(20))
        .http2_max_header_list_size(16 * 1024);
    if let Some(tls) = tls {
        server = server.tls_config(tls_config(tls)?)?;
    }
    let incoming = TcpIncoming::from(listener)
        .with_nodelay(Some(true))
        .with_keepalive(Some(Duration::from_secs(30)));
    let served = server.serve_with_incoming_shutdown(services, incoming, stop.cancelled_owned());
    let handle = tokio::spawn(async move {
        if let Err(error) = served.await {
            tracing::error!(error = %error, "gRPC port failed");
        }
    });
    Ok((bound, handle))
}

fn tls_config(tls: &ServerTls) -> anyhow::Result<ServerTlsConfig> {
    let read = |path: &std::path::Path| {
        std::fs::read(path).with_context(|| format!("server.tls: {}", path.display()))
    };
    Ok(ServerTlsConfig::new()
        .identity(Identity::from_pem(
            read(&tls.cert_file)?,
            read(&tls.key_file)?,
        ))
        .client_ca_root(Certificate::from_pem(read(&tls.client_ca_file)?)))
}
