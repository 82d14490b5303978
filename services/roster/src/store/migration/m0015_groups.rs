//! Groups that people keep: grade and shift of those of several classes, whether they have
//! marks, until when they meet, and a version against concurrent changes.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0015_groups"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "ALTER TABLE study_group ADD COLUMN grade smallint",
    "ALTER TABLE study_group ADD COLUMN shift smallint",
    "ALTER TABLE study_group ADD COLUMN unmarked boolean NOT NULL DEFAULT false",
    "ALTER TABLE study_group ADD COLUMN ends_on text",
    "ALTER TABLE study_group ADD COLUMN version bigint NOT NULL DEFAULT 1",
];
