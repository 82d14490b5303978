//! Dated lessons.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub lesson_id: Uuid,
    pub academic_year: String,
    pub date: String,
    pub lesson_number: i16,
    pub starts_at: String,
    pub ends_at: String,
    pub group_id: Uuid,
    pub subject_id: Uuid,
    pub teacher_id: Uuid,
    pub substitute_id: Option<Uuid>,
    pub room_id: Option<Uuid>,
    /// Weekly lesson that it came from.
    pub timetable_entry_id: Option<Uuid>,
    /// 1 planned, 3 cancelled, 4 taken out by a version of the timetable.
    pub state: i16,
    pub state_reason: String,
    pub version: i64,
    pub remote: bool,
    /// When it was changed last; none = not since it was made.
    pub changed_us: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
