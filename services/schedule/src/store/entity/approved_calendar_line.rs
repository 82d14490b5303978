//! Calendars as they were when a version was approved, line by line.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approved_calendar_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub study_document_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_number: i32,
    /// 1 period, 2 holidays, 3 day off, 4 shortened day.
    pub part: i16,
    pub period_id: Option<Uuid>,
    /// Kind of the period, source of the day off, longest lesson of the shortened day.
    pub kind: i16,
    pub title: String,
    pub starts_on: String,
    pub ends_on: String,
    pub grade_from: i16,
    pub grade_to: i16,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
