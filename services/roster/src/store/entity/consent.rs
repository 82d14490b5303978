//! Consents and applications of families.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub consent_id: Uuid,
    pub pupil_id: Uuid,
    pub signer_id: Uuid,
    pub kind: i16,
    pub decision: i16,
    pub signed_on: String,
    pub withdrawn_on: Option<String>,
    pub note: String,
    pub version: i64,
    pub changed_us: i64,
    pub changed_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
