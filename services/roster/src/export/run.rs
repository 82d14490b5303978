//! The export as one command: what `zhurnal export school` runs.

use chassis::service::Cx;
use sea_orm::DbErr;
use tonic::Status;

use crate::domain::text::search_key;
use crate::store::{School, schools};
use crate::{Config, Roster};

/// Most schools of a region.
const MOST: u64 = 10_000;

/// In what form a school leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The workbook of the import.
    Workbook,
    /// OneRoster 1.2 CSV.
    Oneroster,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// No school, or several, of this title.
    #[error("школ с таким наименованием: {}{}", .0.len(), listed(.0))]
    NotOne(Vec<String>),
    /// A service refused or was not there.
    #[error("{}", .0.message())]
    Refused(Status),
    /// The database failed.
    #[error("база данных: {0}")]
    Database(#[from] DbErr),
    /// Roster could not be put together.
    #[error("{0:#}")]
    Roster(anyhow::Error),
}

fn listed(titles: &[String]) -> String {
    if titles.is_empty() {
        return String::new();
    }
    format!(" ({})", titles.join("; "))
}

/// The bytes of a school's file. The school is named by its id or by its title; without a name
/// it is the only one there is.
///
/// `cx` and `config` are roster's in a running process that hosts or reaches schedule.
pub async fn export(
    cx: &Cx,
    config: &Config,
    school: Option<&str>,
    format: Format,
) -> Result<Vec<u8>, ExportError> {
    let roster = Roster::new(cx.clone(), config.clone()).map_err(ExportError::Roster)?;
    let all = schools::page(cx.db.read(), (None, None), None, MOST).await?;
    let all = all.into_iter().map(|listed| listed.school);
    let wanted = school.map(search_key).unwrap_or_default();
    let fits = |one: &crate::domain::record::School| {
        wanted.is_empty()
            || search_key(&one.title) == wanted
            || school == Some(one.id.to_string().as_str())
    };
    let (mut found, others): (Vec<_>, Vec<_>) = all.partition(fits);
    let Some(one) = found.pop().filter(|_| found.is_empty()) else {
        let titles = found.into_iter().chain(others).map(|one| one.title);
        return Err(ExportError::NotOne(titles.take(20).collect()));
    };
    super::file(&roster, (School::of_import(one.id), one), format)
        .await
        .map_err(ExportError::Refused)
}
