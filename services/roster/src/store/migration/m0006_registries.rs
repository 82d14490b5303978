//! Registries of the rollout and acknowledgements of local acts.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0006_registries"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    // `day`: first day in force, or the day by which it is due.
    "CREATE TABLE registry_record (
        school_id uuid NOT NULL,
        record_id uuid NOT NULL,
        registry smallint NOT NULL,
        kind smallint NOT NULL,
        title text NOT NULL,
        person_id uuid,
        note text NOT NULL,
        link text NOT NULL,
        number text NOT NULL,
        dated_on text,
        edition text NOT NULL,
        day text NOT NULL,
        ends_on text,
        done_on text,
        hours integer NOT NULL,
        to_acknowledge boolean NOT NULL,
        version bigint NOT NULL,
        changed_us bigint NOT NULL,
        changed_by text NOT NULL,
        PRIMARY KEY (school_id, record_id)) {clustered}",
    "CREATE INDEX registry_record_by_day ON registry_record (school_id, registry, day, record_id)",
    "CREATE TABLE acknowledgement (
        school_id uuid NOT NULL,
        record_id uuid NOT NULL,
        person_id uuid NOT NULL,
        acknowledged_on text NOT NULL,
        PRIMARY KEY (school_id, record_id, person_id)) {clustered}",
];
