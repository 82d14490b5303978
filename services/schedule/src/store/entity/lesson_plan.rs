//! Lesson plans without their themes.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson_plan")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    pub academic_year: String,
    pub title: String,
    /// 1 draft, 2 returned, 3 approved.
    pub state: i16,
    pub remark: String,
    pub decided_by: Option<Uuid>,
    pub decided_us: Option<i64>,
    pub saved_us: i64,
    /// Hours of all themes.
    pub hours: i32,
    pub theme_count: i32,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
