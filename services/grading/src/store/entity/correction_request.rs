//! Table `correction_request`.

use sea_orm::entity::prelude::*;

/// A correction request.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "correction_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub correction_request_id: Uuid,
    pub academic_year: i16,
    pub journal_id: Uuid,
    pub grade: i16,
    pub lesson_id: Uuid,
    pub pupil_id: Uuid,
    pub part: i16,
    pub kind: i16,
    pub comment: String,
    pub base_revision: i64,
    pub client_us: i64,
    pub old_value: String,
    pub new_value: String,
    pub reason: String,
    pub author_id: Uuid,
    pub requested_us: i64,
    pub state: String,
    pub decided_by: Option<Uuid>,
    pub decided_us: i64,
    pub note: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
