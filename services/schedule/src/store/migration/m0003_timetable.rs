//! Groups, teaching load, and the weekly timetable in versions.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0003_timetable"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE study_group (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        academic_year text NOT NULL,
        title text NOT NULL,
        class_id uuid,
        grade smallint,
        shift smallint,
        PRIMARY KEY (school_id, group_id))",
    "CREATE INDEX study_group_class ON study_group (school_id, class_id)",
    "CREATE TABLE teaching_load (
        school_id uuid NOT NULL,
        teaching_load_id uuid NOT NULL,
        academic_year text NOT NULL,
        group_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        teacher_id uuid NOT NULL,
        weekly_hours_hundredths integer NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, teaching_load_id))",
    "CREATE INDEX teaching_load_teacher ON teaching_load (school_id, teacher_id, teaching_load_id)",
    "CREATE INDEX teaching_load_group ON teaching_load (school_id, group_id, teaching_load_id)",
    "CREATE TABLE timetable_version (
        school_id uuid NOT NULL,
        academic_year text NOT NULL,
        number integer NOT NULL,
        valid_from text NOT NULL,
        PRIMARY KEY (school_id, academic_year, number))",
    "CREATE TABLE timetable_entry (
        school_id uuid NOT NULL,
        timetable_entry_id uuid NOT NULL,
        academic_year text NOT NULL,
        version_number integer NOT NULL,
        weekday smallint NOT NULL,
        lesson_number smallint NOT NULL,
        group_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        teacher_id uuid NOT NULL,
        room_id uuid,
        PRIMARY KEY (school_id, timetable_entry_id))",
    "CREATE UNIQUE INDEX timetable_entry_group
        ON timetable_entry (school_id, group_id, academic_year, version_number, weekday, lesson_number)",
    "CREATE INDEX timetable_entry_teacher ON timetable_entry (school_id, teacher_id)",
];
