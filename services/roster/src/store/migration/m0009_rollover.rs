//! Rollover of the academic year: the plan, and what applying it did.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0009_rollover"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

/// `year` is the calendar year in which the closed academic year began.
const STATEMENTS: &[&str] = &[
    "CREATE TABLE rollover (
        school_id uuid NOT NULL,
        year smallint NOT NULL,
        state smallint NOT NULL,
        graduates_until text NOT NULL,
        promotion_id uuid,
        graduation_id uuid,
        promoted integer NOT NULL,
        staying integer NOT NULL,
        graduating integer NOT NULL,
        classes_made integer NOT NULL,
        groups_made integer NOT NULL,
        memberships_opened integer NOT NULL,
        memberships_ended integer NOT NULL,
        applied_us bigint NOT NULL,
        version bigint NOT NULL,
        changed_us bigint NOT NULL,
        changed_by text NOT NULL,
        PRIMARY KEY (school_id, year)) {clustered}",
    "CREATE TABLE rollover_next_class (
        school_id uuid NOT NULL,
        year smallint NOT NULL,
        class_id uuid NOT NULL,
        group_id uuid NOT NULL,
        grade smallint NOT NULL,
        letter text NOT NULL,
        shift smallint NOT NULL,
        class_teacher_id uuid,
        PRIMARY KEY (school_id, year, class_id)) {clustered}",
    "CREATE TABLE rollover_class (
        school_id uuid NOT NULL,
        year smallint NOT NULL,
        class_id uuid NOT NULL,
        next_class_id uuid,
        PRIMARY KEY (school_id, year, class_id)) {clustered}",
    "CREATE TABLE rollover_pupil (
        school_id uuid NOT NULL,
        year smallint NOT NULL,
        pupil_id uuid NOT NULL,
        next_class_id uuid,
        PRIMARY KEY (school_id, year, pupil_id)) {clustered}",
    "CREATE TABLE rollover_group (
        school_id uuid NOT NULL,
        year smallint NOT NULL,
        group_id uuid NOT NULL,
        next_group_id uuid NOT NULL,
        carry smallint NOT NULL,
        PRIMARY KEY (school_id, year, group_id)) {clustered}",
];
