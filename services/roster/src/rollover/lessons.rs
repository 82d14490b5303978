//! Whether the lessons of the new year have begun: schedule knows, and is asked only
//! when the day of the first one may have come.

use std::time::Duration;

use chassis::status;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tonic::{Request, Status};
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;
use zhurnal_proto::schedule::v1::{LessonState, ListLessonsRequest};

use crate::Roster;
use crate::domain::record;

/// Longest range that schedule answers, days after the first.
const DAYS: i64 = 30;

/// Whether a lesson that was not cancelled has begun since the first day of a year.
pub(crate) async fn have_begun(
    roster: &Roster,
    school: &record::School,
    first_day: Date,
) -> Result<bool, Status> {
    let zone = TimeZone::get(&school.time_zone).unwrap_or(TimeZone::UTC);
    let now = roster.cx.clock.now().to_zoned(zone).datetime();
    let (today, time) = (now.date(), now.time().strftime("%H:%M").to_string());
    if today < first_day {
        return Ok(false);
    }
    let last = first_day.saturating_add(jiff::Span::new().days(DAYS));
    let mut schedule = ScheduleServiceClient::new(roster.cx.peers.channel("schedule"));
    let mut token = String::new();
    loop {
        let mut request = Request::new(ListLessonsRequest {
            school_id: school.id.to_string(),
            from: first_day.to_string(),
            to: today.min(last).to_string(),
            page_size: 500,
            page_token: token,
            ..Default::default()
        });
        request.set_timeout(Duration::from_millis(roster.config.step_timeout_ms));
        let answer = schedule.list_lessons(request).await.map_err(|failure| {
            tracing::warn!(code = ?failure.code(), "schedule did not say whether lessons have begun");
            status::unavailable("SCHEDULE_UNAVAILABLE", Duration::from_secs(5))
        })?;
        let page = answer.into_inner();
        let begun = page.lessons.iter().any(|lesson| {
            let earlier = lesson.date < today.to_string();
            let now = lesson.date == today.to_string() && lesson.starts_at <= time;
            lesson.state() != LessonState::Cancelled && (earlier || now)
        });
        if begun || page.next_page_token.is_empty() {
            return Ok(begun);
        }
        token = page.next_page_token;
    }
}
