//! Classes, groups, who is in them, and the book of orders.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0003_classes"
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
        grade smallint NOT NULL,
        letter text NOT NULL,
        title text NOT NULL,
        sort_key text {bytes} NOT NULL,
        shift smallint NOT NULL,
        class_teacher_id uuid,
        PRIMARY KEY (school_id, class_id)) {clustered}",
    "CREATE UNIQUE INDEX school_class_once ON school_class (school_id, academic_year, grade, letter)",
    "CREATE TABLE study_group (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        academic_year text NOT NULL,
        title text NOT NULL,
        sort_key text {bytes} NOT NULL,
        kind smallint NOT NULL,
        class_id uuid,
        PRIMARY KEY (school_id, group_id)) {clustered}",
    "CREATE INDEX study_group_by_title ON study_group (school_id, academic_year, sort_key, group_id)",
    "CREATE INDEX study_group_by_class ON study_group (school_id, class_id)",
    "CREATE TABLE group_membership (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, group_id, pupil_id, starts_on)) {clustered}",
    "CREATE INDEX group_membership_by_pupil ON group_membership (school_id, pupil_id)",
    "CREATE TABLE enrolment (
        school_id uuid NOT NULL,
        enrolment_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        class_id uuid NOT NULL,
        form smallint NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        order_id uuid NOT NULL,
        PRIMARY KEY (school_id, enrolment_id)) {clustered}",
    "CREATE INDEX enrolment_by_class ON enrolment (school_id, class_id)",
    "CREATE INDEX enrolment_by_pupil ON enrolment (school_id, pupil_id)",
    // `order` is a word of SQL.
    "CREATE TABLE posted_order (
        school_id uuid NOT NULL,
        order_id uuid NOT NULL,
        number text NOT NULL,
        date text NOT NULL,
        kind smallint NOT NULL,
        pupil_count integer NOT NULL,
        posted_us bigint NOT NULL,
        PRIMARY KEY (school_id, order_id)) {clustered}",
    "CREATE INDEX posted_order_by_date ON posted_order (school_id, date, order_id)",
];
