//! A session, its secret as a hash.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: Uuid,
    pub account_id: Uuid,
    pub secret_hash: Vec<u8>,
    pub family: bool,
    pub school_id: Option<Uuid>,
    pub municipality_id: Option<Uuid>,
    pub device: String,
    pub created_us: i64,
    pub seen_us: i64,
    pub ended_us: Option<i64>,
    pub proved_us: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
