//! Cards as people keep them: address, versions, who changed what.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0010_cards"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "ALTER TABLE person ADD COLUMN address text NOT NULL DEFAULT ''",
    "ALTER TABLE person ADD COLUMN version bigint NOT NULL DEFAULT 1",
    "ALTER TABLE guardian_link ADD COLUMN version bigint NOT NULL DEFAULT 1",
    "CREATE TABLE card_change (
        school_id uuid NOT NULL,
        change_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        person_id uuid NOT NULL,
        field smallint NOT NULL,
        old_value text NOT NULL,
        new_value text NOT NULL,
        changed_us bigint NOT NULL,
        changed_by text NOT NULL,
        changed_by_name text NOT NULL,
        PRIMARY KEY (school_id, change_id)) {clustered}",
    "CREATE INDEX card_change_by_pupil ON card_change (school_id, pupil_id, changed_us)",
];
