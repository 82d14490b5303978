//! Cards.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub surname: String,
    pub given_name: String,
    pub patronymic: String,
    pub sort_key: String,
    pub search_key: String,
    pub sex: i16,
    pub birth_date: Option<String>,
    pub phone: String,
    pub email: String,
    pub snils_sealed: Option<Vec<u8>>,
    pub snils_hash: Option<Vec<u8>>,
    pub address: String,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
