//! The access log: who of the staff looked at whose records.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "identity_0007_access_log"
    }
}

const TABLES: &[&str] = &[
    // `window_no`: number of the quarter of an hour since 1970; a repeated look is the same row.
    "CREATE TABLE access_look (
        school_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        window_no bigint NOT NULL,
        account_id uuid NOT NULL,
        record smallint NOT NULL,
        purpose smallint NOT NULL,
        look_id uuid NOT NULL,
        subject smallint NOT NULL,
        person_id uuid,
        role smallint NOT NULL,
        first_us bigint NOT NULL,
        last_us bigint NOT NULL,
        PRIMARY KEY (school_id, subject_id, window_no, account_id, record, purpose))",
    "CREATE INDEX access_look_subject ON access_look (school_id, subject_id, first_us, look_id)",
    "CREATE INDEX access_look_time ON access_look (school_id, first_us, look_id)",
    "CREATE INDEX access_look_person ON access_look (school_id, person_id, first_us, look_id)",
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
