//! Subjects of the region and rooms of the schools, unique by folded title.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0002_catalogue"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE subject (
        subject_id uuid NOT NULL PRIMARY KEY,
        title text NOT NULL,
        folded_title text NOT NULL)",
    "CREATE UNIQUE INDEX subject_folded_title ON subject (folded_title)",
    "CREATE TABLE room (
        school_id uuid NOT NULL,
        room_id uuid NOT NULL,
        title text NOT NULL,
        folded_title text NOT NULL,
        PRIMARY KEY (school_id, room_id))",
    "CREATE UNIQUE INDEX room_folded_title ON room (school_id, folded_title)",
];
