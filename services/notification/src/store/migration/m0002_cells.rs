//! What waits and what was told, a row for each cell instead of one for each of its
//! slots. What waited at the time of the upgrade, minutes at most, is not told.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "notification_0002_cells"
    }
}

const STEPS: &[&str] = &[
    "DROP TABLE pending_notice",
    "DROP TABLE told",
    // A later change of the cell replaces what waits.
    "CREATE TABLE pending_cell (
        school_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        date text NOT NULL,
        marks text NOT NULL,
        absence smallint NOT NULL,
        due_us bigint NOT NULL,
        PRIMARY KEY (school_id, lesson_id, pupil_id))",
    "CREATE INDEX pending_cell_due ON pending_cell (due_us)",
    // What was told last: an unchanged value is not told again.
    "CREATE TABLE told_cell (
        school_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        marks text NOT NULL,
        absence smallint NOT NULL,
        PRIMARY KEY (school_id, lesson_id, pupil_id))",
    "CREATE TABLE told_correction (
        school_id uuid NOT NULL,
        correction_request_id uuid NOT NULL,
        decided boolean NOT NULL,
        PRIMARY KEY (school_id, correction_request_id, decided))",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in STEPS {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
