//! What reporting keeps of schedule: periods, subjects, dated lessons.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "reporting_0002_schedule_copy"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE period (
        school_id uuid NOT NULL,
        period_id uuid NOT NULL,
        academic_year text NOT NULL,
        title text NOT NULL,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        grade_from smallint NOT NULL,
        grade_to smallint NOT NULL,
        PRIMARY KEY (school_id, period_id))",
    "CREATE TABLE subject (
        school_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        title sorted text NOT NULL,
        PRIMARY KEY (school_id, subject_id))",
    "CREATE TABLE lesson (
        school_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        academic_year text NOT NULL,
        date sorted text NOT NULL,
        lesson_number smallint NOT NULL,
        ends_at sorted text NOT NULL,
        last_end sorted text NOT NULL,
        group_id uuid NOT NULL,
        class_id uuid,
        unit_id uuid NOT NULL,
        grade smallint NOT NULL,
        subject_id uuid NOT NULL,
        teacher_id uuid,
        substitute_id uuid,
        state smallint NOT NULL,
        PRIMARY KEY (school_id, lesson_id))",
    "CREATE INDEX lesson_day ON lesson (school_id, date, lesson_number, lesson_id)",
    "CREATE INDEX lesson_unit ON lesson (school_id, unit_id, date, state, ends_at)",
    "CREATE INDEX lesson_group
        ON lesson (school_id, group_id, date, subject_id, state, grade, ends_at)",
];
