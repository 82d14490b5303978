//! `feed_cursor`: how far this service has heard each producer;
//! `feed_quarantine`: events it could not take, in order, per key.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "chassis_0002_feed_cursor"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, POSTGRES, SQLITE).await
    }
}

const CURSOR: &str = "CREATE TABLE feed_cursor (
        producer text PRIMARY KEY,
        epoch bigint NOT NULL,
        position bigint NOT NULL,
        owner text NOT NULL,
        lease_until bigint NOT NULL)";

const BY_KEY: &str =
    "CREATE INDEX feed_quarantine_key ON feed_quarantine (producer, key, epoch, position)";

const POSTGRES: &[&str] = &[
    CURSOR,
    "CREATE TABLE feed_quarantine (
        producer text NOT NULL,
        epoch bigint NOT NULL,
        position bigint NOT NULL,
        key text NOT NULL,
        payload bytea NOT NULL,
        attempts integer NOT NULL,
        next_us bigint NOT NULL,
        error text NOT NULL,
        parked_us bigint NOT NULL,
        PRIMARY KEY (producer, epoch, position))",
    BY_KEY,
];

const SQLITE: &[&str] = &[
    CURSOR,
    "CREATE TABLE feed_quarantine (
        producer text NOT NULL,
        epoch bigint NOT NULL,
        position bigint NOT NULL,
        key text NOT NULL,
        payload blob NOT NULL,
        attempts integer NOT NULL,
        next_us bigint NOT NULL,
        error text NOT NULL,
        parked_us bigint NOT NULL,
        PRIMARY KEY (producer, epoch, position))",
    BY_KEY,
];
