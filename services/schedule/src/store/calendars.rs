//! School years with their periods, days off and bells.

use chassis::db::Corrupt;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{PeriodId, SchoolImportId};

use super::School;
use super::column;
use super::entity::{bell, day_off, holiday, period, school_year, shortened_day};
use crate::domain::academic_year::AcademicYear;
use crate::domain::bells::Bell;
use crate::domain::calendar::{Calendar, DayOff, Holiday, Period, ShortenedDay, StudyWeek};

/// A school year that has been put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolYear {
    /// Academic year.
    pub year: AcademicYear,
    /// Study week.
    pub week: StudyWeek,
    /// Time zone of the school.
    pub time_zone: TimeZone,
    /// Version of the region's calendar that it was counted with.
    pub regional_version: u32,
    /// Import that put it; `None`: people have opened it.
    pub import: Option<SchoolImportId>,
    /// Dated lessons that the plan made.
    pub lesson_count: u32,
}

/// A calendar as stored.
#[derive(Debug, Clone)]
pub struct StoredCalendar {
    /// The year.
    pub year: SchoolYear,
    /// Periods by first day and grade.
    pub periods: Vec<(PeriodId, Period)>,
    /// Holidays beside the gaps between periods, by first day and grade.
    pub holidays: Vec<Holiday>,
    /// Days off by date.
    pub days_off: Vec<DayOff>,
    /// Days with shorter lessons by date.
    pub shortened: Vec<ShortenedDay>,
    /// Bells by shift and number.
    pub bells: Vec<Bell>,
}

impl StoredCalendar {
    /// First day of the first period.
    pub fn first_day(&self) -> Date {
        let days = self.periods.iter().map(|(_, one)| one.starts_on);
        days.min().unwrap_or(self.year.year.first_day())
    }

    /// Last day of the last period, inclusive.
    pub fn last_day(&self) -> Date {
        let days = self.periods.iter().map(|(_, one)| one.ends_on);
        days.max().unwrap_or(self.year.year.last_day())
    }

    /// Which day is a school day.
    pub fn days(&self) -> Calendar {
        let periods = self.periods.iter().map(|(_, period)| period.clone());
        Calendar::new(self.year.week, periods.collect(), self.days_off.clone())
            .with(self.holidays.clone(), self.shortened.clone())
    }
}

/// One year of a school.
pub async fn year(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<Option<SchoolYear>, DbErr> {
    let found = school_year::Entity::find_by_id((school.uuid(), year.to_string()))
        .one(conn)
        .await?;
    Ok(found.map(read_year).transpose()?)
}

/// All years of a school, the earliest first.
pub async fn years(conn: &impl ConnectionTrait, school: School) -> Result<Vec<SchoolYear>, DbErr> {
    let rows = school_year::Entity::find()
        .filter(school_year::Column::SchoolId.eq(school.uuid()))
        .order_by_asc(school_year::Column::AcademicYear)
        .all(conn)
        .await?;
    rows.into_iter().map(|row| Ok(read_year(row)?)).collect()
}

/// The year that is on today: the last one that has begun, or else the first.
/// `today` tells the date in a zone: each year keeps the school's.
pub async fn present_year(
    conn: &impl ConnectionTrait,
    school: School,
    today: impl Fn(&TimeZone) -> Date,
) -> Result<Option<SchoolYear>, DbErr> {
    let mut present = None;
    for year in years(conn, school).await? {
        if present.is_none() || year.year.first_day() <= today(&year.time_zone) {
            present = Some(year);
        }
    }
    Ok(present)
}

/// Everything that belongs to the year.
pub async fn calendar(
    conn: &impl ConnectionTrait,
    school: School,
    year: SchoolYear,
) -> Result<StoredCalendar, DbErr> {
    let (school, name) = (school.uuid(), year.year.to_string());
    let periods = periods(conn, school, &name).await?;
    let holidays = holidays(conn, school, &name).await?;
    let days_off = days_off(conn, school, &name).await?;
    let shortened = shortened(conn, school, &name).await?;
    let bells = bells_of(conn, school, &name).await?;
    Ok(StoredCalendar {
        year,
        periods,
        holidays,
        days_off,
        shortened,
        bells,
    })
}

async fn periods(
    conn: &impl ConnectionTrait,
    school: Uuid,
    year: &str,
) -> Result<Vec<(PeriodId, Period)>, DbErr> {
    let rows = period::Entity::find()
        .filter(period::Column::SchoolId.eq(school))
        .filter(period::Column::AcademicYear.eq(year))
        .order_by_asc(period::Column::GradeFrom)
        .order_by_asc(period::Column::StartsOn)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(read_period)
        .collect::<Result<_, _>>()?)
}

async fn holidays(
    conn: &impl ConnectionTrait,
    school: Uuid,
    year: &str,
) -> Result<Vec<Holiday>, DbErr> {
    let rows = holiday::Entity::find()
        .filter(holiday::Column::SchoolId.eq(school))
        .filter(holiday::Column::AcademicYear.eq(year))
        .order_by_asc(holiday::Column::StartsOn)
        .order_by_asc(holiday::Column::GradeFrom)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(read_holiday)
        .collect::<Result<_, _>>()?)
}

async fn shortened(
    conn: &impl ConnectionTrait,
    school: Uuid,
    year: &str,
) -> Result<Vec<ShortenedDay>, DbErr> {
    let rows = shortened_day::Entity::find()
        .filter(shortened_day::Column::SchoolId.eq(school))
        .filter(shortened_day::Column::AcademicYear.eq(year))
        .order_by_asc(shortened_day::Column::Date)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(read_shortened)
        .collect::<Result<_, _>>()?)
}

async fn days_off(
    conn: &impl ConnectionTrait,
    school: Uuid,
    year: &str,
) -> Result<Vec<DayOff>, DbErr> {
    let rows = day_off::Entity::find()
        .filter(day_off::Column::SchoolId.eq(school))
        .filter(day_off::Column::AcademicYear.eq(year))
        .order_by_asc(day_off::Column::Date)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(read_day_off)
        .collect::<Result<_, _>>()?)
}

/// The year as it is, kept from others until the transaction ends: whoever makes or
/// approves a version of the timetable does it one after another.
pub async fn lock_year(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<(), DbErr> {
    // SQLite has one writer: its builder leaves the lock out.
    school_year::Entity::find_by_id((school.uuid(), year.to_string()))
        .lock(LockType::Update)
        .one(conn)
        .await
        .map(|_| ())
}

/// Bells of the year.
pub async fn bells(
    conn: &impl ConnectionTrait,
    school: School,
    year: &SchoolYear,
) -> Result<Vec<Bell>, DbErr> {
    bells_of(conn, school.uuid(), &year.year.to_string()).await
}

async fn bells_of(
    conn: &impl ConnectionTrait,
    school: Uuid,
    year: &str,
) -> Result<Vec<Bell>, DbErr> {
    let rows = bell::Entity::find()
        .filter(bell::Column::SchoolId.eq(school))
        .filter(bell::Column::AcademicYear.eq(year))
        .order_by_asc(bell::Column::Shift)
        .order_by_asc(bell::Column::LessonNumber)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(read_bell).collect::<Result<_, _>>()?)
}

fn read_year(row: school_year::Model) -> Result<SchoolYear, Corrupt> {
    let lesson_count = u32::try_from(row.lesson_count)
        .map_err(|_| Corrupt::new("school_year", "lesson_count", row.lesson_count))?;
    let version = row.regional_calendar_version;
    let regional_version = u32::try_from(version)
        .map_err(|_| Corrupt::new("school_year", "regional_calendar_version", version))?;
    let time_zone = TimeZone::get(&row.time_zone)
        .map_err(|_| Corrupt::new("school_year", "time_zone", &row.time_zone))?;
    Ok(SchoolYear {
        year: column::read("school_year", "academic_year", &row.academic_year)?,
        week: column::read_week(row.study_week_days)?,
        time_zone,
        regional_version,
        import: (!row.school_import_id.is_nil())
            .then(|| SchoolImportId::from_uuid(row.school_import_id)),
        lesson_count,
    })
}

pub(super) fn read_period(row: period::Model) -> Result<(PeriodId, Period), Corrupt> {
    let period = Period {
        kind: column::read_period_kind(row.kind)?,
        starts_on: column::read("period", "starts_on", &row.starts_on)?,
        ends_on: column::read("period", "ends_on", &row.ends_on)?,
        grade_from: column::read_small("period", "grade_from", row.grade_from)?,
        grade_to: column::read_small("period", "grade_to", row.grade_to)?,
        title: row.title,
    };
    Ok((PeriodId::from_uuid(row.period_id), period))
}

pub(super) fn read_holiday(row: holiday::Model) -> Result<Holiday, Corrupt> {
    Ok(Holiday {
        starts_on: column::read("holiday", "starts_on", &row.starts_on)?,
        ends_on: column::read("holiday", "ends_on", &row.ends_on)?,
        grade_from: column::read_small("holiday", "grade_from", row.grade_from)?,
        grade_to: column::read_small("holiday", "grade_to", row.grade_to)?,
        title: row.title,
    })
}

fn read_shortened(row: shortened_day::Model) -> Result<ShortenedDay, Corrupt> {
    let minutes = row.lesson_minutes;
    Ok(ShortenedDay {
        date: column::read("shortened_day", "date", &row.date)?,
        lesson_minutes: column::read_small("shortened_day", "lesson_minutes", minutes)?,
        title: row.title,
    })
}

pub(super) fn read_day_off(row: day_off::Model) -> Result<DayOff, Corrupt> {
    Ok(DayOff {
        date: column::read("day_off", "date", &row.date)?,
        source: column::read_source(row.source)?,
        title: row.title,
    })
}

fn read_bell(row: bell::Model) -> Result<Bell, Corrupt> {
    Ok(Bell {
        shift: column::read_small("bell", "shift", row.shift)?,
        number: column::read_small("bell", "lesson_number", row.lesson_number)?,
        starts_at: column::read("bell", "starts_at", &row.starts_at)?,
        ends_at: column::read("bell", "ends_at", &row.ends_at)?,
    })
}
