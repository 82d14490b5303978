//! `export`: a school as a file, straight from the data folder.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use chassis::config::Common;
use clap::{Args, Subcommand, ValueEnum};
use roster::RosterService;
use roster::export::{Format, export};

use super::folder::FolderLock;
use super::say;
use crate::suite;

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct Export {
    #[command(subcommand)]
    kind: ExportKind,
}

#[derive(Debug, Subcommand)]
enum ExportKind {
    /// A whole school as `import school` reads it. The file holds personal data.
    School(School),
}

/// Arguments of `export school`.
#[derive(Debug, Args)]
struct School {
    /// Form of the file.
    #[arg(long, value_enum)]
    format: FileFormat,
    /// The file to write; one that is there is not overwritten.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Title or id of the school; may be left out when there is one only.
    #[arg(long, value_name = "TITLE")]
    school: Option<String>,
    /// Folder of databases, keys and files; no running server may hold it.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FileFormat {
    /// The workbook of the import (XLSX).
    Workbook,
    /// A package of OneRoster 1.2 CSV (ZIP).
    Oneroster,
}

impl Export {
    /// Writes the file.
    pub async fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let ExportKind::School(school) = self.kind;
        let quiet = [
            ("server.grpc", "", Some("")),
            ("server.admin", "", Some("")),
            ("telemetry.filter", "", Some("error")),
        ];
        let sources = suite::sources(config.as_ref(), school.data.as_ref(), &quiet)?;
        let common = Common::load(&sources)?;
        let _lock = FolderLock::of(&common)?;
        let telemetry = chassis::telemetry::init(&common.telemetry, "export")?;
        let needed = ["roster".to_owned(), "schedule".to_owned()];
        let running = suite::compose(common, sources, telemetry.metrics(), &needed, |_| {})?
            .start()
            .await?;
        let cx = running
            .context("roster")
            .ok_or_else(|| anyhow::anyhow!("roster does not run"))?;
        let settings = running.config::<RosterService>()?;
        let format = match school.format {
            FileFormat::Workbook => Format::Workbook,
            FileFormat::Oneroster => Format::Oneroster,
        };
        let made = export(&cx, &settings, school.school.as_deref(), format).await;
        running.stop().await;
        // The message holds its cause already.
        let bytes = made.map_err(|error| anyhow::anyhow!(error.to_string()))?;
        write_new(&school.out, &bytes)?;
        say(&format!("Записано: {}", school.out.display()));
        Ok(ExitCode::SUCCESS)
    }
}

fn write_new(path: &PathBuf, bytes: &[u8]) -> anyhow::Result<()> {
    use std::io::Write;
    let shown = path.display().to_string();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).context(shown.clone())?;
    file.write_all(bytes).context(shown)
}
