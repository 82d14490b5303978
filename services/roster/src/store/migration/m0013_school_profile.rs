//! What a school says of itself: every version, changed or confirmed, is a row of its own.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0013_school_profile"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    // The key keeps two people from making the same version.
    "CREATE TABLE school_profile (
        school_id uuid NOT NULL,
        version bigint NOT NULL,
        full_title text NOT NULL,
        short_title text NOT NULL,
        inn text NOT NULL,
        ogrn text NOT NULL,
        legal_address text NOT NULL,
        actual_address text NOT NULL,
        phone text NOT NULL,
        email text NOT NULL,
        site text NOT NULL,
        journal_page text NOT NULL,
        building_count integer NOT NULL,
        confirmed_on text,
        changed_us bigint NOT NULL,
        changed_by text NOT NULL,
        changed_by_name text NOT NULL,
        PRIMARY KEY (school_id, version))",
];
