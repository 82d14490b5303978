//! Schools.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "school")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    pub title: String,
    pub title_key: String,
    pub municipality: String,
    pub municipality_key: String,
    pub municipality_id: Option<Uuid>,
    pub sort_key: String,
    pub academic_year: String,
    pub study_week_days: i16,
    pub time_zone: String,
    pub state: i16,
    pub version: i64,
    pub created_us: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
