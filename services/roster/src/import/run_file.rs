//! The import as one command: check a file, apply it, wait until it is done. What
//! `zhurnal import school FILE` runs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chassis::db::micros;
use chassis::service::Cx;
use chassis::status;
use sea_orm::DbErr;
use serde::Serialize;
use tonic::Status;
use zhurnal_proto::id::{SchoolId, SchoolImportId};
use zhurnal_proto::types::v1::TableIssue;

use super::apply::{begin, prepare};
use super::check::{Checked, NotChosen, check_file, content_hash, plan_of_file};
use super::findings::{Findings, school_exists};
use super::steps::wait;
use crate::domain::school_import::SchoolPlan;
use crate::domain::school_import_state::{ImportCounts, ImportState};
use crate::store::imports::{self, Import};
use crate::store::schools;
use crate::workbook::{Limits, ReadError, take_file};
use crate::{Config, Roster};

/// How a file is imported.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only check.
    pub dry_run: bool,
    /// Apply the sound rows though others are refused.
    pub skip_refused_rows: bool,
    /// How long to wait for the other services.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dry_run: false,
            skip_refused_rows: false,
            patience: Duration::from_secs(600),
        }
    }
}

/// What became of a file; serialises as the command's JSON.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Staff.
    pub staff: u32,
    /// Classes.
    pub classes: u32,
    /// Pupils.
    pub pupils: u32,
    /// Rows of parents.
    pub guardians: u32,
    /// Rows of load.
    pub loads: u32,
    /// Lessons of a week.
    pub weekly_lessons: u32,
    /// Dated lessons of the year; estimated unless applied.
    pub lessons: u32,
    /// Every error.
    pub errors: Vec<Finding>,
    /// Every warning.
    pub warnings: Vec<Finding>,
    /// Whether the school is there now.
    pub applied: bool,
    /// Slips that were mended: value before, message after. Not in the JSON.
    #[serde(skip)]
    pub normalisations: Vec<Finding>,
    /// What there is to know. Not in the JSON.
    #[serde(skip)]
    pub notices: Vec<Finding>,
    /// The school, when applied. Not in the JSON.
    #[serde(skip)]
    pub school_id: Option<SchoolId>,
    /// Why it could not be completed. Not in the JSON.
    #[serde(skip)]
    pub failure: String,
    /// Only checked. Not in the JSON.
    #[serde(skip)]
    pub dry_run: bool,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Sheet title.
    pub sheet: String,
    /// Row number, from 1; 0 = the whole sheet or file.
    pub row: u32,
    /// Letter and header of the column.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Stable reason.
    pub reason: String,
    /// What to do.
    pub hint: String,
    /// What is wrong. Not in the JSON.
    #[serde(skip)]
    pub message: String,
}

impl From<TableIssue> for Finding {
    fn from(issue: TableIssue) -> Self {
        let TableIssue {
            sheet,
            row,
            column,
            value,
            reason,
            message,
            hint,
        } = issue;
        Self {
            sheet,
            row,
            column,
            value,
            reason,
            hint,
            message,
        }
    }
}

impl Report {
    /// Exit code of the command: 0 applied or a clean dry run, 2 refused, 1 not completed.
    pub fn exit_code(&self) -> u8 {
        match (self.applied, self.errors.is_empty()) {
            (true, _) => 0,
            (false, false) => 2,
            (false, true) => u8::from(!self.dry_run || !self.failure.is_empty()),
        }
    }

    fn of(checked: &Checked) -> Self {
        let Findings {
            errors,
            warnings,
            normalisations,
            notices,
        } = checked.findings.clone();
        let findings = |list: Vec<TableIssue>| list.into_iter().map(Finding::from).collect();
        let mut report = Self {
            errors: findings(errors),
            warnings: findings(warnings),
            normalisations: findings(normalisations),
            notices: findings(notices),
            ..Self::default()
        };
        report.count(checked.counts);
        report
    }

    fn count(&mut self, counts: ImportCounts) {
        let ImportCounts {
            staff,
            classes,
            pupils,
            guardians,
            loads,
            weekly_lessons,
            lessons,
        } = counts;
        *self = Self {
            staff,
            classes,
            pupils,
            guardians,
            loads,
            weekly_lessons,
            lessons,
            ..std::mem::take(self)
        };
    }

    fn ended(&mut self, import: Option<Import>) {
        let Some(import) = import else {
            self.failure =
                "Другие службы не ответили вовремя; импорт продолжится, когда они заработают"
                    .to_owned();
            return;
        };
        self.count(import.counts);
        self.school_id = import.school_id;
        self.applied = import.state == ImportState::Applied;
        self.failure = import.failure;
    }
}

/// Why a file could not be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The file cannot be opened.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The file is no workbook of ours.
    #[error("{0}; {hint}", hint = .0.hint())]
    Workbook(#[from] ReadError),
    /// A service refused or was not there.
    #[error("{}", .0.message())]
    Refused(Status),
    /// The database failed.
    #[error("база данных: {0}")]
    Database(#[from] DbErr),
    /// It is not completed: a service refused its part, or did not answer in time.
    #[error("импорт не завершён{}", if .0.is_empty() { String::new() } else { format!(": {}", .0) })]
    Unfinished(String),
    /// Roster could not be put together.
    #[error("{0:#}")]
    Roster(anyhow::Error),
}

/// Checks a file and, unless it is a dry run or has errors, applies it and waits.
///
/// `cx` and `config` are roster's in a running process that hosts or reaches schedule.
/// A file that was being applied when its process ended is gone on with. A school that
/// is there already is an error SCHOOL_EXISTS of the report.
pub async fn run_file(
    cx: &Cx,
    config: &Config,
    path: &Path,
    options: &Options,
) -> Result<Report, RunError> {
    let roster = Roster::new(cx.clone(), config.clone()).map_err(RunError::Roster)?;
    let file = path.to_owned();
    let skip = options.skip_refused_rows;
    let done = roster.workers.run(move || {
        let opened = File::open(&file).map_err(|error| RunError::File(file, error))?;
        let bytes = take_file(opened, &Limits::default())?;
        let checked = check_file(&bytes)?;
        Ok::<_, RunError>((checked, plan_of_file(&bytes, skip), content_hash(&bytes)))
    });
    let (checked, plan, hash) = done.await.map_err(RunError::Refused)??;
    let mut report = Report {
        dry_run: options.dry_run,
        ..Report::of(&checked)
    };
    if !options.dry_run
        && let Some(import) = imports::unfinished_of(cx.db.read(), &hash).await?
    {
        resume(&roster, import.id).await?;
        report.ended(wait(&roster, import.id, options.patience).await?);
        return Ok(report);
    }
    if let Some((title, municipality, year)) = &checked.school
        && let Some(same) = schools::same(cx.db.read(), (title, municipality, year)).await?
    {
        report.errors.insert(0, school_exists(&same.title).into());
        return Ok(report);
    }
    let plan = match plan {
        Ok(plan) if !options.dry_run => plan,
        Ok(_) | Err(NotChosen::Errors(_) | NotChosen::FormBroken | NotChosen::Unreadable(_)) => {
            return Ok(report);
        }
    };
    let file_name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let direct = Direct {
        file_name,
        hash,
        checked,
        plan,
    };
    let id = apply_directly(&roster, direct)
        .await
        .map_err(RunError::Refused)?;
    report.ended(wait(&roster, id, options.patience).await?);
    Ok(report)
}

async fn resume(roster: &Roster, id: SchoolImportId) -> Result<(), DbErr> {
    let uow = roster.cx.db.begin().await?;
    imports::resume(uow.conn(), id).await?;
    uow.commit().await
}

/// A plan that was checked in this process and is applied at once.
pub(crate) struct Direct {
    /// Name for the list of imports.
    pub file_name: String,
    /// By which it is found again after a crash.
    pub hash: Vec<u8>,
    /// Its verdicts.
    pub checked: Checked,
    /// Its plan.
    pub plan: SchoolPlan,
}

/// Keeps an import and writes roster's part in one transaction: nothing is left between
/// the two, so no workbook needs to be kept.
pub(crate) async fn apply_directly(
    roster: &Roster,
    direct: Direct,
) -> Result<SchoolImportId, Status> {
    let id = SchoolImportId::from_uuid(roster.cx.ids.uuid());
    let Direct {
        file_name,
        hash,
        checked,
        plan,
    } = direct;
    let prepared = prepare(roster, id, plan).await?;
    let import = Import {
        id,
        state: if checked.findings.refuse() {
            ImportState::Refused
        } else {
            ImportState::Checked
        },
        file_name,
        content_hash: hash,
        school_id: None,
        school_title: checked
            .school
            .map(|(title, _, _)| title)
            .unwrap_or_default(),
        counts: prepared.counts,
        findings: checked.findings.encode(),
        failure: String::new(),
        actor: "operator".to_owned(),
        uploaded_us: micros(roster.cx.clock.now()),
    };
    let mut uow = roster.cx.db.begin().await.map_err(status::from_db)?;
    imports::add(uow.conn(), &import, checked.rows)
        .await
        .map_err(status::from_db)?;
    begin(roster, &mut uow, id, &prepared).await?;
    uow.commit().await.map_err(status::from_db)?;
    roster.step_waits.notify_one();
    Ok(id)
}
