//! Upserts of whole records, by values and by arrays.

use chassis::{
    db::{Migrations, upsert},
    on_both_databases,
};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};
use uuid::Uuid;

mod record {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "record")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub owner: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub parent: Option<Uuid>,
        pub note: Option<String>,
        pub small: i16,
        pub middle: Option<i32>,
        pub large: i64,
        pub flag: bool,
        pub bytes: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod bare_key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bare_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub owner: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub nth: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

struct Records;

impl MigrationName for Records {
    fn name(&self) -> &str {
        "0001_record"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Records {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        let bytes = match manager.get_database_backend() {
            sea_orm::DbBackend::Postgres => "bytea",
            _ => "blob",
        };
        let tables = [
            format!(
                "CREATE TABLE record (owner uuid NOT NULL, name text NOT NULL, parent uuid, note text,
                    small smallint NOT NULL, middle integer, large bigint NOT NULL,
                    flag boolean NOT NULL, bytes {bytes} NOT NULL, PRIMARY KEY (owner, name))"
            ),
            "CREATE TABLE bare_key (owner uuid NOT NULL, nth integer NOT NULL, PRIMARY KEY (owner, nth))"
                .to_owned(),
        ];
        for sql in tables {
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

fn migrations() -> Migrations {
    let mut all = chassis::db::chassis_migrations();
    all.push(Box::new(Records));
    all
}

fn record(nth: u128) -> record::Model {
    record::Model {
        owner: Uuid::from_u128(nth / 10),
        name: format!("«{nth}», ' \\ {{NULL}}"),
        parent: None,
        note: None,
        small: -3,
        middle: None,
        large: i64::MAX,
        flag: false,
        bytes: Vec::new(),
    }
}

on_both_databases! { migrations();
    async fn rows_come_back_as_they_were_with_nulls_and_without(db) {
        let full = record::Model {
            parent: Some(Uuid::from_u128(77)),
            note: Some(String::new()),
            middle: Some(0),
            flag: true,
            bytes: vec![0, 255, 39],
            ..record(2)
        };
        let mut rows = vec![record(1), full];
        let uow = db.begin().await.unwrap();
        upsert::<record::Entity, _>(uow.conn(), rows.clone()).await.unwrap();
        uow.commit().await.unwrap();
        let all = || record::Entity::find().order_by_asc(record::Column::Name).all(db.read());
        assert_eq!(all().await.unwrap(), rows);

        rows[0].note = Some("now something".into());
        rows[1].note = None;
        let uow = db.begin().await.unwrap();
        upsert::<record::Entity, _>(uow.conn(), rows.clone()).await.unwrap();
        upsert::<record::Entity, _>(uow.conn(), Vec::new()).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(all().await.unwrap(), rows);
    }

    async fn of_equal_keys_the_last_row_stays_among_thousands(db) {
        let mut rows: Vec<_> = (0..2_300).map(record).collect();
        rows.extend((0..50).map(|nth| record::Model { small: 9, ..record(nth) }));
        let uow = db.begin().await.unwrap();
        upsert::<record::Entity, _>(uow.conn(), rows).await.unwrap();
        uow.commit().await.unwrap();
        let all = record::Entity::find().all(db.read()).await.unwrap();
        assert_eq!(all.len(), 2_300);
        assert_eq!(all.iter().filter(|row| row.small == 9).count(), 50);
    }

    async fn a_record_that_is_all_key_may_come_again(db) {
        let row = |nth| bare_key::Model { owner: Uuid::nil(), nth };
        let uow = db.begin().await.unwrap();
        for _ in 0..2 {
            upsert::<bare_key::Entity, _>(uow.conn(), vec![row(1), row(2)]).await.unwrap();
        }
        uow.commit().await.unwrap();
        assert_eq!(bare_key::Entity::find().all(db.read()).await.unwrap().len(), 2);
    }
}
