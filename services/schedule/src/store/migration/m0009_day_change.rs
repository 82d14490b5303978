//! Days cancelled or held remotely in one step, with the lessons that each has changed.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0009_day_change"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "ALTER TABLE lesson ADD COLUMN remote boolean NOT NULL DEFAULT FALSE",
    "CREATE TABLE day_change (
        school_id uuid NOT NULL,
        day_change_id uuid NOT NULL,
        date text NOT NULL,
        kind smallint NOT NULL,
        reason text NOT NULL,
        class_ids text NOT NULL,
        lesson_numbers text NOT NULL,
        lesson_count integer NOT NULL,
        made_by uuid,
        made_us bigint NOT NULL,
        undone_by uuid,
        undone_us bigint,
        version bigint NOT NULL,
        PRIMARY KEY (school_id, day_change_id))",
    "CREATE INDEX day_change_date ON day_change (school_id, date)",
    "CREATE TABLE day_change_lesson (
        school_id uuid NOT NULL,
        day_change_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        reason_before text NOT NULL,
        PRIMARY KEY (school_id, day_change_id, lesson_id))",
];
