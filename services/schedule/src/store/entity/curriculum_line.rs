//! Lines of curricula.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "curriculum_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub study_document_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub grade: i16,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    pub weekly_hours_hundredths: i32,
    pub yearly_hours: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
