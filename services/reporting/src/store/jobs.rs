//! Report jobs: queued, looked at, cancelled. Workers' side: [`super::queue`].

use chassis::db::{Corrupt, from_micros, micros, statement};
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{AccountId, ClassId, PersonId, ReportJobId};

use super::School;
use super::column;
use super::entity::report_job;
use crate::domain::days::Days;
use crate::domain::job::JobState;

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: ReportJobId,
    /// School.
    pub school: School,
    /// Class.
    pub class: ClassId,
    /// Title of the class when it was queued.
    pub class_title: String,
    /// Days reported on.
    pub days: Days,
    /// State.
    pub state: JobState,
    /// Percent done.
    pub percent: u8,
    /// What it is doing.
    pub stage: String,
    /// Why it failed.
    pub failure: String,
    /// Runs begun; the files are those of the last one.
    pub runs: u16,
    /// Runs that failed or fell silent.
    pub failures: u16,
    /// Account of who queued it.
    pub author: AccountId,
    /// Card of who queued it.
    pub author_card: Option<PersonId>,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// The only kind of report so far.
const CLASS_SUMMARY: i16 = 1;

pub(super) const QUEUED: i16 = 1;
pub(super) const RUNNING: i16 = 2;
pub(super) const DONE: i16 = 3;
pub(super) const FAILED: i16 = 4;
const CANCELLED: i16 = 5;

/// Queues a job, and the school among those whose turn comes.
pub async fn insert(conn: &impl ConnectionTrait, job: &Job) -> Result<(), DbErr> {
    const LANE: &str = "INSERT INTO report_lane (school_id, turn) VALUES (?, 0) ON CONFLICT (school_id) DO NOTHING";
    let row = report_job::Model {
        school_id: job.school.uuid(),
        report_job_id: job.id.uuid(),
        kind: CLASS_SUMMARY,
        class_id: job.class.uuid(),
        class_title: job.class_title.clone(),
        from_day: job.days.from().to_string(),
        to_day: job.days.to().to_string(),
        state: QUEUED,
        percent: 0,
        stage: String::new(),
        failure: String::new(),
        runs: 0,
        failures: 0,
        worker: None,
        lease_until: 0,
        not_before: 0,
        author_account: job.author.uuid(),
        author_person: job.author_card.map(|card| card.uuid()),
        queued_us: micros(job.queued_at),
        ended_us: None,
    };
    report_job::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await?;
    let lane = statement(
        conn.get_database_backend(),
        LANE,
        [job.school.uuid().into()],
    );
    conn.execute_raw(lane).await.map(|_| ())
}

/// A job of the school.
pub async fn find(
    conn: &impl ConnectionTrait,
    school: School,
    id: ReportJobId,
) -> Result<Option<Job>, DbErr> {
    let row = report_job::Entity::find_by_id((school.uuid(), id.uuid()))
        .one(conn)
        .await?;
    row.map(read).transpose()
}

/// How many jobs of the school wait or run.
pub async fn open(conn: &impl ConnectionTrait, school: School) -> Result<u64, DbErr> {
    report_job::Entity::find()
        .filter(report_job::Column::SchoolId.eq(school.uuid()))
        .filter(report_job::Column::State.lt(DONE))
        .count(conn)
        .await
}

/// Jobs of the school older than `before`, newest first; only those of `classes`
/// where given; at most `limit`.
pub async fn list(
    conn: &impl ConnectionTrait,
    school: School,
    classes: Option<&[ClassId]>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Job>, DbErr> {
    let mut query =
        report_job::Entity::find().filter(report_job::Column::SchoolId.eq(school.uuid()));
    if let Some(classes) = classes {
        query = query
            .filter(report_job::Column::ClassId.is_in(classes.iter().map(|class| class.uuid())));
    }
    if let Some(before) = before {
        query = query.filter(report_job::Column::ReportJobId.lt(before));
    }
    // Ids are made in order: the newest job has the greatest.
    let rows = query
        .order_by_desc(report_job::Column::ReportJobId)
        .limit(limit)
        .all(conn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Cancels a job that has not ended; false when it has.
pub async fn cancel(
    conn: &impl ConnectionTrait,
    school: School,
    id: ReportJobId,
    now: Timestamp,
) -> Result<bool, DbErr> {
    use report_job::Column::{EndedUs, ReportJobId, SchoolId, Stage, State, Worker};
    let done = report_job::Entity::update_many()
        .col_expr(State, Expr::value(CANCELLED))
        .col_expr(Stage, Expr::value(""))
        .col_expr(Worker, Expr::value(Option::<String>::None))
        .col_expr(EndedUs, Expr::value(micros(now)))
        .filter(SchoolId.eq(school.uuid()))
        .filter(ReportJobId.eq(id.uuid()))
        .filter(State.lt(DONE))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Jobs that ended before `before`, of all schools; at most `limit`.
pub async fn ended_before(
    conn: &impl ConnectionTrait,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<Job>, DbErr> {
    let rows = report_job::Entity::find()
        .filter(report_job::Column::EndedUs.lt(micros(before)))
        .order_by_asc(report_job::Column::SchoolId)
        .order_by_asc(report_job::Column::ReportJobId)
        .limit(limit)
        .all(conn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Forgets a job.
pub async fn remove(
    conn: &impl ConnectionTrait,
    school: School,
    id: ReportJobId,
) -> Result<(), DbErr> {
    report_job::Entity::delete_by_id((school.uuid(), id.uuid()))
        .exec(conn)
        .await
        .map(|_| ())
}

/// Row → job.
pub(super) fn read(row: report_job::Model) -> Result<Job, DbErr> {
    let corrupt = |column, value: String| Corrupt::new("report_job", column, value);
    let from = column::read("report_job", "from_day", &row.from_day)?;
    let to = column::read("report_job", "to_day", &row.to_day)?;
    let days = Days::new(from, to).map_err(|_| corrupt("to_day", row.to_day.clone()))?;
    Ok(Job {
        id: ReportJobId::from_uuid(row.report_job_id),
        school: School::of_row(row.school_id),
        class: ClassId::from_uuid(row.class_id),
        class_title: row.class_title,
        days,
        state: match row.state {
            QUEUED => JobState::Queued,
            RUNNING => JobState::Running,
            DONE => JobState::Done,
            FAILED => JobState::Failed,
            CANCELLED => JobState::Cancelled,
            other => return Err(corrupt("state", other.to_string()).into()),
        },
        percent: u8::try_from(row.percent)
            .map_err(|_| corrupt("percent", row.percent.to_string()))?,
        stage: row.stage,
        failure: row.failure,
        runs: u16::try_from(row.runs).map_err(|_| corrupt("runs", row.runs.to_string()))?,
        failures: u16::try_from(row.failures)
            .map_err(|_| corrupt("failures", row.failures.to_string()))?,
        author: AccountId::from_uuid(row.author_account),
        author_card: row.author_person.map(PersonId::from_uuid),
        queued_at: from_micros(row.queued_us),
        ended_at: row.ended_us.map(from_micros),
    })
}
