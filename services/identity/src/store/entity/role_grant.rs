//! A role given to an account.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_grant_id: Uuid,
    pub account_id: Uuid,
    pub role: i16,
    pub school_id: Option<Uuid>,
    pub municipality_id: Option<Uuid>,
    pub source: i16,
    pub granted_us: i64,
    pub ends_on: Option<String>,
    pub revoked_us: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
