//! A report job: where it stands, what it does next, when it is given up.
//!
//! Invariant: a job that has ended never runs again.

use std::time::Duration;

/// State of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waits.
    Queued,
    /// A worker has it, or had it when it died.
    Running,
    /// Files are ready.
    Done,
    /// Given up.
    Failed,
    /// Somebody did not want it any more.
    Cancelled,
}

/// What a worker does for a report, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reads the facts.
    Collect,
    /// Writes the spreadsheet.
    Spreadsheet,
    /// Sets the print form.
    Print,
    /// Writes the open data.
    OpenData,
}

impl Stage {
    /// Percent done when the stage begins.
    pub fn percent(self) -> u8 {
        match self {
            Self::Collect => 5,
            Self::Spreadsheet => 30,
            Self::Print => 50,
            Self::OpenData => 90,
        }
    }

    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Collect => "Сбор данных",
            Self::Spreadsheet => "Таблица XLSX",
            Self::Print => "Печатная форма PDF",
            Self::OpenData => "Открытые данные CSV",
        }
    }
}

/// How many runs may fail, and how long a job rests in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Failed runs, crashed ones included, after which the job is given up.
    pub most: u16,
    /// First rest; doubled each time, up to ten minutes.
    pub first_rest: Duration,
}

/// Longest rest.
const LONGEST_REST: Duration = Duration::from_secs(600);

impl Retries {
    /// The rest after so many failures (from 1); `None`: give up.
    pub fn rest_after(self, failures: u16) -> Option<Duration> {
        let doubled = 2u32.saturating_pow(u32::from(failures.saturating_sub(1)).min(16));
        self.allows_after(failures)
            .then(|| self.first_rest.saturating_mul(doubled).min(LONGEST_REST))
    }

    /// A further run may begin after so many failures.
    pub fn allows_after(self, failures: u16) -> bool {
        failures < self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_double_until_the_job_is_given_up() {
        let retries = Retries {
            most: 4,
            first_rest: Duration::from_secs(5),
        };
        let rests: Vec<_> = (1..=5)
            .map(|failures| retries.rest_after(failures).map(|rest| rest.as_secs()))
            .collect();
        assert_eq!(rests, [Some(5), Some(10), Some(20), None, None]);
        assert!(retries.allows_after(0) && retries.allows_after(3) && !retries.allows_after(4));
        let long = Retries {
            most: u16::MAX,
            first_rest: Duration::from_secs(5),
        };
        assert_eq!(long.rest_after(1_000), Some(LONGEST_REST));
    }

    #[test]
    fn stages_go_forward_only() {
        let stages = [
            Stage::Collect,
            Stage::Spreadsheet,
            Stage::Print,
            Stage::OpenData,
        ];
        assert!(stages.map(Stage::percent).is_sorted());
        assert!(stages.iter().all(|stage| stage.percent() < 100));
    }
}
