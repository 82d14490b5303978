//! Where the files of a job are kept: one folder per job, one name per run, so that
//! a run that lost the job cannot touch the files of the run that has it.

use chassis::files::{FileError, FileStore};

use crate::store::jobs::Job;

/// A file of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Spreadsheet.
    Xlsx,
    /// Print form.
    Pdf,
    /// Open data.
    Csv,
}

impl Format {
    const ALL: [Self; 3] = [Self::Xlsx, Self::Pdf, Self::Csv];

    fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
            Self::Csv => "csv",
        }
    }

    /// MIME type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

fn key(job: &Job, run: u16, format: Format) -> String {
    format!("reports/{}/{run}.{}", job.id, format.extension())
}

/// Keeps a file of the job's present run.
pub async fn put(
    files: &FileStore,
    job: &Job,
    format: Format,
    bytes: &[u8],
) -> Result<(), FileError> {
    files.put(&key(job, job.runs, format), bytes).await
}

/// A file of the run that finished the job.
pub async fn read(
    files: &FileStore,
    job: &Job,
    format: Format,
) -> Result<Option<Vec<u8>>, FileError> {
    files.get(&key(job, job.runs, format)).await
}

/// Removes what the job's present run has written.
pub async fn remove_run(files: &FileStore, job: &Job) {
    remove(files, job, job.runs..=job.runs).await;
}

/// Removes what all runs of the job have written.
pub async fn remove_all(files: &FileStore, job: &Job) {
    remove(files, job, 0..=job.runs).await;
}

async fn remove(files: &FileStore, job: &Job, runs: std::ops::RangeInclusive<u16>) {
    for run in runs {
        for format in Format::ALL {
            if let Err(error) = files.remove(&key(job, run, format)).await {
                tracing::warn!(job = %job.id, error = %error, "a report's file was not removed");
            }
        }
    }
}
