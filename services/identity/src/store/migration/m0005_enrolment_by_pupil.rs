//! A pupil may have gone to another school of the region.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "identity_0005_enrolment_by_pupil"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = "CREATE INDEX enrolment_copy_pupil_anywhere ON enrolment_copy (pupil_id)";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}
