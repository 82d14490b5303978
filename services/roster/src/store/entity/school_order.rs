//! The book of orders.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "school_order")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    pub number: String,
    pub date: String,
    pub kind: i16,
    pub pupil_count: i32,
    pub posted_us: i64,
    pub state: i16,
    pub year: i16,
    pub effective_on: String,
    pub basis: String,
    pub reverses_id: Option<Uuid>,
    pub reversed_by_id: Option<Uuid>,
    pub of_import: bool,
    pub posted_seq: i64,
    pub version: i64,
    pub changed_us: i64,
    pub changed_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
