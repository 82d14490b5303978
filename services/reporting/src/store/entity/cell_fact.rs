//! What a filled cell counts: pupil × lesson. A cleared cell has no row.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cell_fact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub lesson_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub pupil_id: Uuid,
    pub subject_id: Uuid,
    /// The lesson's date; schedule's word wins over the event's.
    pub date: String,
    /// Marks of any kind.
    pub marks: i16,
    /// Marks with a number.
    pub graded: i16,
    /// Sum of the numbers, in halves.
    pub halves: i16,
    /// 0 present, 1 «н», 2 «б», 3 «у», 4 «оп».
    pub attendance: i16,
    /// The last change came after the entry was due.
    pub late: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
