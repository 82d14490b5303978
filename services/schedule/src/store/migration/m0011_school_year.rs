//! The calendar as the office changes it: holidays beside the gaps between periods, days with
//! shorter lessons, and calendars as they were approved.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0011_school_year"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE holiday (
        school_id uuid NOT NULL,
        academic_year text NOT NULL,
        starts_on text NOT NULL,
        grade_from smallint NOT NULL,
        ends_on text NOT NULL,
        grade_to smallint NOT NULL,
        title text NOT NULL,
        PRIMARY KEY (school_id, academic_year, starts_on, grade_from))",
    "CREATE TABLE shortened_day (
        school_id uuid NOT NULL,
        date text NOT NULL,
        academic_year text NOT NULL,
        title text NOT NULL,
        lesson_minutes smallint NOT NULL,
        PRIMARY KEY (school_id, date))",
    "CREATE TABLE approved_calendar_line (
        school_id uuid NOT NULL,
        study_document_id uuid NOT NULL,
        line_number integer NOT NULL,
        part smallint NOT NULL,
        period_id uuid,
        kind smallint NOT NULL,
        title text NOT NULL,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        grade_from smallint NOT NULL,
        grade_to smallint NOT NULL,
        PRIMARY KEY (school_id, study_document_id, line_number))",
];
