//! Table `ledger_checkpoint`.

use sea_orm::entity::prelude::*;

/// A signed checkpoint with the leaves that it added.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_checkpoint")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tree_size: i64,
    pub first_sequence: i64,
    pub root: Vec<u8>,
    pub note: String,
    pub signed_us: i64,
    pub entries: Vec<u8>,
    pub leaves: Vec<u8>,
    pub frontier: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
