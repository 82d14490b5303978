//! A school as a file: the workbook that the import reads, or a package of OneRoster 1.2 CSV (R75).
//!
//! Invariant: the same school gives the same bytes; order comes from names and dates, ids break
//! ties alone. Secrets (СНИЛС) do not leave.

mod book;
mod persons;
mod run;
mod snapshot;
mod xlsx;

use std::time::Duration;

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;
use zhurnal_proto::schedule::v1::{GetSchoolPlanRequest, GetSchoolPlanResponse};

pub(crate) use book::{grades, word};
pub(crate) use persons::{form, informing, phone, yes_no};
pub use run::{ExportError, Format, export};
pub(crate) use snapshot::{Employee, Learner, Snapshot};

use crate::Roster;
use crate::domain::record;
use crate::oneroster;
use crate::store::School;

/// Largest plan that schedule may answer: 10,000 lessons of a week.
const PLAN_BYTES: usize = 16 << 20;

impl Format {
    /// What the file is, as HTTP calls it.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Oneroster => "application/zip",
        }
    }
}

/// The bytes of the file.
pub(crate) async fn file(
    roster: &Roster,
    (school, found): (School, record::School),
    format: Format,
) -> Result<Vec<u8>, Status> {
    let plan = plan(roster, &found).await?;
    let day = roster.present_day(&found);
    let snapshot = snapshot::take(roster.cx.db.read(), school, (found, day), plan)
        .await
        .map_err(status::from_db)?;
    let made = roster.workers.run(move || match format {
        Format::Workbook => xlsx::write(&book::of(&snapshot)).map_err(anyhow::Error::from),
        Format::Oneroster => oneroster::write(&snapshot).map_err(anyhow::Error::from),
    });
    made.await?.map_err(status::internal)
}

/// What schedule knows of the school's year.
async fn plan(roster: &Roster, of: &record::School) -> Result<GetSchoolPlanResponse, Status> {
    let schedule = ScheduleServiceClient::new(roster.cx.peers.channel("schedule"));
    let mut request = Request::new(GetSchoolPlanRequest {
        school_id: of.id.to_string(),
        academic_year: of.academic_year.clone(),
    });
    request.set_timeout(Duration::from_millis(roster.config.step_timeout_ms));
    let answer = schedule
        .max_decoding_message_size(PLAN_BYTES)
        .get_school_plan(request)
        .await;
    let plan = answer.map_err(|failure| {
        tracing::warn!(code = ?failure.code(), "schedule did not give the plan of a school");
        status::unavailable("SCHEDULE_UNAVAILABLE", Duration::from_secs(5))
    })?;
    Ok(plan.into_inner())
}
