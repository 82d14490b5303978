//! Periods and days off of a school.

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;
use zhurnal_proto::id::{PeriodId, PersonId, SchoolId};

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

/// What is known of some days of a pupil.
#[derive(Clone, Debug, Default)]
pub struct Days {
    /// Periods of the grade within half a year of them, to know a gap between periods from a
    /// calendar that is not there.
    pub periods: Vec<Period>,
    /// Days off with their titles.
    pub days_off: Vec<(Date, String)>,
    /// The pupil's journal is kept on paper on one of them (R34).
    pub on_paper: bool,
}

/// What is known of some days of a pupil, by one statement.
pub async fn of_days(
    conn: &impl ConnectionTrait,
    (school, pupil): (SchoolId, PersonId),
    grade: i16,
    from: Date,
    to: Date,
) -> Result<Days, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        part: i32,
        period_id: Option<Uuid>,
        title: String,
        starts_on: String,
        ends_on: String,
    }
    let sql = "SELECT 0 AS part, period_id, title, starts_on, ends_on FROM period
            WHERE school_id = ? AND grade_from <= ? AND grade_to >= ? AND starts_on <= ? AND ends_on >= ?
        UNION ALL SELECT 1, CAST(NULL AS uuid), title, date, date FROM day_off
            WHERE school_id = ? AND date BETWEEN ? AND ?
        UNION ALL SELECT 2, CAST(NULL AS uuid), '', starts_on, ends_on FROM paper_journal
            WHERE school_id = ? AND pupil_id = ? AND starts_on <= ? AND ends_on >= ?
        ORDER BY 4, 3";
    let (first, last) = (from.to_string(), to.to_string());
    let near = jiff::Span::new().days(183);
    let (near_first, near_last) = (
        from.saturating_sub(near).to_string(),
        to.saturating_add(near).to_string(),
    );
    let values: [sea_orm::Value; 12] = [
        school.uuid().into(),
        grade.into(),
        grade.into(),
        near_last.into(),
        near_first.into(),
        school.uuid().into(),
        first.clone().into(),
        last.clone().into(),
        school.uuid().into(),
        pupil.uuid().into(),
        last.into(),
        first.into(),
    ];
    let mut days = Days::default();
    for row in all::<Row>(conn, sql, values).await? {
        let starts_on = date("calendar", &row.starts_on)?;
        match row.period_id.map(PeriodId::from_uuid) {
            None if row.part == 2 => days.on_paper = true,
            None => days.days_off.push((starts_on, row.title)),
            Some(id) => {
                let ends_on = date("calendar", &row.ends_on)?;
                days.periods.push(Period {
                    id,
                    title: row.title,
                    starts_on,
                    ends_on,
                });
            }
        }
    }
    Ok(days)
}
