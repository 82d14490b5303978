//! Table `lesson_entry`.

use sea_orm::entity::prelude::*;

/// What was done at a lesson.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub lesson_id: Uuid,
    pub academic_year: i16,
    pub topic: String,
    pub homework: String,
    pub homework_minutes: i16,
    pub control_kind: i16,
    pub recorded_late: bool,
    pub version: i64,
    pub set_us: i64,
    pub set_by: Uuid,
    pub first_us: i64,
    pub late: bool,
    pub before: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
