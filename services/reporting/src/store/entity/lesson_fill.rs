//! What is recorded of a lesson.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson_fill")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub lesson_id: Uuid,
    pub journal_id: Uuid,
    /// Topic or homework was entered, or the lesson said to be held.
    pub entered: bool,
    pub has_homework: bool,
    /// That came after it was due.
    pub entered_late: bool,
    /// Filled cells.
    pub cells: i32,
    /// Of them changed last after the entry was due.
    pub late_cells: i32,
    pub marks: i32,
    /// «н», «б», «у».
    pub absences: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
