//! Another ministry system; `scopes` and `school_ids` are lists parted by spaces.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_client")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_id: Uuid,
    pub title: String,
    pub scopes: String,
    pub school_ids: String,
    pub rate_per_minute: i32,
    pub ends_on: String,
    pub registered_us: i64,
    pub registered_by: Uuid,
    pub revoked_us: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
