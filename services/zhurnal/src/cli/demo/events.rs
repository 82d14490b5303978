//! Events of the demo school, plainly invented: the class teacher's plan of the coming weeks,
//! published but for one draft, and an event of the school.

use std::time::Duration;

use anyhow::Context;
use chassis::client::PeerChannel;
use chassis::lifecycle::Running;
use chassis::service::Cx;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use roster::demo::{DemoRole, Seeded};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;

type Calls = ScheduleServiceClient<PeerChannel>;

/// Looks at schedule's copy of the classes, and the pause between two of them.
const LOOKS: (u32, Duration) = (200, Duration::from_millis(50));

/// Puts them as the class teacher and the deputy, once.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let cx = running.context("schedule").context("schedule runs here")?;
    let people = (
        super::person(seeded, DemoRole::ClassTeacher),
        super::person(seeded, DemoRole::Deputy),
    );
    let (Some(teacher), Some(deputy)) = people else {
        return Ok(());
    };
    let calls = |who, role| -> anyhow::Result<Calls> {
        let channel = super::channel(running, seeded, (who, role), "schedule")?;
        Ok(ScheduleServiceClient::new(channel))
    };
    let (mut teacher, mut deputy) = (calls(teacher, "TEACHER")?, calls(deputy, "DEPUTY")?);
    let today = cx.clock.today(&TimeZone::get("Europe/Simferopol")?);
    let school = seeded.school_id.to_string();
    let known = own_classes(&mut teacher, &school, today).await?;
    let Some(class) = known.own_class_ids.first().cloned() else {
        return Ok(());
    };
    if !known.school_events.is_empty() {
        return Ok(());
    }
    let mut drafts = Vec::new();
    for content in of_class(&class, today) {
        drafts.push(save(&mut teacher, &cx, &school, content).await?);
    }
    // The last one is still to be published.
    drafts.pop();
    publish(&mut teacher, &cx, &school, &drafts).await?;
    let concert = save(&mut deputy, &cx, &school, of_school(today)).await?;
    publish(&mut deputy, &cx, &school, &[concert]).await
}

/// The month as the class teacher sees it, as soon as schedule knows the own class.
async fn own_classes(
    calls: &mut Calls,
    school: &str,
    today: Date,
) -> anyhow::Result<pb::ListSchoolEventsResponse> {
    let request = pb::ListSchoolEventsRequest {
        school_id: school.to_owned(),
        from: today.to_string(),
        to: after(today, 30.days()).to_string(),
        class_id: String::new(),
    };
    let mut seen = pb::ListSchoolEventsResponse::default();
    for _ in 0..LOOKS.0 {
        seen = calls
            .list_school_events(request.clone())
            .await?
            .into_inner();
        if !seen.own_class_ids.is_empty() {
            break;
        }
        tokio::time::sleep(LOOKS.1).await;
    }
    Ok(seen)
}

fn of_class(class: &str, today: Date) -> [pb::SchoolEventContent; 3] {
    let of_class = |title: &str, days: i64, hours: (&str, &str)| pb::SchoolEventContent {
        kind: pb::SchoolEventKind::Activity.into(),
        title: title.to_owned(),
        starts_on: after(today, days.days()).to_string(),
        starts_at: hours.0.to_owned(),
        ends_at: hours.1.to_owned(),
        audience: pb::SchoolEventAudience::Classes.into(),
        class_ids: vec![class.to_owned()],
        ..Default::default()
    };
    [
        pb::SchoolEventContent {
            place: "Музей (пример)".to_owned(),
            text: "Сбор у школы за полчаса, нужна вода. Событие примерное.".to_owned(),
            ..of_class("Экскурсия в музей (пример)", 3, ("13:00", "15:00"))
        },
        pb::SchoolEventContent {
            kind: pb::SchoolEventKind::ParentsMeeting.into(),
            ..of_class("Собрание класса (пример)", 8, ("18:00", "19:00"))
        },
        of_class("Поход выходного дня (пример)", 15, ("", "")),
    ]
}

fn of_school(today: Date) -> pb::SchoolEventContent {
    pb::SchoolEventContent {
        kind: pb::SchoolEventKind::Activity.into(),
        title: "Школьный концерт (пример)".to_owned(),
        starts_on: after(today, 10.days()).to_string(),
        starts_at: "12:00".to_owned(),
        ends_at: "13:00".to_owned(),
        place: "Актовый зал".to_owned(),
        audience: pb::SchoolEventAudience::School.into(),
        ..Default::default()
    }
}

fn after(today: Date, by: Span) -> Date {
    today.saturating_add(by)
}

async fn save(
    calls: &mut Calls,
    cx: &Cx,
    school: &str,
    content: pb::SchoolEventContent,
) -> anyhow::Result<pb::SeenSchoolEvent> {
    let request = pb::SaveSchoolEventRequest {
        school_id: school.to_owned(),
        content: Some(content),
        request_id: cx.ids.uuid().to_string(),
        ..Default::default()
    };
    let saved = calls.save_school_event(request).await?.into_inner();
    let event = saved.school_event.context("a saved event")?;
    Ok(pb::SeenSchoolEvent {
        school_event_id: event.school_event_id,
        etag: event.etag,
    })
}

async fn publish(
    calls: &mut Calls,
    cx: &Cx,
    school: &str,
    drafts: &[pb::SeenSchoolEvent],
) -> anyhow::Result<()> {
    let request = pb::PublishSchoolEventsRequest {
        school_id: school.to_owned(),
        school_events: drafts.to_vec(),
        request_id: cx.ids.uuid().to_string(),
    };
    calls.publish_school_events(request).await?;
    Ok(())
}
