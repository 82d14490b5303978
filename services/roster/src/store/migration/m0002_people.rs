//! Cards, appointments, guardians, supervision.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0002_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE person (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        surname text NOT NULL,
        given_name text NOT NULL,
        patronymic text NOT NULL,
        sort_key text {bytes} NOT NULL,
        search_key text NOT NULL,
        sex smallint NOT NULL,
        birth_date text,
        phone text NOT NULL,
        email text NOT NULL,
        snils_sealed {blob},
        snils_hash {blob},
        PRIMARY KEY (school_id, person_id)) {clustered}",
    "CREATE INDEX person_by_name ON person (school_id, sort_key, person_id)",
    "CREATE UNIQUE INDEX person_by_snils ON person (school_id, snils_hash)",
    // The only look-up without a school: a family names nothing but the child's card.
    "CREATE INDEX person_by_id ON person (person_id)",
    "CREATE TABLE staff_member (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        post text NOT NULL,
        duties text NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, person_id)) {clustered}",
    "CREATE TABLE guardian_link (
        school_id uuid NOT NULL,
        guardian_link_id uuid NOT NULL,
        guardian_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        relation text NOT NULL,
        is_representative boolean NOT NULL,
        informing smallint NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, guardian_link_id)) {clustered}",
    "CREATE INDEX guardian_link_by_pupil ON guardian_link (school_id, pupil_id)",
    "CREATE INDEX guardian_link_by_guardian ON guardian_link (school_id, guardian_id)",
    "CREATE TABLE supervision (
        school_id uuid NOT NULL,
        supervision_id uuid NOT NULL,
        person_id uuid NOT NULL,
        grade_from smallint NOT NULL,
        grade_to smallint NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, supervision_id)) {clustered}",
];
