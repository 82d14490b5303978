//! Table `study_group`.

use sea_orm::entity::prelude::*;

/// A group of the roster copy.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "study_group")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    pub academic_year: i16,
    pub title: String,
    pub class_id: Option<Uuid>,
    /// Of a group of several classes; 0 = the class's.
    pub grade: i16,
    pub unmarked: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
