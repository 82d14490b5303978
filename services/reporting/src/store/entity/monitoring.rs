//! Monitorings that the ministry has announced.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "monitoring")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub monitoring_id: Uuid,
    pub kind: i16,
    pub title: String,
    pub as_of: String,
    pub due_on: String,
    pub version: i64,
    pub changed_us: i64,
    pub changed_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
