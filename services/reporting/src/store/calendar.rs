//! Study periods of a school.

use chassis::db::{Corrupt, upsert};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::School;
use super::column;
use super::entity::period;
use crate::domain::days::Days;
use crate::domain::period::Period;

/// Takes the periods of a year in place of those that were there.
pub async fn put_year(
    conn: &impl ConnectionTrait,
    school: School,
    academic_year: &str,
    periods: Vec<period::Model>,
) -> Result<(), DbErr> {
    period::Entity::delete_many()
        .filter(period::Column::SchoolId.eq(school.uuid()))
        .filter(period::Column::AcademicYear.eq(academic_year))
        .exec(conn)
        .await?;
    upsert::<period::Entity, _>(conn, periods).await
}

/// All periods of the school.
pub async fn periods(conn: &impl ConnectionTrait, school: School) -> Result<Vec<Period>, DbErr> {
    let rows = period::Entity::find()
        .filter(period::Column::SchoolId.eq(school.uuid()))
        .all(conn)
        .await?;
    let read = |row: period::Model| {
        let from = column::read("period", "starts_on", &row.starts_on)?;
        let to = column::read("period", "ends_on", &row.ends_on)?;
        let grade = |column, value: i16| {
            u8::try_from(value).map_err(|_| Corrupt::new("period", column, value))
        };
        Ok::<_, DbErr>(Period {
            title: row.title,
            days: Days::new(from, to)
                .map_err(|_| Corrupt::new("period", "ends_on", &row.ends_on))?,
            grade_from: grade("grade_from", row.grade_from)?,
            grade_to: grade("grade_to", row.grade_to)?,
        })
    };
    rows.into_iter().map(read).collect()
}
