//! Groups: titles from roster, grade and shift from the plan.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "study_group")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    pub academic_year: String,
    pub title: String,
    pub class_id: Option<Uuid>,
    /// Unknown until a plan names the group, or roster tells that of several classes.
    pub grade: Option<i16>,
    /// Unknown until a plan names the group, or roster tells that of several classes.
    pub shift: Option<i16>,
    /// Last day; none: to the end of the year.
    pub ends_on: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
