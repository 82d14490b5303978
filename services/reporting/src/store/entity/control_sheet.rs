//! Sheets of schools, from their first save.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "control_sheet")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub monitoring_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    pub state: i16,
    pub problems: String,
    pub remark: String,
    pub sent_us: Option<i64>,
    pub late: bool,
    pub line_count: i32,
    pub full_count: i32,
    pub percent: i32,
    pub sent: Option<Vec<u8>>,
    pub version: i64,
    pub changed_us: i64,
    pub changed_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
