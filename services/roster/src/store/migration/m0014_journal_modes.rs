//! How schools keep their journal: dated decisions about a school, a class or a pupil.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0014_journal_modes"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE journal_mode (
        school_id uuid NOT NULL,
        mode_id uuid NOT NULL,
        kind smallint NOT NULL,
        class_id uuid,
        pupil_id uuid,
        starts_on text NOT NULL,
        ends_on text,
        local_act_id uuid,
        contract_id uuid,
        order_number text NOT NULL,
        order_date text,
        withdrawn_reason text,
        version bigint NOT NULL,
        changed_us bigint NOT NULL,
        changed_by text NOT NULL,
        changed_by_name text NOT NULL,
        PRIMARY KEY (school_id, mode_id))",
    "CREATE INDEX journal_mode_day ON journal_mode (school_id, starts_on, mode_id)",
];
