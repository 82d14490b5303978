//! Records of the registries.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_record")]
pub struct Model {
    /// The owner: a school, a municipality, or the nil id for the ministry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    pub registry: i16,
    pub kind: i16,
    pub title: String,
    pub person_id: Option<Uuid>,
    pub note: String,
    pub link: String,
    pub number: String,
    pub dated_on: Option<String>,
    pub edition: String,
    pub day: String,
    pub ends_on: Option<String>,
    pub done_on: Option<String>,
    pub hours: i32,
    pub to_acknowledge: bool,
    pub place: String,
    pub quantity: i32,
    pub is_access_point: bool,
    pub surname: String,
    pub given_name: String,
    pub patronymic: String,
    pub post: String,
    pub version: i64,
    pub changed_us: i64,
    pub changed_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
