//! Decisions on how the journal is kept.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_mode")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub mode_id: Uuid,
    pub kind: i16,
    pub class_id: Option<Uuid>,
    pub pupil_id: Option<Uuid>,
    pub starts_on: String,
    pub ends_on: Option<String>,
    pub local_act_id: Option<Uuid>,
    pub contract_id: Option<Uuid>,
    pub order_number: String,
    pub order_date: Option<String>,
    pub withdrawn_reason: Option<String>,
    pub version: i64,
    pub changed_us: i64,
    pub changed_by: String,
    pub changed_by_name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
