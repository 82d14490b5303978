//! Table `pupil_school`.

use sea_orm::entity::prelude::*;

/// Directory: the school of a pupil.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pupil_school")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub pupil_id: Uuid,
    pub school_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
