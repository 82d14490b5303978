//! `import`: a school from a workbook, CSV lists or OneRoster, straight into the data folder.

use std::path::PathBuf;
use std::process::ExitCode;

use chassis::config::Common;
use clap::{Args, Subcommand, ValueEnum};
use roster::RosterService;
use roster::import::{Finding, Options, Report, run_file};

use super::folder::FolderLock;
use super::{print, say};
use crate::suite;

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    kind: ImportKind,
}

#[derive(Debug, Subcommand)]
enum ImportKind {
    /// A whole school: staff, classes, pupils, parents, load, calendar, timetable.
    #[command(after_help = "Exit codes: 0 applied or a clean dry run, 2 refused rows, 1 failure.")]
    School(School),
}

/// Arguments of `import school`.
#[derive(Debug, Args)]
struct School {
    /// The workbook (XLSX), or a ZIP of CSV lists or of OneRoster 1.2 CSV.
    file: PathBuf,
    /// Folder of databases, keys and files; no running server may hold it.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Only check: every row gets its verdict, nothing is stored.
    #[arg(long)]
    dry_run: bool,
    /// Leave refused rows out, with whatever refers to them.
    #[arg(long)]
    skip_refused_rows: bool,
    /// Form of the answer.
    #[arg(long, value_enum, default_value_t = Output::Table)]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Table,
    Json,
}

impl Import {
    /// Prints the report.
    pub async fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let ImportKind::School(school) = self.kind;
        let quiet = [
            ("server.grpc", "", Some("")),
            ("server.admin", "", Some("")),
            ("telemetry.filter", "", Some("error")),
        ];
        let sources = suite::sources(config.as_ref(), school.data.as_ref(), &quiet)?;
        let common = Common::load(&sources)?;
        let _lock = FolderLock::of(&common)?;
        let telemetry = chassis::telemetry::init(&common.telemetry, "import")?;
        let needed = ["roster".to_owned(), "schedule".to_owned()];
        let running = suite::compose(common, sources, telemetry.metrics(), &needed, |_| {})?
            .start()
            .await?;
        let cx = running
            .context("roster")
            .ok_or_else(|| anyhow::anyhow!("roster does not run"))?;
        let settings = running.config::<RosterService>()?;
        let options = Options {
            dry_run: school.dry_run,
            skip_refused_rows: school.skip_refused_rows,
            ..Options::default()
        };
        let done = run_file(&cx, &settings, &school.file, &options).await;
        running.stop().await;
        // The message holds its cause already.
        let report = done.map_err(|error| anyhow::anyhow!(error.to_string()))?;
        match school.output {
            Output::Json => print(&serde_json::to_string_pretty(&report)?)?,
            Output::Table => table(&report)?,
        }
        Ok(ExitCode::from(report.exit_code()))
    }
}

fn table(report: &Report) -> anyhow::Result<()> {
    for (title, findings) in [
        ("Ошибки", &report.errors),
        ("Предупреждения", &report.warnings),
        ("Исправлено", &report.normalisations),
        ("К сведению", &report.notices),
    ] {
        if !findings.is_empty() {
            print(&format!("{title} ({}):", findings.len()))?;
        }
        for finding in findings {
            print(&row(finding))?;
        }
    }
    print(&format!(
        "Сотрудников {}, классов {}, учеников {}, родителей {}, строк нагрузки {}, уроков в неделю {}, уроков в году {}",
        report.staff,
        report.classes,
        report.pupils,
        report.guardians,
        report.loads,
        report.weekly_lessons,
        report.lessons
    ))?;
    say(match (report.applied, report.errors.is_empty()) {
        (true, _) => "Импорт применён.",
        (false, false) => {
            "Не применено: исправьте ошибки или оставьте эти строки (--skip-refused-rows)."
        }
        (false, true) if report.failure.is_empty() => "Проверено, ошибок нет; ничего не записано.",
        (false, true) => report.failure.as_str(),
    });
    Ok(())
}

fn row(finding: &Finding) -> String {
    let Finding {
        sheet,
        row,
        column,
        value,
        message,
        hint,
        ..
    } = finding;
    let value = if value.is_empty() {
        String::new()
    } else {
        format!(" «{value}»")
    };
    let hint = if hint.is_empty() {
        String::new()
    } else {
        format!(" → {hint}")
    };
    format!("  {sheet}, строка {row}, {column}:{value} {message}{hint}")
}
