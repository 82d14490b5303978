//! Ledger checkpoints of grading, kept as a witness: rows are only added.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "reporting_0005_witness"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &["CREATE TABLE witnessed_checkpoint (
        school_id uuid NOT NULL,
        day sorted text NOT NULL,
        tree_size bigint NOT NULL,
        root text NOT NULL,
        note text NOT NULL,
        stored_us bigint NOT NULL,
        PRIMARY KEY (school_id, day, tree_size, root))"];
