//! Table `teaching_load`.

use sea_orm::entity::prelude::*;

/// A teaching load of the schedule copy.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "teaching_load")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub teaching_load_id: Uuid,
    pub journal_id: Uuid,
    pub teacher_id: Uuid,
    pub starts_on: String,
    pub ends_on: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
