//! Consents and applications of families.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0011_consents"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE consent (
        school_id uuid NOT NULL,
        consent_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        signer_id uuid NOT NULL,
        kind smallint NOT NULL,
        decision smallint NOT NULL,
        signed_on text NOT NULL,
        withdrawn_on text,
        note text NOT NULL,
        version bigint NOT NULL,
        changed_us bigint NOT NULL,
        changed_by text NOT NULL,
        PRIMARY KEY (school_id, consent_id))",
    // Of one signer one of a kind is in force, whoever records at the same time.
    "CREATE UNIQUE INDEX consent_in_force ON consent (school_id, pupil_id, kind, signer_id)
        WHERE withdrawn_on IS NULL",
    "CREATE INDEX consent_pupil ON consent (school_id, pupil_id)",
];
