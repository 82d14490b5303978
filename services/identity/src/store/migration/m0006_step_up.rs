//! When a session proved last who is in it.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "identity_0006_step_up"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Sessions of before have to prove anew.
        let sql = "ALTER TABLE session ADD COLUMN proved_us bigint";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}
