//! A change of the timetable that was told.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "told_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    /// Lesson or change of a day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub thing_id: Uuid,
    /// Its version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
