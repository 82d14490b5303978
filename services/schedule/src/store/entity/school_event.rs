//! Events of classes and of the school.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "school_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_event_id: Uuid,
    /// 1 activity, 2 exam, 3 parents' meeting.
    pub kind: i16,
    pub title: String,
    pub details: String,
    pub starts_on: String,
    /// Last day, inclusive.
    pub ends_on: String,
    /// None = the whole day.
    pub starts_at: Option<String>,
    pub ends_at: Option<String>,
    /// Title of a room of the school; empty = none.
    pub room: String,
    pub place: String,
    /// 1 classes, 2 group, 3 school, 4 staff.
    pub audience: i16,
    /// Ids apart by spaces.
    pub class_ids: String,
    pub group_id: Option<Uuid>,
    pub subject_id: Option<Uuid>,
    /// None for drafts.
    pub published_us: Option<i64>,
    pub is_cancelled: bool,
    pub cancel_reason: String,
    pub made_by: Option<Uuid>,
    pub changed_us: i64,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
