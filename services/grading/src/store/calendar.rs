//! Periods and days off of a school.

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;
use zhurnal_proto::id::{PeriodId, SchoolId};

use super::{all, date};

/// A study period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Id.
    pub id: PeriodId,
    /// `1 четверть`.
    pub title: String,
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive.
    pub ends_on: Date,
}

/// Periods of a grade that touch the days, by their beginning.
pub async fn periods(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    grade: i16,
    from: Date,
    to: Date,
) -> Result<Vec<Period>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        period_id: Uuid,
        title: String,
        starts_on: String,
        ends_on: String,
    }
    let sql = "SELECT period_id, title, starts_on, ends_on FROM period
        WHERE school_id = ? AND grade_from <= ? AND grade_to >= ? AND starts_on <= ? AND ends_on >= ?
        ORDER BY starts_on";
    let values = [
        school.uuid().into(),
        grade.into(),
        grade.into(),
        to.to_string().into(),
        from.to_string().into(),
    ];
    let rows: Vec<Row> = all(conn, sql, values).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Period {
                id: PeriodId::from_uuid(row.period_id),
                title: row.title,
                starts_on: date("period", &row.starts_on)?,
                ends_on: date("period", &row.ends_on)?,
            })
        })
        .collect()
}

/// What a calendar says of some days: periods of the grade within half a year of
/// them (to know a gap between periods from a calendar that is not there), and days
/// off with their titles. One statement.
pub async fn of_days(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    grade: i16,
    from: Date,
    to: Date,
) -> Result<(Vec<Period>, Vec<(Date, String)>), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        period_id: Option<Uuid>,
        title: String,
        starts_on: String,
        ends_on: String,
    }
    let sql = "SELECT period_id, title, starts_on, ends_on FROM period
            WHERE school_id = ? AND grade_from <= ? AND grade_to >= ? AND starts_on <= ? AND ends_on >= ?
        UNION ALL SELECT CAST(NULL AS uuid), title, date, date FROM day_off
            WHERE school_id = ? AND date BETWEEN ? AND ?
        ORDER BY 3, 2";
    let (first, last) = (from.to_string(), to.to_string());
    let near = jiff::Span::new().days(183);
    let (near_first, near_last) = (
        from.saturating_sub(near).to_string(),
        to.saturating_add(near).to_string(),
    );
    let values: [sea_orm::Value; 8] = [
        school.uuid().into(),
        grade.into(),
        grade.into(),
        near_last.into(),
        near_first.into(),
        school.uuid().into(),
        first.into(),
        last.into(),
    ];
    let (mut periods, mut days_off) = (Vec::new(), Vec::new());
    for row in all::<Row>(conn, sql, values).await? {
        let starts_on = date("calendar", &row.starts_on)?;
        match row.period_id.map(PeriodId::from_uuid) {
            None => days_off.push((starts_on, row.title)),
            Some(id) => {
                let ends_on = date("calendar", &row.ends_on)?;
                periods.push(Period {
                    id,
                    title: row.title,
                    starts_on,
                    ends_on,
                });
            }
        }
    }
    Ok((periods, days_off))
}
