//! Holidays of some grades beside the gaps between periods.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holiday")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub academic_year: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub starts_on: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub grade_from: i16,
    pub ends_on: String,
    pub grade_to: i16,
    pub title: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
