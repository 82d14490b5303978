//! Who is in which group, and which changes of the timetable were told. Roster's feed is read
//! again from its beginning to know the memberships that came before.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "notification_0003_timetable"
    }
}

const STEPS: &[&str] = &[
    "CREATE TABLE member_copy (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, group_id, pupil_id, starts_on))",
    "CREATE TABLE told_change (
        school_id uuid NOT NULL,
        thing_id uuid NOT NULL,
        version bigint NOT NULL,
        PRIMARY KEY (school_id, thing_id, version))",
    "DELETE FROM feed_cursor WHERE producer = 'roster'",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in STEPS {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
