//! Lesson plans: one for a group and subject, its themes by number. Themes are found
//! through their plan only.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0006_lesson_plan"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE lesson_plan (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        academic_year text NOT NULL,
        title text NOT NULL,
        state smallint NOT NULL,
        remark text NOT NULL,
        decided_by uuid,
        decided_us bigint,
        saved_us bigint NOT NULL,
        hours integer NOT NULL,
        theme_count integer NOT NULL,
        version bigint NOT NULL,
        PRIMARY KEY (school_id, group_id, subject_id))",
    "CREATE INDEX lesson_plan_year ON lesson_plan (school_id, academic_year)",
    "CREATE TABLE lesson_plan_theme (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        number integer NOT NULL,
        theme_id uuid NOT NULL,
        section text NOT NULL,
        title text NOT NULL,
        hours smallint NOT NULL,
        control_kind smallint NOT NULL,
        homework text NOT NULL,
        PRIMARY KEY (school_id, group_id, subject_id, number))",
];
