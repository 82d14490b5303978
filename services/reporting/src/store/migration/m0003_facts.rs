//! What reporting keeps of grading: one row per filled cell, one per recorded lesson. No comments, no history.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "reporting_0003_facts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE journal (
        school_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        academic_year text NOT NULL,
        group_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        PRIMARY KEY (school_id, journal_id))",
    "CREATE INDEX journal_group ON journal (school_id, group_id, subject_id, academic_year)",
    "CREATE TABLE cell_fact (
        school_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        date sorted text NOT NULL,
        marks smallint NOT NULL,
        graded smallint NOT NULL,
        halves smallint NOT NULL,
        attendance smallint NOT NULL,
        late boolean NOT NULL,
        PRIMARY KEY (school_id, lesson_id, pupil_id))",
    "CREATE INDEX cell_fact_pupil
        ON cell_fact (school_id, pupil_id, date, subject_id, marks, graded, halves, attendance)",
    "CREATE TABLE lesson_fill (
        school_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        entered boolean NOT NULL,
        has_homework boolean NOT NULL,
        entered_late boolean NOT NULL,
        cells integer NOT NULL,
        late_cells integer NOT NULL,
        marks integer NOT NULL,
        absences integer NOT NULL,
        PRIMARY KEY (school_id, lesson_id))",
    "CREATE TABLE feed_freshness (
        producer text NOT NULL PRIMARY KEY,
        fresh_us bigint NOT NULL)",
];
