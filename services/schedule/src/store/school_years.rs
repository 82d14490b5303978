//! The calendar of a school year as the office changes it, and as it was approved.

use chassis::db::{Corrupt, upsert};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;
use zhurnal_proto::id::{PeriodId, StudyDocumentId};

use super::School;
use super::column;
use super::entity::{
    approved_calendar_line, bell, day_off, holiday, period, school_year, shortened_day,
};
use crate::domain::academic_year::AcademicYear;
use crate::domain::bells::Bell;
use crate::domain::calendar::{DayOff, Holiday, Period, ShortenedDay};
use crate::domain::school_year::Content;

/// A calendar in which every period has its id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Periods.
    pub periods: Vec<(PeriodId, Period)>,
    /// Holidays beside the gaps between periods.
    pub holidays: Vec<Holiday>,
    /// Days off.
    pub days_off: Vec<DayOff>,
    /// Days with shorter lessons.
    pub shortened: Vec<ShortenedDay>,
    /// Bells; none under versions that were approved before bells were kept.
    pub bells: Vec<Bell>,
}

impl Calendar {
    /// Of a content and bells, with ids for what is new.
    pub fn of(
        (content, bells): (&Content, Vec<Bell>),
        new_id: &mut impl FnMut() -> PeriodId,
    ) -> Self {
        let mut id = |known: Option<PeriodId>| known.unwrap_or_else(&mut *new_id);
        let periods = content.periods.iter();
        Self {
            periods: periods
                .map(|(known, one)| (id(*known), one.clone()))
                .collect(),
            holidays: content.holidays.clone(),
            days_off: content.days_off.clone(),
            shortened: content.shortened.clone(),
            bells,
        }
    }
}

/// Puts the calendar in the place of that of the year. `regional_version` = version of the
/// region's calendar that it was counted with.
pub async fn put(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
    (calendar, regional_version): (&Calendar, u32),
) -> Result<(), DbErr> {
    clear(conn, school, year).await?;
    let (school, name) = (school.uuid(), year.to_string());
    let rows = calendar.periods.iter().map(|(id, one)| period::Model {
        school_id: school,
        period_id: id.uuid(),
        academic_year: name.clone(),
        title: one.title.clone(),
        kind: column::period_kind(one.kind),
        starts_on: column::date(one.starts_on),
        ends_on: column::date(one.ends_on),
        grade_from: column::small(one.grade_from),
        grade_to: column::small(one.grade_to),
    });
    upsert::<period::Entity, _>(conn, rows.collect()).await?;
    let rows = calendar.holidays.iter().map(|one| holiday::Model {
        school_id: school,
        academic_year: name.clone(),
        starts_on: column::date(one.starts_on),
        grade_from: column::small(one.grade_from),
        ends_on: column::date(one.ends_on),
        grade_to: column::small(one.grade_to),
        title: one.title.clone(),
    });
    upsert::<holiday::Entity, _>(conn, rows.collect()).await?;
    let rows = calendar.days_off.iter().map(|one| day_off::Model {
        school_id: school,
        date: column::date(one.date),
        academic_year: name.clone(),
        title: one.title.clone(),
        source: column::source(one.source),
    });
    upsert::<day_off::Entity, _>(conn, rows.collect()).await?;
    let rows = calendar.shortened.iter().map(|one| shortened_day::Model {
        school_id: school,
        date: column::date(one.date),
        academic_year: name.clone(),
        title: one.title.clone(),
        lesson_minutes: column::small(one.lesson_minutes),
    });
    upsert::<shortened_day::Entity, _>(conn, rows.collect()).await?;
    let rows = calendar.bells.iter().map(|one| bell::Model {
        school_id: school,
        academic_year: name.clone(),
        shift: column::small(one.shift),
        lesson_number: column::small(one.number),
        starts_at: one.starts_at.to_string(),
        ends_at: one.ends_at.to_string(),
    });
    upsert::<bell::Entity, _>(conn, rows.collect()).await?;
    let version = i32::try_from(regional_version).unwrap_or(i32::MAX);
    school_year::Entity::update_many()
        .col_expr(
            school_year::Column::RegionalCalendarVersion,
            Expr::value(version),
        )
        .filter(school_year::Column::SchoolId.eq(school))
        .filter(school_year::Column::AcademicYear.eq(name))
        .exec(conn)
        .await
        .map(|_| ())
}

async fn clear(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<(), DbErr> {
    let (school, year) = (school.uuid(), year.to_string());
    period::Entity::delete_many()
        .filter(period::Column::SchoolId.eq(school))
        .filter(period::Column::AcademicYear.eq(year.as_str()))
        .exec(conn)
        .await?;
    holiday::Entity::delete_many()
        .filter(holiday::Column::SchoolId.eq(school))
        .filter(holiday::Column::AcademicYear.eq(year.as_str()))
        .exec(conn)
        .await?;
    day_off::Entity::delete_many()
        .filter(day_off::Column::SchoolId.eq(school))
        .filter(day_off::Column::AcademicYear.eq(year.as_str()))
        .exec(conn)
        .await?;
    shortened_day::Entity::delete_many()
        .filter(shortened_day::Column::SchoolId.eq(school))
        .filter(shortened_day::Column::AcademicYear.eq(year.as_str()))
        .exec(conn)
        .await?;
    bell::Entity::delete_many()
        .filter(bell::Column::SchoolId.eq(school))
        .filter(bell::Column::AcademicYear.eq(year.as_str()))
        .exec(conn)
        .await
        .map(|_| ())
}

/// Parts of an approved calendar.
const PERIOD: i16 = 1;
const HOLIDAY: i16 = 2;
const DAY_OFF: i16 = 3;
const SHORTENED: i16 = 4;
const BELL: i16 = 5;

/// Keeps the calendar as it is now under an approved version.
pub async fn keep(
    conn: &impl ConnectionTrait,
    school: School,
    document: StudyDocumentId,
    calendar: &Calendar,
) -> Result<(), DbErr> {
    let mut lines = lines(calendar);
    for (at, line) in (0..).zip(&mut lines) {
        line.school_id = school.uuid();
        line.study_document_id = document.uuid();
        line.line_number = at;
    }
    upsert::<approved_calendar_line::Entity, _>(conn, lines).await
}

/// The calendar as it was when the version was approved.
pub async fn kept(
    conn: &impl ConnectionTrait,
    school: School,
    document: StudyDocumentId,
) -> Result<Calendar, DbErr> {
    let rows = approved_calendar_line::Entity::find()
        .filter(approved_calendar_line::Column::SchoolId.eq(school.uuid()))
        .filter(approved_calendar_line::Column::StudyDocumentId.eq(document.uuid()))
        .order_by_asc(approved_calendar_line::Column::LineNumber)
        .all(conn)
        .await?;
    let mut calendar = Calendar::default();
    for row in rows {
        take(&mut calendar, row)?;
    }
    Ok(calendar)
}

fn lines(calendar: &Calendar) -> Vec<approved_calendar_line::Model> {
    let blank = |part, title: &str, (from, to)| approved_calendar_line::Model {
        school_id: Uuid::nil(),
        study_document_id: Uuid::nil(),
        line_number: 0,
        part,
        period_id: None,
        kind: 0,
        title: title.to_owned(),
        starts_on: column::date(from),
        ends_on: column::date(to),
        grade_from: 0,
        grade_to: 0,
    };
    let periods = calendar.periods.iter().map(|(id, one)| {
        let days = (one.starts_on, one.ends_on);
        approved_calendar_line::Model {
            period_id: Some(id.uuid()),
            kind: column::period_kind(one.kind),
            grade_from: column::small(one.grade_from),
            grade_to: column::small(one.grade_to),
            ..blank(PERIOD, &one.title, days)
        }
    });
    let holidays = calendar.holidays.iter().map(|one| {
        let days = (one.starts_on, one.ends_on);
        approved_calendar_line::Model {
            grade_from: column::small(one.grade_from),
            grade_to: column::small(one.grade_to),
            ..blank(HOLIDAY, &one.title, days)
        }
    });
    let days_off = calendar
        .days_off
        .iter()
        .map(|one| approved_calendar_line::Model {
            kind: column::source(one.source),
            ..blank(DAY_OFF, &one.title, (one.date, one.date))
        });
    let shortened = calendar
        .shortened
        .iter()
        .map(|one| approved_calendar_line::Model {
            kind: column::small(one.lesson_minutes),
            ..blank(SHORTENED, &one.title, (one.date, one.date))
        });
    // Shift and number stand where others have grades, times where others have days.
    let bells = calendar.bells.iter().map(|one| {
        let days = (jiff::civil::Date::ZERO, jiff::civil::Date::ZERO);
        approved_calendar_line::Model {
            starts_on: one.starts_at.to_string(),
            ends_on: one.ends_at.to_string(),
            grade_from: column::small(one.shift),
            grade_to: column::small(one.number),
            ..blank(BELL, "", days)
        }
    });
    let all = periods.chain(holidays).chain(days_off).chain(shortened);
    all.chain(bells).collect()
}

fn take(calendar: &mut Calendar, row: approved_calendar_line::Model) -> Result<(), Corrupt> {
    const TABLE: &str = "approved_calendar_line";
    if row.part == BELL {
        calendar.bells.push(Bell {
            shift: column::read_small(TABLE, "grade_from", row.grade_from)?,
            number: column::read_small(TABLE, "grade_to", row.grade_to)?,
            starts_at: column::read(TABLE, "starts_on", &row.starts_on)?,
            ends_at: column::read(TABLE, "ends_on", &row.ends_on)?,
        });
        return Ok(());
    }
    let starts_on = column::read(TABLE, "starts_on", &row.starts_on)?;
    let ends_on = column::read(TABLE, "ends_on", &row.ends_on)?;
    let grade_from = column::read_small(TABLE, "grade_from", row.grade_from)?;
    let grade_to = column::read_small(TABLE, "grade_to", row.grade_to)?;
    let title = row.title;
    match row.part {
        PERIOD => {
            let id = row.period_id;
            let id = id.ok_or_else(|| Corrupt::new(TABLE, "period_id", "none"))?;
            let period = Period {
                title,
                kind: column::read_period_kind(row.kind)?,
                starts_on,
                ends_on,
                grade_from,
                grade_to,
            };
            calendar.periods.push((PeriodId::from_uuid(id), period));
        }
        HOLIDAY => calendar.holidays.push(Holiday {
            title,
            starts_on,
            ends_on,
            grade_from,
            grade_to,
        }),
        DAY_OFF => calendar.days_off.push(DayOff {
            date: starts_on,
            title,
            source: column::read_source(row.kind)?,
        }),
        SHORTENED => calendar.shortened.push(ShortenedDay {
            date: starts_on,
            title,
            lesson_minutes: column::read_small(TABLE, "kind", row.kind)?,
        }),
        other => return Err(Corrupt::new(TABLE, "part", other)),
    }
    Ok(())
}
