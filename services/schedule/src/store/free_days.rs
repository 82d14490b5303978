//! Days without lessons around a date, of all academic years that it meets.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::School;
use super::calendars::{read_day_off, read_holiday, read_period};
use super::column;
use super::entity::{day_off, holiday, period};
use crate::domain::calendar::{Period, gaps};
use crate::domain::calendar_feed::FreeDays;

/// Holidays and days off that are on any of the days.
pub async fn between(
    conn: &impl ConnectionTrait,
    school: School,
    days: (Date, Date),
) -> Result<FreeDays, DbErr> {
    let (from, to) = (column::date(days.0), column::date(days.1));
    let own = holiday::Entity::find()
        .filter(holiday::Column::SchoolId.eq(school.uuid()))
        .filter(holiday::Column::StartsOn.lte(&to))
        .filter(holiday::Column::EndsOn.gte(&from))
        .order_by_asc(holiday::Column::StartsOn)
        .all(conn)
        .await?;
    let days_off = day_off::Entity::find()
        .filter(day_off::Column::SchoolId.eq(school.uuid()))
        .filter(day_off::Column::Date.gte(&from))
        .filter(day_off::Column::Date.lte(&to))
        .order_by_asc(day_off::Column::Date)
        .all(conn)
        .await?;
    let own = own.into_iter().map(read_holiday);
    let days_off = days_off.into_iter().map(read_day_off);
    Ok(FreeDays {
        gaps: all_gaps(conn, school.uuid(), days).await?,
        own: own.collect::<Result<_, _>>()?,
        days_off: days_off.collect::<Result<_, _>>()?,
    })
}

/// Gaps between the quarters of each year.
async fn all_gaps(
    conn: &impl ConnectionTrait,
    school: Uuid,
    (from, to): (Date, Date),
) -> Result<Vec<(Date, Date)>, DbErr> {
    let rows = period::Entity::find()
        .filter(period::Column::SchoolId.eq(school))
        .filter(period::Column::AcademicYear.is_in([year_of(from), year_of(to)]))
        .all(conn)
        .await?;
    let mut of_year: BTreeMap<String, Vec<Period>> = BTreeMap::new();
    for row in rows {
        let year = of_year.entry(row.academic_year.clone()).or_default();
        year.push(read_period(row)?.1);
    }
    let all = of_year.values().flat_map(|periods| gaps(periods));
    let met = |(first, last): &(Date, Date)| *first <= to && from <= *last;
    Ok(all.filter(met).collect())
}

/// The academic year of a day as it is stored.
fn year_of(day: Date) -> String {
    let first = if day.month() >= 9 {
        day.year()
    } else {
        day.year() - 1
    };
    format!("{first}/{}", first + 1)
}
