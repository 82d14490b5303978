//! Rollovers of the academic year, by the year that is closed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rollover")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i16,
    pub state: i16,
    pub graduates_until: String,
    pub promotion_id: Option<Uuid>,
    pub graduation_id: Option<Uuid>,
    pub promoted: i32,
    pub staying: i32,
    pub graduating: i32,
    pub classes_made: i32,
    pub groups_made: i32,
    pub memberships_opened: i32,
    pub memberships_ended: i32,
    pub applied_us: i64,
    pub version: i64,
    pub changed_us: i64,
    pub changed_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
