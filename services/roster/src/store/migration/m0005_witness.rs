//! Ledger checkpoints that roster keeps as a witness; rows are only ever added.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0005_witness"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    // The root is part of the key: two different roots of one size are evidence.
    "CREATE TABLE witnessed_checkpoint (
        school_id uuid NOT NULL,
        day text NOT NULL,
        tree_size bigint NOT NULL,
        root text NOT NULL,
        note text NOT NULL,
        stored_us bigint NOT NULL,
        PRIMARY KEY (school_id, day, tree_size, root)) {clustered}",
];
