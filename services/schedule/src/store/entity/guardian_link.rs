//! Copy of roster's guardian links. Ids alone.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "guardian_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub guardian_link_id: Uuid,
    pub pupil_id: Uuid,
    pub guardian_id: Uuid,
    /// Legal representative.
    pub is_representative: bool,
    pub starts_on: String,
    /// Last day, inclusive; none = open.
    pub ends_on: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
