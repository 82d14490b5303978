//! Equipment and access points in the registries.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0008_equipment"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "ALTER TABLE registry_record ADD COLUMN place text NOT NULL DEFAULT ''",
    "ALTER TABLE registry_record ADD COLUMN quantity integer NOT NULL DEFAULT 0",
    "ALTER TABLE registry_record ADD COLUMN is_access_point boolean NOT NULL DEFAULT false",
];
