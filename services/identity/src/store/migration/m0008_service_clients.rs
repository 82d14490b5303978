//! Other ministry systems and their secrets.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "identity_0008_service_clients"
    }
}

const TABLES: &[&str] = &[
    // `scopes` and `school_ids`: lists parted by spaces; no schools = the whole region.
    "CREATE TABLE service_client (
        client_id uuid PRIMARY KEY,
        title text NOT NULL,
        scopes text NOT NULL,
        school_ids text NOT NULL,
        rate_per_minute integer NOT NULL,
        ends_on text NOT NULL,
        registered_us bigint NOT NULL,
        registered_by uuid NOT NULL,
        revoked_us bigint)",
    "CREATE TABLE client_secret (
        secret_id uuid PRIMARY KEY,
        client_id uuid NOT NULL REFERENCES service_client (client_id),
        secret_hash bytea NOT NULL UNIQUE,
        issued_us bigint NOT NULL,
        used_us bigint,
        retired_us bigint)",
    "CREATE INDEX client_secret_client ON client_secret (client_id)",
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
