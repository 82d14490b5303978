//! Subscriptions of phones' calendars. Feeds are read every hour: lessons are found by group
//! and by teacher, and tell when they were changed.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0016_calendar_subscriptions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE calendar_subscription (
        school_id uuid NOT NULL,
        calendar_subscription_id uuid NOT NULL,
        account_id uuid NOT NULL,
        person_id uuid NOT NULL,
        kind smallint NOT NULL,
        subject_id uuid NOT NULL,
        secret_hash bytea NOT NULL,
        created_us bigint NOT NULL,
        last_used_on text,
        PRIMARY KEY (school_id, calendar_subscription_id))",
    "CREATE UNIQUE INDEX calendar_subscription_secret ON calendar_subscription (school_id, secret_hash)",
    "CREATE INDEX calendar_subscription_account ON calendar_subscription (school_id, account_id)",
    "ALTER TABLE lesson ADD COLUMN changed_us bigint",
    "CREATE INDEX lesson_group_days ON lesson (school_id, group_id, date)",
    "CREATE INDEX lesson_teacher_days ON lesson (school_id, teacher_id, date)",
    "CREATE INDEX lesson_substitute_days ON lesson (school_id, substitute_id, date) WHERE substitute_id IS NOT NULL",
];
