//! Subscriptions of phones' calendars; the secret as a keyed hash.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_subscription")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub calendar_subscription_id: Uuid,
    pub account_id: Uuid,
    /// The card that has the right.
    pub person_id: Uuid,
    /// 1 pupil, 2 teacher, 3 class.
    pub kind: i16,
    /// Card of the pupil or the teacher, or the class.
    pub subject_id: Uuid,
    pub secret_hash: Vec<u8>,
    pub created_us: i64,
    /// None = never.
    pub last_used_on: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
