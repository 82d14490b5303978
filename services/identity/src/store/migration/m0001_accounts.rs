//! Accounts, cards, grants, invitations, sessions, attempts.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "identity_0001_accounts"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE account (
        account_id uuid PRIMARY KEY,
        login text NOT NULL,
        login_key text NOT NULL UNIQUE,
        password_hash text NOT NULL,
        created_us bigint NOT NULL)",
    // One card belongs to one account; one account may hold many cards.
    "CREATE TABLE account_card (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        account_id uuid NOT NULL REFERENCES account (account_id),
        role smallint NOT NULL,
        registered_us bigint NOT NULL,
        PRIMARY KEY (school_id, person_id))",
    "CREATE INDEX account_card_account ON account_card (account_id)",
    "CREATE TABLE role_grant (
        role_grant_id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES account (account_id),
        role smallint NOT NULL,
        school_id uuid,
        source smallint NOT NULL,
        granted_us bigint NOT NULL,
        ends_on text,
        revoked_us bigint)",
    "CREATE INDEX role_grant_account ON role_grant (account_id)",
    "CREATE INDEX role_grant_school ON role_grant (school_id, role_grant_id)",
    "CREATE TABLE invitation (
        invitation_id uuid PRIMARY KEY,
        school_id uuid,
        person_id uuid,
        role smallint NOT NULL,
        code_hash bytea NOT NULL UNIQUE,
        issued_us bigint NOT NULL,
        expires_us bigint NOT NULL,
        used_us bigint,
        revoked_us bigint)",
    "CREATE INDEX invitation_person ON invitation (school_id, person_id)",
    "CREATE TABLE session (
        session_id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES account (account_id),
        secret_hash bytea NOT NULL UNIQUE,
        family boolean NOT NULL,
        school_id uuid,
        device text NOT NULL,
        created_us bigint NOT NULL,
        seen_us bigint NOT NULL,
        ended_us bigint)",
    "CREATE INDEX session_account ON session (account_id)",
    "CREATE TABLE known_device (
        cookie_hash bytea NOT NULL,
        account_id uuid NOT NULL,
        seen_us bigint NOT NULL,
        PRIMARY KEY (account_id, cookie_hash))",
    // Counters of wrong passwords; `subject` is a keyed hash of login and device.
    "CREATE TABLE login_attempt (
        subject bytea PRIMARY KEY,
        failures integer NOT NULL,
        since_us bigint NOT NULL)",
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
