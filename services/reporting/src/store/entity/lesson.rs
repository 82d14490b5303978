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
    pub ends_at: String,
    /// End of the last lesson that the unit has that day.
    pub last_end: String,
    pub group_id: Uuid,
    pub class_id: Option<Uuid>,
    /// The class, or the group when it is of several: whose day the entry is due by.
    pub unit_id: Uuid,
    pub grade: i16,
    pub subject_id: Uuid,
    pub teacher_id: Option<Uuid>,
    pub substitute_id: Option<Uuid>,
    /// 1 planned, 2 moved, 3 cancelled.
    pub state: i16,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
