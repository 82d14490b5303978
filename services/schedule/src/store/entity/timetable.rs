//! Versions of the weekly timetable.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "timetable")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub timetable_id: Uuid,
    pub academic_year: String,
    /// In the year, from 1.
    pub number: i32,
    pub title: String,
    pub cycle_weeks: i16,
    /// A Monday.
    pub cycle_starts_on: String,
    /// First day on which it holds; none while it is a draft.
    pub valid_from: Option<String>,
    pub approved_by: Option<Uuid>,
    /// Microseconds since 1970; none while it is a draft.
    pub approved_us: Option<i64>,
    /// Day by which it is to be approved.
    pub approve_by: Option<String>,
    pub entry_count: i32,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
