//! Days cancelled or held remotely in one step.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "day_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day_change_id: Uuid,
    pub date: String,
    /// 1 cancelled, 2 remote.
    pub kind: i16,
    pub reason: String,
    /// Ids apart by spaces; empty = all classes.
    pub class_ids: String,
    /// Numbers apart by spaces; empty = all.
    pub lesson_numbers: String,
    pub lesson_count: i32,
    pub made_by: Option<Uuid>,
    pub made_us: i64,
    pub undone_by: Option<Uuid>,
    /// None while it holds.
    pub undone_us: Option<i64>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
