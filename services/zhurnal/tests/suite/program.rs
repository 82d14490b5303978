//! The program itself as somebody starts it who has nothing but a command line.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::browser::Browser;

/// `zhurnal` with these arguments and a data folder.
pub fn zhurnal(args: &[&str], data: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zhurnal"));
    command.args(args).arg("--data").arg(data);
    command.env("ZHURNAL__TELEMETRY__FILTER", "error");
    command
}

/// `zhurnal serve` on a free port; ended by its id.
pub struct Served {
    child: Child,
    /// Where the gateway listens.
    pub http: SocketAddr,
    /// What it has told so far.
    pub told: String,
}

impl Served {
    /// Starts it and waits for the line that begins with `last`.
    pub async fn start(data: &Path, more: &[&str], last: &str) -> Self {
        let args = [
            "serve",
            "--http",
            "127.0.0.1:0",
            "--grpc",
            "",
            "--admin",
            "",
        ];
        let mut command = Command::from(zhurnal(&[&args, more].concat(), data));
        command.stderr(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (mut http, mut told) = (None, String::new());
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some(address) = line.strip_prefix("Журнал: http://") {
                http = Some(address.parse().unwrap());
            }
            told.push_str(&line);
            told.push('\n');
            if line.trim_start().starts_with(last) {
                break;
            }
        }
        // Whatever it says later must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self {
            child,
            http: http.unwrap_or_else(|| panic!("no address: {told}")),
            told,
        }
    }

    /// A browser with a login of the demo school; the password is in what was told of it.
    pub async fn log_in(&self, login: &str, told: &str) -> Browser {
        let browser = self.try_log_in(login, told).await;
        browser.unwrap_or_else(|refused| panic!("{login}: {refused}"))
    }

    /// The same, where a refusal is expected for a while.
    pub async fn try_log_in(&self, login: &str, told: &str) -> Result<Browser, Value> {
        let mut browser = Browser::new(self.http);
        let password = told.split_once("у всех один: ").unwrap().1;
        let password = password.split_once(')').unwrap().0;
        let body = json!({ "login": login, "password": password });
        browser.try_enter("/session/logIn", body).await?;
        Ok(browser)
    }

    /// Ends it at once, as a power cut does.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}
