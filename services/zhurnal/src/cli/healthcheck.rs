//! `healthcheck`: asks a running process whether it is ready.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::say;

/// Arguments of `healthcheck`.
#[derive(Debug, Args)]
pub struct Healthcheck {
    /// Address of the admin port.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9464")]
    admin: String,
    /// `readyz` or `livez`.
    #[arg(long, default_value = "readyz")]
    probe: String,
}

impl Healthcheck {
    /// Exit code 0 = yes, 1 = no.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let asked = tokio::time::timeout(Duration::from_secs(5), self.ask());
        let (status, body) = asked.await.context("no answer within 5 s")??;
        if status == http::StatusCode::OK {
            return Ok(ExitCode::SUCCESS);
        }
        say(&format!("{status}: {body}"));
        Ok(ExitCode::FAILURE)
    }

    async fn ask(&self) -> anyhow::Result<(http::StatusCode, String)> {
        let stream = TcpStream::connect(&self.admin)
            .await
            .with_context(|| self.admin.clone())?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let request = http::Request::get(format!("/{}", self.probe))
            .header(http::header::HOST, &self.admin)
            .body(Empty::<Bytes>::new())?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        connection.abort();
        Ok((status, String::from_utf8_lossy(&body).trim().to_owned()))
    }
}
