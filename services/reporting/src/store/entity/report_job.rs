//! Report jobs.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_job_id: Uuid,
    pub kind: i16,
    pub class_id: Uuid,
    pub class_title: String,
    pub from_day: String,
    pub to_day: String,
    /// 1 queued, 2 running, 3 done, 4 failed, 5 cancelled.
    pub state: i16,
    pub percent: i16,
    pub stage: String,
    pub failure: String,
    /// Runs begun: the fence of the run that holds the job, and the name of its files.
    pub runs: i16,
    /// Runs that failed or fell silent.
    pub failures: i16,
    pub worker: Option<String>,
    /// Seconds since 1970 by the database's clock.
    pub lease_until: i64,
    /// Seconds since 1970 by the database's clock: a rest after a failure.
    pub not_before: i64,
    pub author_account: Uuid,
    pub author_person: Option<Uuid>,
    pub queued_us: i64,
    pub ended_us: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
