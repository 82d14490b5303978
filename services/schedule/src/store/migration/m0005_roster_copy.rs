//! What schedule keeps of roster: classes, and who is on the staff when.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0005_roster_copy"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE school_class (
        school_id uuid NOT NULL,
        class_id uuid NOT NULL,
        academic_year text NOT NULL,
        title text NOT NULL,
        grade smallint NOT NULL,
        PRIMARY KEY (school_id, class_id))",
    "CREATE TABLE staff_member (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        teaches boolean NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, person_id))",
];
