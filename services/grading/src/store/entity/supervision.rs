//! Table `supervision`.

use sea_orm::entity::prelude::*;

/// A supervision of the roster copy.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supervision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub supervision_id: Uuid,
    pub person_id: Uuid,
    pub grade_from: i16,
    pub grade_to: i16,
    pub starts_on: String,
    pub ends_on: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
