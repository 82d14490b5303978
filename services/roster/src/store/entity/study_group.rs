//! Groups.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "study_group")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    pub academic_year: String,
    pub title: String,
    pub sort_key: String,
    pub kind: i16,
    pub class_id: Option<Uuid>,
    pub grade: Option<i16>,
    pub shift: Option<i16>,
    pub unmarked: bool,
    pub ends_on: Option<String>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
