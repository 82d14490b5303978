//! A year's calendar: its periods take the place of those that were there; days off and
//! bells are counted.

use anyhow::{Context, ensure};
use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::PeriodId;
use zhurnal_proto::schedule::v1::{CalendarChanged, Period};

use super::parse;
use crate::store::entity::{period, school_year};
use crate::store::{School, calendar};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    changed: &CalendarChanged,
) -> anyhow::Result<()> {
    let told = changed
        .calendar
        .as_ref()
        .context("calendar_changed without a calendar")?;
    let row =
        |period: &Period| row(school, &told.academic_year, period).map(|row| (row.period_id, row));
    let periods = parse::latest(told.periods.iter().map(row))?;
    let bells = |shift: u32| told.bells.iter().filter(|bell| bell.shift == shift).count();
    let year = school_year::Model {
        school_id: school.id().uuid(),
        academic_year: told.academic_year.clone(),
        days_off: i32::try_from(told.days_off.len()).context("days_off")?,
        first_shift_bells: i32::try_from(bells(1)).context("bells")?,
        second_shift_bells: i32::try_from(bells(2)).context("bells")?,
    };
    upsert::<school_year::Entity, _>(uow.conn(), vec![year]).await?;
    Ok(calendar::put_year(uow.conn(), school, &told.academic_year, periods).await?)
}

fn row(school: School, academic_year: &str, period: &Period) -> anyhow::Result<period::Model> {
    let starts_on = parse::date("starts_on", &period.starts_on)?;
    let ends_on = parse::date("ends_on", &period.ends_on)?;
    ensure!(starts_on <= ends_on, "a period ends before it starts");
    Ok(period::Model {
        school_id: school.id().uuid(),
        period_id: parse::id::<PeriodId>("period_id", &period.period_id)?,
        academic_year: academic_year.to_owned(),
        title: period.title.clone(),
        starts_on,
        ends_on,
        grade_from: parse::small("grade_from", period.grade_from)?,
        grade_to: parse::small("grade_to", period.grade_to)?,
    })
}
