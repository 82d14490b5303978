//! Pupils of an order.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_pupil")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    pub pupil_id: Option<Uuid>,
    pub surname: String,
    pub given_name: String,
    pub patronymic: String,
    pub search_key: String,
    pub sex: i16,
    pub birth_date: Option<String>,
    pub class_id: Option<Uuid>,
    pub form: i16,
    pub group_ids: String,
    pub reason: String,
    pub destination: String,
    pub to_school_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
