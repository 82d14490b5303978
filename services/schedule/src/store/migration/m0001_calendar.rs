//! Calendar of a school year: the year itself, periods, days off, bells.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0001_calendar"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE school_year (
        school_id uuid NOT NULL,
        academic_year text NOT NULL,
        study_week_days smallint NOT NULL,
        time_zone text NOT NULL,
        regional_calendar_version integer NOT NULL,
        school_import_id uuid NOT NULL,
        lesson_count integer NOT NULL,
        put_us bigint NOT NULL,
        PRIMARY KEY (school_id, academic_year))",
    "CREATE TABLE period (
        school_id uuid NOT NULL,
        period_id uuid NOT NULL,
        academic_year text NOT NULL,
        title text NOT NULL,
        kind smallint NOT NULL,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        grade_from smallint NOT NULL,
        grade_to smallint NOT NULL,
        PRIMARY KEY (school_id, period_id))",
    "CREATE TABLE day_off (
        school_id uuid NOT NULL,
        date text NOT NULL,
        academic_year text NOT NULL,
        title text NOT NULL,
        source smallint NOT NULL,
        PRIMARY KEY (school_id, date))",
    "CREATE TABLE bell (
        school_id uuid NOT NULL,
        academic_year text NOT NULL,
        shift smallint NOT NULL,
        lesson_number smallint NOT NULL,
        starts_at text NOT NULL,
        ends_at text NOT NULL,
        PRIMARY KEY (school_id, academic_year, shift, lesson_number))",
];
