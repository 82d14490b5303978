//! Municipalities: a copy of roster's, and grants and sessions that act in one.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "identity_0009_municipalities"
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE municipality_copy (
        municipality_id uuid PRIMARY KEY,
        title text NOT NULL)",
    "ALTER TABLE role_grant ADD COLUMN municipality_id uuid",
    "ALTER TABLE session ADD COLUMN municipality_id uuid",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in STATEMENTS {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
