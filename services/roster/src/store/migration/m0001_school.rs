//! Schools.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0001_school"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE school (
        school_id uuid NOT NULL PRIMARY KEY,
        title text NOT NULL,
        title_key text NOT NULL,
        municipality text NOT NULL,
        municipality_key text NOT NULL,
        sort_key text {bytes} NOT NULL,
        academic_year text NOT NULL,
        study_week_days smallint NOT NULL,
        time_zone text NOT NULL,
        state smallint NOT NULL,
        version bigint NOT NULL,
        created_us bigint NOT NULL) {clustered}",
    "CREATE UNIQUE INDEX school_once ON school (title_key, municipality_key, academic_year)",
    "CREATE INDEX school_by_title ON school (sort_key, school_id)",
];
