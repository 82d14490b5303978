//! Control sheets: more of what the others tell, monitorings, sheets. Copies that hold more
//! than before are read again from the beginning of their feeds.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "reporting_0006_sheets"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "DELETE FROM school",
    "DELETE FROM person_card",
    "DELETE FROM school_class",
    "DELETE FROM study_group",
    "DELETE FROM enrolment",
    "DELETE FROM group_membership",
    "DELETE FROM period",
    "DELETE FROM subject",
    "DELETE FROM lesson",
    "DELETE FROM feed_cursor WHERE producer IN ('roster', 'schedule')",
    "ALTER TABLE person_card ADD COLUMN phone text NOT NULL DEFAULT ''",
    "ALTER TABLE person_card ADD COLUMN email text NOT NULL DEFAULT ''",
    "ALTER TABLE person_card ADD COLUMN has_birth_date boolean NOT NULL DEFAULT false",
    "ALTER TABLE school_class ADD COLUMN shift smallint NOT NULL DEFAULT 1",
    "ALTER TABLE enrolment ADD COLUMN by_order boolean NOT NULL DEFAULT false",
    "CREATE TABLE staff_member (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        post text NOT NULL,
        teaches boolean NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, person_id))",
    "CREATE TABLE guardian_link (
        school_id uuid NOT NULL,
        guardian_link_id uuid NOT NULL,
        guardian_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        is_representative boolean NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, guardian_link_id))",
    "CREATE INDEX guardian_link_pupil
        ON guardian_link (school_id, pupil_id, guardian_id, is_representative, starts_on, ends_on)",
    // `day`: first day in force, or the day by which it is due.
    "CREATE TABLE registry_record (
        school_id uuid NOT NULL,
        record_id uuid NOT NULL,
        registry smallint NOT NULL,
        kind smallint NOT NULL,
        title text NOT NULL,
        person_id uuid,
        number text NOT NULL,
        dated_on text,
        link text NOT NULL,
        place text NOT NULL,
        quantity integer NOT NULL,
        is_access_point boolean NOT NULL,
        day text NOT NULL,
        ends_on text,
        done_on text,
        PRIMARY KEY (school_id, record_id))",
    "CREATE TABLE teaching_load (
        school_id uuid NOT NULL,
        teaching_load_id uuid NOT NULL,
        group_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        teacher_id uuid NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, teaching_load_id))",
    "CREATE TABLE lesson_plan (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        state smallint NOT NULL,
        PRIMARY KEY (school_id, group_id, subject_id))",
    "CREATE TABLE school_year (
        school_id uuid NOT NULL,
        academic_year text NOT NULL,
        days_off integer NOT NULL,
        first_shift_bells integer NOT NULL,
        second_shift_bells integer NOT NULL,
        PRIMARY KEY (school_id, academic_year))",
    // Who got a code and who has an account; role as identity numbers it.
    "CREATE TABLE access_fact (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        issued boolean NOT NULL,
        registered boolean NOT NULL,
        PRIMARY KEY (school_id, person_id))",
    "CREATE TABLE monitoring (
        monitoring_id uuid NOT NULL PRIMARY KEY,
        kind smallint NOT NULL,
        title text NOT NULL,
        as_of text NOT NULL,
        due_on text NOT NULL,
        version bigint NOT NULL,
        changed_us bigint NOT NULL,
        changed_by text NOT NULL)",
    "CREATE INDEX monitoring_due ON monitoring (due_on, monitoring_id)",
    // `sent`: the sheet as it was sent, without names and contacts: those are in person_card.
    "CREATE TABLE control_sheet (
        monitoring_id uuid NOT NULL,
        school_id uuid NOT NULL,
        state smallint NOT NULL,
        problems text NOT NULL,
        remark text NOT NULL,
        sent_us bigint,
        late boolean NOT NULL,
        line_count integer NOT NULL,
        full_count integer NOT NULL,
        percent integer NOT NULL,
        sent {bytes},
        version bigint NOT NULL,
        changed_us bigint NOT NULL,
        changed_by text NOT NULL,
        PRIMARY KEY (monitoring_id, school_id))",
    "CREATE TABLE line_statement (
        school_id uuid NOT NULL,
        monitoring_id uuid NOT NULL,
        number text NOT NULL,
        percent integer NOT NULL,
        due_on text,
        presence smallint NOT NULL,
        note text NOT NULL,
        PRIMARY KEY (school_id, monitoring_id, number))",
];
