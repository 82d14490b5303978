//! Notices, what waits to become one, and own copies.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "notification_0001_notices"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE notice (
        person_id uuid NOT NULL,
        notice_id uuid NOT NULL,
        school_id uuid NOT NULL,
        kind smallint NOT NULL,
        pupil_id uuid,
        text text NOT NULL,
        link text NOT NULL,
        created_us bigint NOT NULL,
        read_us bigint,
        PRIMARY KEY (person_id, notice_id))",
    "CREATE INDEX notice_unread ON notice (person_id) WHERE read_us IS NULL",
    // `subject_key` names the cell's slot: a later change replaces what waits.
    "CREATE TABLE pending_notice (
        school_id uuid NOT NULL,
        subject_key text NOT NULL,
        kind smallint NOT NULL,
        pupil_id uuid NOT NULL,
        text text NOT NULL,
        link text NOT NULL,
        due_us bigint NOT NULL,
        PRIMARY KEY (school_id, subject_key))",
    "CREATE INDEX pending_notice_due ON pending_notice (due_us)",
    // What was told last of a cell's slot: an unchanged value is not told again.
    "CREATE TABLE told (
        school_id uuid NOT NULL,
        subject_key text NOT NULL,
        text text NOT NULL,
        PRIMARY KEY (school_id, subject_key))",
    "CREATE TABLE person_card (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        given_name text NOT NULL,
        PRIMARY KEY (school_id, person_id))",
    "CREATE TABLE guardian_copy (
        school_id uuid NOT NULL,
        guardian_link_id uuid NOT NULL,
        guardian_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        informed boolean NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, guardian_link_id))",
    "CREATE INDEX guardian_copy_pupil ON guardian_copy (school_id, pupil_id)",
    "CREATE TABLE supervisor_copy (
        school_id uuid NOT NULL,
        supervision_id uuid NOT NULL,
        person_id uuid NOT NULL,
        grade_from integer NOT NULL,
        grade_to integer NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, supervision_id))",
    "CREATE TABLE journal_copy (
        school_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        subject_title text NOT NULL,
        PRIMARY KEY (school_id, journal_id))",
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
