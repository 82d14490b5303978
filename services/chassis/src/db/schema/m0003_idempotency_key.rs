//! `idempotency_key`: answers kept for repeats of the same request.
//!
//! The key starts with the request id: ids are time-ordered, so new rows go to
//! one end of the index.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "chassis_0003_idempotency_key"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, POSTGRES, SQLITE).await
    }
}

const BY_EXPIRY: &str = "CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_us)";

const POSTGRES: &[&str] = &[
    "CREATE TABLE idempotency_key (
        request_id uuid NOT NULL,
        actor text NOT NULL,
        method text NOT NULL,
        hash bytea NOT NULL,
        response bytea NOT NULL,
        expires_us bigint NOT NULL,
        PRIMARY KEY (request_id, actor, method))",
    BY_EXPIRY,
];

const SQLITE: &[&str] = &[
    "CREATE TABLE idempotency_key (
        request_id uuid NOT NULL,
        actor text NOT NULL,
        method text NOT NULL,
        hash blob NOT NULL,
        response blob NOT NULL,
        expires_us bigint NOT NULL,
        PRIMARY KEY (request_id, actor, method))",
    BY_EXPIRY,
];
