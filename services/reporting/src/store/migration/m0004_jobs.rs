//! Report jobs, and whose turn it is among the schools.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "reporting_0004_jobs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE report_job (
        school_id uuid NOT NULL,
        report_job_id uuid NOT NULL,
        kind smallint NOT NULL,
        class_id uuid NOT NULL,
        class_title text NOT NULL,
        from_day text NOT NULL,
        to_day text NOT NULL,
        state smallint NOT NULL,
        percent smallint NOT NULL,
        stage text NOT NULL,
        failure text NOT NULL,
        runs smallint NOT NULL,
        failures smallint NOT NULL,
        worker text,
        lease_until bigint NOT NULL,
        not_before bigint NOT NULL,
        author_account uuid NOT NULL,
        author_person uuid,
        queued_us bigint NOT NULL,
        ended_us bigint,
        PRIMARY KEY (school_id, report_job_id))",
    "CREATE INDEX report_job_open ON report_job (school_id, queued_us) WHERE state < 3",
    "CREATE TABLE report_lane (
        school_id uuid NOT NULL PRIMARY KEY,
        turn bigint NOT NULL)",
];
