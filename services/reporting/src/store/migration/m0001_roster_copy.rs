//! What reporting keeps of roster: schools, names, classes, groups, who is where when.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "reporting_0001_roster_copy"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE school (
        school_id uuid NOT NULL PRIMARY KEY,
        title text NOT NULL,
        municipality text NOT NULL,
        academic_year text NOT NULL,
        time_zone text NOT NULL)",
    "CREATE TABLE person_card (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        surname text NOT NULL,
        given_name text NOT NULL,
        patronymic text NOT NULL,
        sort_key sorted text NOT NULL,
        PRIMARY KEY (school_id, person_id))",
    "CREATE TABLE school_class (
        school_id uuid NOT NULL,
        class_id uuid NOT NULL,
        academic_year text NOT NULL,
        grade smallint NOT NULL,
        letter sorted text NOT NULL,
        title text NOT NULL,
        class_teacher_id uuid,
        PRIMARY KEY (school_id, class_id))",
    "CREATE INDEX school_class_teacher ON school_class (school_id, class_teacher_id) WHERE class_teacher_id IS NOT NULL",
    "CREATE TABLE study_group (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        title text NOT NULL,
        kind smallint NOT NULL,
        PRIMARY KEY (school_id, group_id))",
    "CREATE TABLE enrolment (
        school_id uuid NOT NULL,
        enrolment_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        class_id uuid NOT NULL,
        education_form smallint NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, enrolment_id))",
    "CREATE INDEX enrolment_class ON enrolment (school_id, class_id, pupil_id, starts_on, ends_on)",
    "CREATE INDEX enrolment_pupil
        ON enrolment (school_id, pupil_id, class_id, starts_on, ends_on, education_form)",
    "CREATE TABLE group_membership (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, group_id, pupil_id, starts_on))",
    "CREATE INDEX group_membership_pupil
        ON group_membership (school_id, pupil_id, group_id, starts_on, ends_on)",
];
