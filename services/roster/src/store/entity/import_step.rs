//! Steps that other services take.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step: String,
    pub done: bool,
    pub attempts: i32,
    pub last_error: String,
    pub leased_until: i64,
    pub leased_by: Option<Uuid>,
    pub request: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
