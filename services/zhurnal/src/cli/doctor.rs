//! `doctor`: is this installation sound? Each line ok, warn or fail with a hint.

use std::path::PathBuf;
use std::process::ExitCode;

use chassis::config::Common;
use chassis::db::Db;
use clap::Args;
use serde::Serialize;

use super::print;
use crate::suite;

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Folder of databases, keys and files.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

#[derive(Debug, Serialize)]
struct Line {
    check: String,
    verdict: Verdict,
    detail: String,
}

impl Doctor {
    /// Exit code 0 all ok, 1 a warning, 2 a failure.
    pub async fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let sources = suite::sources(config.as_ref(), self.data.as_ref(), &[])?;
        let common = Common::load(&sources)?;
        let mut lines = vec![Line {
            check: "configuration".into(),
            verdict: Verdict::Ok,
            detail: "all keys known".into(),
        }];
        for host in suite::hosts() {
            let text = host.print_config(&sources).map(|_| String::new());
            lines.push(line(
                format!("{} configuration", host.name),
                text.map_err(|e| e.to_string()),
            ));
            lines.push(database(&common, &host).await);
        }
        lines.push(folder(&common));
        lines.push(key(&common));
        lines.push(cache(&common).await);
        let worst = lines.iter().map(|l| l.verdict).max().unwrap_or(Verdict::Ok);
        if self.json {
            print(&serde_json::to_string_pretty(&lines)?)?;
        } else {
            for line in &lines {
                let mark = match line.verdict {
                    Verdict::Ok => "ok  ",
                    Verdict::Warn => "warn",
                    Verdict::Fail => "FAIL",
                };
                print(&format!("{mark}  {}: {}", line.check, line.detail))?;
            }
        }
        Ok(ExitCode::from(worst as u8))
    }
}

fn line(check: String, result: Result<String, String>) -> Line {
    match result {
        Ok(detail) => Line {
            check,
            verdict: Verdict::Ok,
            detail,
        },
        Err(detail) => Line {
            check,
            verdict: Verdict::Fail,
            detail,
        },
    }
}

async fn database(common: &Common, host: &chassis::lifecycle::Host) -> Line {
    let check = format!("{} database", host.name);
    let url = common.database_url(host.name);
    if let Some(path) = url
        .expose()
        .strip_prefix("sqlite://")
        .and_then(|p| p.split('?').next())
        && !std::path::Path::new(path).exists()
    {
        return Line {
            check,
            verdict: Verdict::Warn,
            detail: format!("{path} does not exist yet: `zhurnal serve` makes it"),
        };
    }
    let db = match Db::connect(url.expose(), &common.database.options).await {
        Ok(db) => db,
        Err(error) => {
            return Line {
                check,
                verdict: Verdict::Fail,
                detail: format!("unreachable: {error}"),
            };
        }
    };
    let state = db.schema_state(&(host.migrations)()).await;
    let _ = db.close().await;
    match state {
        Err(error) => Line {
            check,
            verdict: Verdict::Fail,
            detail: error.to_string(),
        },
        Ok(state) if !state.unknown.is_empty() => Line {
            check,
            verdict: Verdict::Fail,
            detail: format!(
                "schema is newer than this program ({}): start the newer version",
                state.unknown.join(", ")
            ),
        },
        Ok(state) if !state.pending.is_empty() => Line {
            check,
            verdict: Verdict::Warn,
            detail: format!(
                "{} migrations pending: run `zhurnal migrate`",
                state.pending.len()
            ),
        },
        Ok(state) => Line {
            check,
            verdict: Verdict::Ok,
            detail: format!("{} migrations applied", state.applied.len()),
        },
    }
}

fn folder(common: &Common) -> Line {
    let dir = &common.data.dir;
    let probe = dir.join(".doctor");
    let written = std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::write(&probe, b"x"))
        .and_then(|()| std::fs::remove_file(&probe));
    line(
        "data folder".into(),
        written
            .map(|()| format!("{} is writable", dir.display()))
            .map_err(|e| format!("{}: {e}", dir.display())),
    )
}

fn key(common: &Common) -> Line {
    let path = common
        .tokens
        .key_file
        .clone()
        .unwrap_or_else(|| common.data.dir.join("token.pem"));
    let check = "token key".to_owned();
    match chassis::token::SigningKey::from_file(&path, false) {
        Ok(key) => Line {
            check,
            verdict: Verdict::Ok,
            detail: format!("key {}", key.kid()),
        },
        Err(_) if common.tokens.key_file.is_none() && !path.exists() => Line {
            check,
            verdict: Verdict::Warn,
            detail: "none yet: made at the first start".into(),
        },
        Err(error) => Line {
            check,
            verdict: Verdict::Fail,
            detail: error.to_string(),
        },
    }
}

async fn cache(common: &Common) -> Line {
    let check = "cache".to_owned();
    if common.cache.url.is_empty() {
        return Line {
            check,
            verdict: Verdict::Ok,
            detail: "in process".into(),
        };
    }
    match chassis::cache::Cache::connect(&common.cache) {
        Err(error) => Line {
            check,
            verdict: Verdict::Fail,
            detail: error.to_string(),
        },
        Ok(cache) => match cache.ping().await {
            Ok(()) => Line {
                check,
                verdict: Verdict::Ok,
                detail: "Redis answers".into(),
            },
            Err(error) => Line {
                check,
                verdict: Verdict::Warn,
                detail: format!("Redis does not answer: {error}; slower, nothing is lost"),
            },
        },
    }
}
