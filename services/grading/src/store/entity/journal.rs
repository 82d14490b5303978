//! Table `journal`.

use sea_orm::entity::prelude::*;

/// A journal: group × subject × academic year.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub journal_id: Uuid,
    pub academic_year: i16,
    pub group_id: Uuid,
    pub group_title: String,
    pub class_id: Option<Uuid>,
    pub grade: i16,
    pub subject_id: Uuid,
    pub subject_title: String,
    pub sort_key: String,
    pub unmarked: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
