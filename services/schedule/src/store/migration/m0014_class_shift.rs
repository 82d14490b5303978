//! Shifts of classes: groups that no plan names have grade and shift of their class. Roster's
//! feed is read again from its beginning to know those of the classes that came before.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0014_class_shift"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "ALTER TABLE school_class ADD COLUMN shift smallint NOT NULL DEFAULT 1",
    "DELETE FROM feed_cursor WHERE producer = 'roster'",
];
