//! Curriculum, load and tariff order in versions; lines of curricula; loads as they were when
//! the director approved them.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0008_study_document"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE study_document (
        school_id uuid NOT NULL,
        study_document_id uuid NOT NULL,
        academic_year text NOT NULL,
        kind smallint NOT NULL,
        number integer NOT NULL,
        title text NOT NULL,
        order_number text NOT NULL,
        ordered_on text,
        approve_by text,
        based_on uuid,
        approved_by uuid,
        approved_us bigint,
        saved_us bigint NOT NULL,
        version bigint NOT NULL,
        PRIMARY KEY (school_id, study_document_id))",
    "CREATE UNIQUE INDEX study_document_number
        ON study_document (school_id, academic_year, kind, number)",
    "CREATE TABLE curriculum_line (
        school_id uuid NOT NULL,
        study_document_id uuid NOT NULL,
        grade smallint NOT NULL,
        subject_id uuid NOT NULL,
        weekly_hours_hundredths integer NOT NULL,
        yearly_hours integer NOT NULL,
        PRIMARY KEY (school_id, study_document_id, grade, subject_id))",
    "CREATE TABLE approved_load (
        school_id uuid NOT NULL,
        study_document_id uuid NOT NULL,
        teaching_load_id uuid NOT NULL,
        group_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        teacher_id uuid NOT NULL,
        weekly_hours_hundredths integer NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, study_document_id, teaching_load_id))",
];
