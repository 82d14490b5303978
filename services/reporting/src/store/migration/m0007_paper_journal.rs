//! Days on which a pupil's journal is kept on paper (R34).

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "reporting_0007_paper_journal"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE paper_journal (
        school_id uuid NOT NULL,
        mode_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, mode_id))",
    "CREATE INDEX paper_journal_pupil ON paper_journal (school_id, pupil_id, starts_on, ends_on)",
];
