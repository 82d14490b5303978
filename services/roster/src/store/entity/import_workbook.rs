//! Sealed workbooks of imports that are not done.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_workbook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_import_id: Uuid,
    pub sealed: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
