//! Own copies of roster's facts: who may get a code, and from whom.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "identity_0002_copies"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE school_copy (
        school_id uuid PRIMARY KEY,
        title text NOT NULL,
        time_zone text NOT NULL)",
    "CREATE TABLE person_card (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        surname text NOT NULL,
        given_name text NOT NULL,
        patronymic text NOT NULL,
        sort_key text NOT NULL,
        PRIMARY KEY (school_id, person_id))",
    "CREATE TABLE staff_copy (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        duties text NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, person_id))",
    "CREATE TABLE class_copy (
        school_id uuid NOT NULL,
        class_id uuid NOT NULL,
        title text NOT NULL,
        class_teacher_id uuid,
        PRIMARY KEY (school_id, class_id))",
    "CREATE TABLE enrolment_copy (
        school_id uuid NOT NULL,
        enrolment_id uuid NOT NULL,
        class_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, enrolment_id))",
    "CREATE INDEX enrolment_copy_class ON enrolment_copy (school_id, class_id)",
    "CREATE INDEX enrolment_copy_pupil ON enrolment_copy (school_id, pupil_id)",
    "CREATE TABLE guardian_copy (
        school_id uuid NOT NULL,
        guardian_link_id uuid NOT NULL,
        guardian_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        relation text NOT NULL,
        is_representative boolean NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, guardian_link_id))",
    "CREATE INDEX guardian_copy_guardian ON guardian_copy (school_id, guardian_id)",
    "CREATE INDEX guardian_copy_pupil ON guardian_copy (school_id, pupil_id)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in TABLES {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
