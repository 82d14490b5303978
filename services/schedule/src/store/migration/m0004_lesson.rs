//! Dated lessons. A group has one lesson at a time, cancelled ones apart. Lists are of
//! days of one school (a school day is some 300 rows), so the index by day serves all.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0004_lesson"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE lesson (
        school_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        academic_year text NOT NULL,
        date text NOT NULL,
        lesson_number smallint NOT NULL,
        starts_at text NOT NULL,
        ends_at text NOT NULL,
        group_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        teacher_id uuid NOT NULL,
        substitute_id uuid,
        room_id uuid,
        timetable_entry_id uuid,
        state smallint NOT NULL,
        state_reason text NOT NULL,
        version bigint NOT NULL,
        PRIMARY KEY (school_id, lesson_id))",
    "CREATE UNIQUE INDEX lesson_slot ON lesson (school_id, group_id, date, lesson_number) WHERE state <> 3",
    "CREATE INDEX lesson_day ON lesson (school_id, date, lesson_number, lesson_id)",
];
