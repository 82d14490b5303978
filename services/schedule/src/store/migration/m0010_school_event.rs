//! Events of classes and of the school; class teachers and guardians, who make and read them.
//! Roster's feed is read again from its beginning to know those that came before.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0010_school_event"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE school_event (
        school_id uuid NOT NULL,
        school_event_id uuid NOT NULL,
        kind smallint NOT NULL,
        title text NOT NULL,
        details text NOT NULL,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        starts_at text,
        ends_at text,
        room text NOT NULL,
        place text NOT NULL,
        audience smallint NOT NULL,
        class_ids text NOT NULL,
        group_id uuid,
        subject_id uuid,
        published_us bigint,
        is_cancelled boolean NOT NULL,
        cancel_reason text NOT NULL,
        made_by uuid,
        changed_us bigint NOT NULL,
        version bigint NOT NULL,
        PRIMARY KEY (school_id, school_event_id))",
    "CREATE INDEX school_event_days ON school_event (school_id, starts_on)",
    "CREATE TABLE guardian_link (
        school_id uuid NOT NULL,
        guardian_link_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        guardian_id uuid NOT NULL,
        is_representative boolean NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, guardian_link_id))",
    "CREATE INDEX guardian_link_pupil ON guardian_link (school_id, pupil_id)",
    "CREATE INDEX group_member_pupil ON group_member (school_id, pupil_id)",
    "ALTER TABLE school_class ADD COLUMN class_teacher_id uuid",
    "DELETE FROM feed_cursor WHERE producer = 'roster'",
];
