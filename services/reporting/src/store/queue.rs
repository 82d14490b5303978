//! The workers' side of the jobs: take, hold, end. What a worker does to a job is
//! fenced by its name and the number of the run: one that has lost the job changes
//! nothing. Leases go by the database's own clock.

use std::time::Duration;

use chassis::db::{Db, UnitOfWork, micros, statement, unix_now};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Value};

use super::entity::report_job;
use super::jobs::{DONE, FAILED, Job, QUEUED, RUNNING, read};
use crate::domain::job::Stage;

/// A run of a job by a worker.
#[derive(Debug, Clone)]
pub struct Run {
    /// The job as it was taken.
    pub job: Job,
    /// The worker's name.
    pub worker: String,
}

/// Jobs that may run: those that wait, and those whose worker is silent.
fn runnable(backend: DbBackend) -> String {
    let now = unix_now(backend);
    format!(
        "FROM report_lane AS l JOIN report_job AS j ON j.school_id = l.school_id
         WHERE j.state < 3 AND ((j.state = 1 AND j.not_before <= {now}) OR (j.state = 2 AND j.lease_until < {now}))"
    )
}

/// Whether there is a job to run; writes nothing.
pub async fn any(db: &Db) -> Result<bool, DbErr> {
    let sql = format!("SELECT 1 {} LIMIT 1", runnable(db.backend()));
    let found = db
        .read()
        .query_one_raw(statement(db.backend(), &sql, []))
        .await?;
    Ok(found.is_some())
}

/// Takes the next job: of the school whose turn was longest ago, the oldest. Workers
/// that ask at once get different jobs. A silent worker's run counts as failed.
pub async fn take(uow: &UnitOfWork, worker: &str, lease: Duration) -> Result<Option<Run>, DbErr> {
    let backend = uow.conn().get_database_backend();
    // SQLite has one writer at a time: nobody to skip.
    let skip = match backend {
        DbBackend::Postgres => "FOR UPDATE OF j SKIP LOCKED",
        _ => "",
    };
    let sql = format!(
        "WITH next AS MATERIALIZED (
            SELECT j.school_id AS next_school, j.report_job_id AS next_job {}
            ORDER BY l.turn, l.school_id, j.queued_us, j.report_job_id LIMIT 1 {skip})
         UPDATE report_job SET state = 2, runs = runs + 1, worker = ?, lease_until = {} + ?,
            failures = failures + CASE WHEN state = 2 THEN 1 ELSE 0 END, percent = 0, stage = '', failure = ''
         FROM next WHERE school_id = next_school AND report_job_id = next_job
         RETURNING school_id, report_job_id, kind, class_id, class_title, from_day, to_day, state, percent, stage,
            failure, runs, failures, worker, lease_until, not_before, author_account, author_person, queued_us, ended_us",
        runnable(backend),
        unix_now(backend),
    );
    let values = [worker.into(), seconds(lease)];
    let Some(row) = uow
        .conn()
        .query_one_raw(statement(backend, &sql, values))
        .await?
    else {
        return Ok(None);
    };
    let job = read(report_job::Model::from_query_result(&row, "")?)?;
    const TURN: &str =
        "UPDATE report_lane SET turn = (SELECT MAX(turn) + 1 FROM report_lane) WHERE school_id = ?";
    uow.conn()
        .execute_raw(statement(backend, TURN, [job.school.uuid().into()]))
        .await?;
    Ok(Some(Run {
        job,
        worker: worker.to_owned(),
    }))
}

/// Still there: the lease is good for so long again. False when the job is lost.
pub async fn beat(uow: &UnitOfWork, run: &Run, lease: Duration) -> Result<bool, DbErr> {
    let now = unix_now(uow.conn().get_database_backend());
    update(
        uow,
        run,
        &format!("lease_until = {now} + ?"),
        vec![seconds(lease)],
    )
    .await
}

/// A stage begins. False when the job is lost.
pub async fn enter(uow: &UnitOfWork, run: &Run, stage: Stage) -> Result<bool, DbErr> {
    let values = vec![i16::from(stage.percent()).into(), stage.title().into()];
    update(uow, run, "percent = ?, stage = ?", values).await
}

/// The files are ready. False when the job is lost.
pub async fn finish(uow: &UnitOfWork, run: &Run, now: Timestamp) -> Result<bool, DbErr> {
    let values = vec![DONE.into(), micros(now).into()];
    update(
        uow,
        run,
        "state = ?, percent = 100, stage = '', worker = NULL, ended_us = ?",
        values,
    )
    .await
}

/// Given up. False when the job is lost.
pub async fn fail(
    uow: &UnitOfWork,
    run: &Run,
    failure: &str,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let values = vec![FAILED.into(), failure.into(), micros(now).into()];
    update(
        uow,
        run,
        "state = ?, failure = ?, stage = '', worker = NULL, ended_us = ?",
        values,
    )
    .await
}

/// Back into the queue after a failure, not to run before the rest is over.
pub async fn rest(uow: &UnitOfWork, run: &Run, rest: Duration) -> Result<bool, DbErr> {
    let now = unix_now(uow.conn().get_database_backend());
    let change = format!(
        "state = ?, failures = failures + 1, percent = 0, stage = '', worker = NULL, not_before = {now} + ?"
    );
    update(uow, run, &change, vec![QUEUED.into(), seconds(rest)]).await
}

/// Back into the queue because the process stops: that is no failure.
pub async fn give_back(uow: &UnitOfWork, run: &Run) -> Result<bool, DbErr> {
    update(
        uow,
        run,
        "state = ?, percent = 0, stage = '', worker = NULL",
        vec![QUEUED.into()],
    )
    .await
}

/// Changes the job if the run still holds it.
async fn update(
    uow: &UnitOfWork,
    run: &Run,
    change: &str,
    mut values: Vec<Value>,
) -> Result<bool, DbErr> {
    let sql = format!(
        "UPDATE report_job SET {change}
         WHERE school_id = ? AND report_job_id = ? AND state = ? AND worker = ? AND runs = ?"
    );
    let fence: [Value; 5] = [
        run.job.school.uuid().into(),
        run.job.id.uuid().into(),
        RUNNING.into(),
        run.worker.clone().into(),
        i16::try_from(run.job.runs).unwrap_or(i16::MAX).into(),
    ];
    values.extend(fence);
    let done = uow
        .conn()
        .execute_raw(statement(uow.conn().get_database_backend(), &sql, values))
        .await?;
    Ok(done.rows_affected() == 1)
}

fn seconds(duration: Duration) -> Value {
    Value::from(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX / 2))
}
