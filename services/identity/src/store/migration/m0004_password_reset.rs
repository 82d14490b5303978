//! Codes for a new password.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "identity_0004_password_reset"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE password_reset (
        password_reset_id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES account (account_id),
        code_hash bytea NOT NULL UNIQUE,
        issued_us bigint NOT NULL,
        expires_us bigint NOT NULL,
        used_us bigint,
        revoked_us bigint)",
    "CREATE INDEX password_reset_account ON password_reset (account_id)",
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
