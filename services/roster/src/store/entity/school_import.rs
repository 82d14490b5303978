//! Imports.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "school_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_import_id: Uuid,
    pub state: i16,
    pub file_name: String,
    pub content_hash: Vec<u8>,
    pub school_id: Option<Uuid>,
    pub school_title: String,
    pub staff: i32,
    pub classes: i32,
    pub pupils: i32,
    pub guardians: i32,
    pub loads: i32,
    pub weekly_lessons: i32,
    pub lessons: i32,
    pub findings: Vec<u8>,
    /// Rows and findings, which hold names, are gone.
    pub forgotten: bool,
    pub failure: String,
    pub actor: String,
    pub uploaded_us: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
