//! The demo school's year: additional holidays of the first grade and a shortened eve of the
//! New Year beside what the import has brought, waiting for the director.

use anyhow::Context;
use chassis::lifecycle::Running;
use jiff::civil::Date;
use roster::demo::{DemoRole, Seeded};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;

/// Puts both as the school's deputy, once.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let cx = running.context("schedule").context("schedule runs here")?;
    let Some(deputy) = super::person(seeded, DemoRole::Deputy) else {
        return Ok(());
    };
    let channel = super::channel(running, seeded, (deputy, "DEPUTY"), "schedule")?;
    let mut calls = ScheduleServiceClient::new(channel);
    let request = pb::GetSchoolYearRequest {
        school_id: seeded.school_id.to_string(),
        academic_year: String::new(),
    };
    let answer = calls.get_school_year(request).await?.into_inner();
    let year = answer.school_year.context("a school year")?;
    if year.study_document.is_some() {
        return Ok(());
    }
    let calendar = year.calendar.context("a calendar")?;
    let request = pb::SaveSchoolYearRequest {
        school_id: seeded.school_id.to_string(),
        academic_year: calendar.academic_year.clone(),
        holidays: holidays(&calendar, &year.changes_from),
        shortened_days: shortened(&calendar, &year.changes_from),
        periods: calendar.periods.into_iter().map(period).collect(),
        days_off: calendar.days_off,
        bells: Vec::new(),
        etag: String::new(),
        request_id: cx.ids.uuid().to_string(),
    };
    calls.save_school_year(request).await?;
    Ok(())
}

fn period(one: pb::Period) -> pb::PlannedPeriod {
    pb::PlannedPeriod {
        kind: one.kind,
        period_id: one.period_id,
        title: one.title,
        starts_on: one.starts_on,
        ends_on: one.ends_on,
        grade_from: one.grade_from,
        grade_to: one.grade_to,
    }
}

/// A week of February, if it is still to come.
fn holidays(calendar: &pb::Calendar, changes_from: &str) -> Vec<pb::Holiday> {
    let second = calendar.academic_year.split('/').nth(1).unwrap_or_default();
    let (starts_on, ends_on) = (format!("{second}-02-15"), format!("{second}-02-21"));
    // Days as text sort by time.
    let ahead = changes_from <= starts_on.as_str();
    let holiday = pb::Holiday {
        title: "Дополнительные каникулы".to_owned(),
        starts_on,
        ends_on,
        grade_from: 1,
        grade_to: 1,
    };
    ahead.then_some(holiday).into_iter().collect()
}

/// The last day of the second quarter, if it is still to come and has lessons.
fn shortened(calendar: &pb::Calendar, changes_from: &str) -> Vec<pb::ShortenedDay> {
    let mut ends = calendar.periods.iter().filter(|one| one.grade_from == 1);
    let last = ends.nth(1).map(|one| one.ends_on.clone());
    let is_off = |day: &str| calendar.days_off.iter().any(|one| one.date == day);
    let last = last.filter(|day| changes_from <= day.as_str() && !is_off(day));
    let last = last.filter(|day| {
        let weekday = day.parse::<Date>().map(|day| day.weekday());
        weekday.is_ok_and(|day| day.to_monday_one_offset() <= 5)
    });
    let day = |date| pb::ShortenedDay {
        date,
        title: "Перед каникулами".to_owned(),
        lesson_minutes: 30,
    };
    last.map(day).into_iter().collect()
}
