//! Teaching loads as they were when a version of the load was approved.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approved_load")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub study_document_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub teaching_load_id: Uuid,
    pub group_id: Uuid,
    pub subject_id: Uuid,
    pub teacher_id: Uuid,
    pub weekly_hours_hundredths: i32,
    pub starts_on: String,
    pub ends_on: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
