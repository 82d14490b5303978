//! A school's plan of a year: one row when it has been put.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "school_year")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub academic_year: String,
    pub study_week_days: i16,
    pub time_zone: String,
    /// Version of the regional calendar that the lessons were counted with.
    pub regional_calendar_version: i32,
    /// Import that put the plan.
    pub school_import_id: Uuid,
    /// Dated lessons that the plan made.
    pub lesson_count: i32,
    /// When, microseconds since 1970.
    pub put_us: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
