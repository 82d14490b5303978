//! Table `lesson`.

use sea_orm::entity::prelude::*;

/// A dated lesson of the schedule copy.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub lesson_id: Uuid,
    pub academic_year: i16,
    pub journal_id: Uuid,
    pub date: String,
    pub lesson_number: i16,
    pub starts_at: String,
    pub ends_at: String,
    pub group_id: Uuid,
    pub class_id: Option<Uuid>,
    pub day_unit: Uuid,
    pub grade: i16,
    pub subject_id: Uuid,
    pub subject_title: String,
    pub teacher_id: Option<Uuid>,
    pub substitute_id: Option<Uuid>,
    pub room: String,
    pub state: i16,
    pub remote: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
