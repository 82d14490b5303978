//! Municipalities, made from what schools called theirs, and people without a card in the
//! registries that municipalities and the ministry keep.

use chassis::db::statement;
use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::text::sort_key;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "roster_0012_municipalities"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await?;
        found_of_schools(manager.get_connection()).await
    }
}

const STATEMENTS: &[&str] = &[
    // `told`: the feed has heard of it and of whose schools are in it.
    "CREATE TABLE municipality (
        municipality_id uuid NOT NULL PRIMARY KEY,
        title text NOT NULL,
        title_key text NOT NULL,
        sort_key text {bytes} NOT NULL,
        told boolean NOT NULL,
        version bigint NOT NULL,
        created_us bigint NOT NULL) {clustered}",
    "CREATE UNIQUE INDEX municipality_once ON municipality (title_key)",
    "CREATE INDEX municipality_by_title ON municipality (sort_key, municipality_id)",
    "ALTER TABLE school ADD COLUMN municipality_id uuid",
    "CREATE INDEX school_by_municipality ON school (municipality_id, sort_key, school_id)",
    "ALTER TABLE registry_record ADD COLUMN surname text NOT NULL DEFAULT ''",
    "ALTER TABLE registry_record ADD COLUMN given_name text NOT NULL DEFAULT ''",
    "ALTER TABLE registry_record ADD COLUMN patronymic text NOT NULL DEFAULT ''",
    "ALTER TABLE registry_record ADD COLUMN post text NOT NULL DEFAULT ''",
];

/// One municipality for each spelling-free title; every school into its own.
async fn found_of_schools(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = conn.get_database_backend();
    let sql = "SELECT municipality_key, MIN(municipality), MIN(created_us) FROM school
        GROUP BY municipality_key";
    for row in conn.query_all_raw(statement(backend, sql, [])).await? {
        let key: String = row.try_get_by_index(0)?;
        let title: String = row.try_get_by_index(1)?;
        let created_us: i64 = row.try_get_by_index(2)?;
        let id = id_of(&key);
        let sql = "INSERT INTO municipality
            (municipality_id, title, title_key, sort_key, told, version, created_us)
            VALUES (?, ?, ?, ?, ?, 1, ?)";
        let values = [
            id.into(),
            title.as_str().into(),
            key.as_str().into(),
            sort_key(&title).into(),
            false.into(),
            created_us.into(),
        ];
        conn.execute_raw(statement(backend, sql, values)).await?;
        let sql = "UPDATE school SET municipality_id = ?, municipality = ?
            WHERE municipality_key = ?";
        let values = [id.into(), title.into(), key.into()];
        conn.execute_raw(statement(backend, sql, values)).await?;
    }
    Ok(())
}

/// A migration has neither a clock nor dice: the id follows from the title.
fn id_of(key: &str) -> Uuid {
    let digest = Sha256::digest(format!("municipality {key}"));
    let (first, _) = digest.split_at(16);
    Uuid::from_slice(first).unwrap_or_default()
}
