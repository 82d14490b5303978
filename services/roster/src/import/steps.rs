//! Takes the steps of other services: until they are done, once each, also after a
//! crash. A step is leased by one process at a time; a repeat does no harm, since the
//! other service knows the import by its id.

use std::collections::HashMap;
use std::time::Duration;

use chassis::db::background;
use chassis::status;
use chassis::task::Task;
use prost::Message;
use sea_orm::DbErr;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Request, Status};
use zhurnal_proto::id::SchoolImportId;
use zhurnal_proto::schedule::v1::PutSchoolPlanRequest;
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;

use crate::domain::school_import_state::ImportState;
use crate::store::imports::{self, Import};
use crate::store::steps::{self, Leased, SCHEDULE};
use crate::store::{School, schools};
use crate::{Roster, announce};

/// Steps of other processes that ended are noticed this soon.
const POLL: Duration = Duration::from_secs(5);
/// A step whose process is gone can be taken again after so many seconds.
const LEASE_SECONDS: i64 = 5;
const RENEW: Duration = Duration::from_millis(1_500);
/// Pause after a failure: doubled each time up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// Done or refused for good: nothing more to do.
    Ended,
    /// Another process is at it.
    Elsewhere,
    /// It failed for the moment.
    Again,
}

/// The task that takes steps.
pub(crate) fn steps_task(roster: &Roster) -> Task {
    let roster = roster.clone();
    Task::new("import-steps", move |stop| {
        let roster = roster.clone();
        background(async move { run(&roster, &stop).await })
    })
}

async fn run(roster: &Roster, stop: &CancellationToken) -> anyhow::Result<()> {
    let mut failing: HashMap<SchoolImportId, (u32, Instant)> = HashMap::new();
    loop {
        let waiting = steps::waiting(roster.cx.db.read(), SCHEDULE).await?;
        failing.retain(|id, _| waiting.contains(id));
        let mut look_at = Instant::now() + POLL;
        for id in waiting {
            let due = failing.get(&id).map_or_else(Instant::now, |(_, at)| *at);
            if due > Instant::now() {
                look_at = look_at.min(due);
                continue;
            }
            let Some(taken) = take_or_stop(roster, id, stop).await? else {
                return Ok(());
            };
            if taken == Taken::Again {
                let times = failing.get(&id).map_or(0, |(times, _)| *times) + 1;
                let again = Instant::now() + pause(times);
                failing.insert(id, (times, again));
                look_at = look_at.min(again);
            }
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = roster.step_waits.notified() => {}
            () = tokio::time::sleep_until(look_at) => {}
        }
    }
}

fn pause(failures: u32) -> Duration {
    FIRST_PAUSE
        .saturating_mul(2u32.saturating_pow(failures.saturating_sub(1).min(16)))
        .min(LONGEST_PAUSE)
}

/// Takes a step; `None` when stopped meanwhile: the step is given back for others.
async fn take_or_stop(
    roster: &Roster,
    id: SchoolImportId,
    stop: &CancellationToken,
) -> Result<Option<Taken>, DbErr> {
    tokio::select! {
        taken = take(roster, id) => return taken.map(Some),
        () = stop.cancelled() => {}
    }
    let uow = roster.cx.db.begin().await?;
    steps::give_back(uow.conn(), (id, SCHEDULE), roster.owner, "stopped").await?;
    uow.commit().await?;
    Ok(None)
}

/// Waits until an import has ended, taking its step here if nobody else does. `None`
/// when it has not ended in time.
pub(crate) async fn wait(
    roster: &Roster,
    id: SchoolImportId,
    patience: Duration,
) -> Result<Option<Import>, DbErr> {
    let until = Instant::now() + patience;
    let mut failures = 0;
    loop {
        let import = imports::get(roster.cx.db.read(), id).await?;
        match import {
            Some(import) if import.state == ImportState::Applying => {}
            ended => return Ok(ended),
        }
        let pause = match take(roster, id).await? {
            Taken::Ended => continue,
            Taken::Elsewhere => FIRST_PAUSE,
            Taken::Again => {
                failures += 1;
                pause(failures)
            }
        };
        if Instant::now() + pause >= until {
            return Ok(None);
        }
        tokio::time::sleep(pause).await;
    }
}

async fn take(roster: &Roster, id: SchoolImportId) -> Result<Taken, DbErr> {
    let Some(leased) = lease(roster, id).await? else {
        return Ok(Taken::Elsewhere);
    };
    let attempt = leased.attempts;
    let call = put_plan(roster, leased);
    tokio::pin!(call);
    let answer = loop {
        tokio::select! {
            answer = &mut call => break answer,
            () = tokio::time::sleep(RENEW) => {
                // Lost only when this process slept too long; then both take the step.
                lease(roster, id).await?;
            }
        }
    };
    match answer {
        Ok(lessons) => {
            complete(roster, id, lessons).await?;
            tracing::info!(import = %id, lessons, attempt, "import applied");
            Ok(Taken::Ended)
        }
        Err(refusal) if is_final(&refusal) => {
            tracing::error!(import = %id, code = ?refusal.code(), reason = status::reason(&refusal), "schedule refused the plan");
            fail(roster, id, &refusal).await?;
            Ok(Taken::Ended)
        }
        Err(failure) => {
            tracing::warn!(import = %id, attempt, code = ?failure.code(), "schedule's step failed, to be repeated");
            let uow = roster.cx.db.begin().await?;
            let why = format!("{:?} {}", failure.code(), status::reason(&failure));
            steps::give_back(uow.conn(), (id, SCHEDULE), roster.owner, &why).await?;
            uow.commit().await?;
            Ok(Taken::Again)
        }
    }
}

async fn lease(roster: &Roster, id: SchoolImportId) -> Result<Option<Leased>, DbErr> {
    let uow = roster.cx.db.begin().await?;
    let leased = steps::lease(uow.conn(), (id, SCHEDULE), roster.owner, LEASE_SECONDS).await?;
    uow.commit().await?;
    Ok(leased)
}

async fn put_plan(roster: &Roster, leased: Leased) -> Result<u32, Status> {
    let request =
        PutSchoolPlanRequest::decode(leased.request.as_slice()).map_err(status::internal)?;
    let mut request = Request::new(request);
    request.set_timeout(Duration::from_millis(roster.config.step_timeout_ms));
    let mut schedule = ScheduleServiceClient::new(roster.cx.peers.channel("schedule"));
    Ok(schedule
        .put_school_plan(request)
        .await?
        .into_inner()
        .lesson_count)
}

/// Whether repeating the call cannot help. Anything that a restart, an upgrade or a
/// mended configuration may cure is repeated.
fn is_final(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::InvalidArgument
            | Code::FailedPrecondition
            | Code::AlreadyExists
            | Code::OutOfRange
            | Code::NotFound
    )
}

async fn complete(roster: &Roster, id: SchoolImportId, lessons: u32) -> Result<(), DbErr> {
    let mut uow = roster.cx.db.begin().await?;
    if imports::finish(uow.conn(), id, lessons).await? {
        steps::complete(uow.conn(), (id, SCHEDULE)).await?;
        let import = imports::get(uow.conn(), id).await?;
        if let Some(school) = import.and_then(|import| import.school_id) {
            let school = schools::activate(uow.conn(), School::of_import(school)).await?;
            if let Some(school) = school {
                announce::school(&mut uow, roster.cx.clock.now(), &school);
            }
        }
    }
    uow.commit().await
}

async fn fail(roster: &Roster, id: SchoolImportId, refusal: &Status) -> Result<(), DbErr> {
    let mut why = format!("Расписание не принято: {}", refusal.message());
    for violation in status::violations(refusal).into_iter().take(10) {
        why.push_str(&format!("; {}: {}", violation.field, violation.description));
    }
    let uow = roster.cx.db.begin().await?;
    imports::fail(uow.conn(), id, &why).await?;
    steps::give_back(uow.conn(), (id, SCHEDULE), roster.owner, &why).await?;
    uow.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pauses: Vec<u64> = (1..=10)
            .map(|n| pause(n).as_millis().try_into().unwrap())
            .collect();
        assert_eq!(
            pauses,
            [
                200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 60_000
            ]
        );
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }

    #[test]
    fn only_refusals_of_the_plan_itself_are_final() {
        assert!(is_final(&Status::invalid_argument("")));
        assert!(is_final(&Status::failed_precondition("")));
        for code in [
            Code::Unavailable,
            Code::Internal,
            Code::DeadlineExceeded,
            Code::Unimplemented,
            Code::Aborted,
            Code::PermissionDenied,
        ] {
            assert!(!is_final(&Status::new(code, "")), "{code:?}");
        }
    }
}
