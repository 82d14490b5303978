//! `look_spool`: looks at records on their way to the access log.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "chassis_0004_look_spool"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, POSTGRES, SQLITE).await
    }
}

const POSTGRES: &[&str] = &["CREATE TABLE look_spool (
        look_id uuid PRIMARY KEY,
        payload bytea NOT NULL)"];

const SQLITE: &[&str] = &["CREATE TABLE look_spool (
        look_id uuid PRIMARY KEY,
        payload blob NOT NULL)"];
