//! Second factors, their recovery codes, second steps of log-ins, the security log.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "identity_0003_second_factor"
    }
}

const TABLES: &[&str] = &[
    // `sealed`: the secret, opened by the service's key only; `last_step`: the newest time
    // step whose code was accepted.
    "CREATE TABLE second_factor (
        account_id uuid PRIMARY KEY REFERENCES account (account_id),
        sealed bytea NOT NULL,
        confirmed_us bigint,
        last_step bigint NOT NULL)",
    "CREATE TABLE recovery_code (
        account_id uuid NOT NULL REFERENCES account (account_id),
        code_hash bytea NOT NULL,
        used_us bigint,
        PRIMARY KEY (account_id, code_hash))",
    "CREATE TABLE challenge (
        challenge_hash bytea PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES account (account_id),
        device_hash bytea NOT NULL,
        tries integer NOT NULL,
        expires_us bigint NOT NULL,
        used_us bigint)",
    "CREATE INDEX challenge_expires ON challenge (expires_us)",
    "CREATE TABLE security_entry (
        account_id uuid NOT NULL REFERENCES account (account_id),
        entry_id uuid NOT NULL,
        kind smallint NOT NULL,
        happened_us bigint NOT NULL,
        by_name text NOT NULL,
        device text NOT NULL,
        PRIMARY KEY (account_id, entry_id))",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in TABLES {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
