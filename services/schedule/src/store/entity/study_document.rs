//! Versions of curriculum, load and tariff order.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "study_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub study_document_id: Uuid,
    pub academic_year: String,
    pub kind: i16,
    /// Among the versions of the kind, from 1.
    pub number: i32,
    pub title: String,
    pub order_number: String,
    pub ordered_on: Option<String>,
    /// Day by which it is to be approved.
    pub approve_by: Option<String>,
    /// Load that a tariff order rests on.
    pub based_on: Option<Uuid>,
    pub approved_by: Option<Uuid>,
    /// Microseconds since 1970; none while it is a draft.
    pub approved_us: Option<i64>,
    pub saved_us: i64,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
