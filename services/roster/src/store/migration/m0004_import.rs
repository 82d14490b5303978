//! Imports: state and findings, the sealed workbook, rows, steps of other services.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0004_import"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE school_import (
        school_import_id uuid NOT NULL PRIMARY KEY,
        state smallint NOT NULL,
        file_name text NOT NULL,
        content_hash {blob} NOT NULL,
        school_id uuid,
        school_title text NOT NULL,
        staff integer NOT NULL,
        classes integer NOT NULL,
        pupils integer NOT NULL,
        guardians integer NOT NULL,
        loads integer NOT NULL,
        weekly_lessons integer NOT NULL,
        lessons integer NOT NULL,
        findings {blob} NOT NULL,
        forgotten boolean NOT NULL,
        failure text NOT NULL,
        actor text NOT NULL,
        uploaded_us bigint NOT NULL)",
    "CREATE INDEX school_import_by_content ON school_import (content_hash)",
    "CREATE INDEX school_import_by_state ON school_import (state, uploaded_us)",
    "CREATE TABLE import_workbook (
        school_import_id uuid NOT NULL PRIMARY KEY,
        sealed {blob} NOT NULL)",
    "CREATE TABLE import_row (
        school_import_id uuid NOT NULL,
        position integer NOT NULL,
        sheet text NOT NULL,
        verdict smallint NOT NULL,
        content {blob} NOT NULL,
        PRIMARY KEY (school_import_id, position)) {clustered}",
    "CREATE INDEX import_row_by_verdict ON import_row (school_import_id, verdict, position)",
    // A step of an import that another service takes. `leased_until` is by the
    // database's clock, whole seconds: of several processes one works on a step.
    "CREATE TABLE import_step (
        school_import_id uuid NOT NULL,
        step text NOT NULL,
        done boolean NOT NULL,
        attempts integer NOT NULL,
        last_error text NOT NULL,
        leased_until bigint NOT NULL,
        leased_by uuid,
        request {blob} NOT NULL,
        PRIMARY KEY (school_import_id, step))",
    "CREATE INDEX import_step_by_done ON import_step (done)",
];
