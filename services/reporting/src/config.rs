//! Settings of reporting.

use std::time::Duration;

use anyhow::Context;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::domain::due::EntryDue;
use crate::domain::job::Retries;

/// Settings; every key stands with its default in `config.default.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Report jobs that this process runs at once; 0 = it only answers calls.
    pub workers: u16,
    /// A worker that is silent for so long has died; another one takes its job.
    pub lease_seconds: u32,
    /// How often an idle worker looks for jobs that another process has queued.
    pub poll_ms: u64,
    /// Failed runs of a job, crashed ones included, after which it is given up.
    pub most_failures: u16,
    /// Rest after the first failed run; doubled each time.
    pub first_rest_seconds: u32,
    /// Jobs that a school may have open at once.
    pub most_open_jobs: u32,
    /// Days that a finished report is kept; it holds personal data.
    pub keep_days: u32,
    /// Clock 1, as in grading's policy: `AFTER_LAST_LESSON` (R123) or a time `HH:MM` (R158).
    pub entry_due: String,
    /// Minutes after the class's last lesson of the day.
    pub entry_due_minutes: u16,
}

impl Config {
    /// The rule of clock 1.
    pub fn entry_due(&self) -> anyhow::Result<EntryDue> {
        if self.entry_due == "AFTER_LAST_LESSON" {
            return Ok(EntryDue::AfterLastLesson(self.entry_due_minutes));
        }
        let at = Time::strptime("%H:%M", &self.entry_due);
        Ok(EntryDue::At(at.context(
            "reporting.entry_due: AFTER_LAST_LESSON or HH:MM",
        )?))
    }

    /// How often a job is tried.
    pub fn retries(&self) -> Retries {
        Retries {
            most: self.most_failures.max(1),
            first_rest: Duration::from_secs(self.first_rest_seconds.into()),
        }
    }
}
