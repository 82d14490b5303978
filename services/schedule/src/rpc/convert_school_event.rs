//! Events to proto and back, nothing else.

use chassis::status::{self, Violation};
use jiff::Timestamp;
use jiff::civil::Date;
use tonic::Status;
use zhurnal_proto::id::{ClassId, Id, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse;
use crate::domain::bells::TimeOfDay;
use crate::domain::school_event::{Audience, Content, Kind, SchoolEvent, State, When, WhenFault};

/// What people wrote, when it holds together.
pub fn read(content: &pb::SchoolEventContent) -> Result<Content, Status> {
    let mut faults = Vec::new();
    let kind = kind(content, &mut faults);
    let audience = audience(content, &mut faults)?;
    let when = when(content, &mut faults)?;
    let exam = kind == Some(Kind::Exam);
    let of_classes = matches!(
        audience,
        Some(Audience::Classes(_) | Audience::Group(_)) | None
    );
    if exam && !of_classes {
        let message = "экзамен бывает у классов или у группы";
        faults.push(fault("audience", "EXAM_AUDIENCE", message));
    }
    match (exam, content.subject_id.as_str()) {
        (true, "") => faults.push(fault("subjectId", "REQUIRED", "укажите предмет экзамена")),
        (false, id) if !id.is_empty() => {
            faults.push(fault(
                "subjectId",
                "NOT_OF_KIND",
                "предмет есть только у экзамена",
            ));
        }
        _ => {}
    }
    let (Some(kind), Some(audience), Some(when), []) = (kind, audience, when, &faults[..]) else {
        return Err(status::invalid(faults));
    };
    let line = |text: &str| text.trim().to_owned();
    Ok(Content {
        kind,
        title: line(&content.title),
        text: line(&content.text),
        when,
        room: line(&content.room),
        place: line(&content.place),
        audience,
        subject: parse::optional_id("content.subjectId", &content.subject_id)?,
    })
}

fn fault(field: &str, rule: &'static str, message: &str) -> Violation {
    status::violation(format!("content.{field}"), rule, message)
}

fn kind(content: &pb::SchoolEventContent, faults: &mut Vec<Violation>) -> Option<Kind> {
    match content.kind() {
        pb::SchoolEventKind::Activity => Some(Kind::Activity),
        pb::SchoolEventKind::Exam => Some(Kind::Exam),
        pb::SchoolEventKind::ParentsMeeting => Some(Kind::ParentsMeeting),
        pb::SchoolEventKind::Unspecified => {
            faults.push(fault("kind", "REQUIRED", "что это за событие"));
            None
        }
    }
}

fn audience(
    content: &pb::SchoolEventContent,
    faults: &mut Vec<Violation>,
) -> Result<Option<Audience>, Status> {
    use pb::SchoolEventAudience as Whom;
    let whom = content.audience();
    if whom != Whom::Classes && !content.class_ids.is_empty() {
        faults.push(fault(
            "classIds",
            "NOT_OF_AUDIENCE",
            "классы здесь не нужны",
        ));
    }
    if whom != Whom::Group && !content.group_id.is_empty() {
        faults.push(fault("groupId", "NOT_OF_AUDIENCE", "группа здесь не нужна"));
    }
    Ok(match whom {
        Whom::Classes if content.class_ids.is_empty() => {
            faults.push(fault("classIds", "REQUIRED", "выберите классы"));
            None
        }
        Whom::Classes => Some(Audience::Classes(classes(&content.class_ids)?)),
        Whom::Group if content.group_id.is_empty() => {
            faults.push(fault("groupId", "REQUIRED", "выберите группу"));
            None
        }
        Whom::Group => Some(Audience::Group(parse::id(
            "content.groupId",
            &content.group_id,
        )?)),
        Whom::School => Some(Audience::School),
        Whom::Staff => Some(Audience::Staff),
        Whom::Unspecified => {
            faults.push(fault("audience", "REQUIRED", "для кого это событие"));
            None
        }
    })
}

/// The classes, each once.
fn classes(ids: &[String]) -> Result<Vec<ClassId>, Status> {
    let ids = ids.iter().enumerate();
    let ids = ids.map(|(at, id)| parse::id(&format!("content.classIds[{at}]"), id));
    let mut ids = ids.collect::<Result<Vec<ClassId>, Status>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

fn when(
    content: &pb::SchoolEventContent,
    faults: &mut Vec<Violation>,
) -> Result<Option<When>, Status> {
    let starts_on: Date = parse::date("content.startsOn", &content.starts_on)?;
    let ends_on = match content.ends_on.as_str() {
        "" => starts_on,
        day => parse::date("content.endsOn", day)?,
    };
    let clock = |field: &str, text: &str| -> Result<Option<TimeOfDay>, Status> {
        let said = !text.is_empty();
        said.then(|| parse::value(field, "INVALID_TIME", text))
            .transpose()
    };
    let from = clock("content.startsAt", &content.starts_at)?;
    let to = clock("content.endsAt", &content.ends_at)?;
    if from.is_some() != to.is_some() {
        let missing = if from.is_some() { "endsAt" } else { "startsAt" };
        faults.push(fault(missing, "REQUIRED", "укажите начало и конец"));
        return Ok(None);
    }
    let when = When {
        starts_on,
        ends_on,
        hours: from.zip(to),
    };
    Ok(when
        .checked()
        .map_err(|why| faults.push(when_fault(why)))
        .ok())
}

fn when_fault(why: WhenFault) -> Violation {
    match why {
        WhenFault::DaysReversed => fault("endsOn", "REVERSED", "последний день раньше первого"),
        WhenFault::TooLong => fault("endsOn", "TOO_LONG", "не больше 31 дня"),
        WhenFault::HoursReversed => fault("endsAt", "REVERSED", "конец не позже начала"),
    }
}

/// The event as everybody who may sees it.
pub fn view(school: SchoolId, event: &SchoolEvent) -> pb::SchoolEvent {
    let (state, published, reason) = match &event.state {
        State::Draft => (pb::SchoolEventState::Draft, None, ""),
        State::Published(at) => (pb::SchoolEventState::Published, Some(*at), ""),
        State::Cancelled { published, reason } => (
            pb::SchoolEventState::Cancelled,
            Some(*published),
            reason.as_str(),
        ),
    };
    pb::SchoolEvent {
        school_event_id: event.id.to_string(),
        school_id: school.to_string(),
        content: Some(content(&event.content)),
        state: state.into(),
        cancel_reason: reason.to_owned(),
        made_by: text(event.made_by),
        published_at: published.map(timestamp),
        changed_at: Some(timestamp(event.changed_at)),
        etag: chassis::etag::of(event.version),
        ..Default::default()
    }
}

fn content(content: &Content) -> pb::SchoolEventContent {
    use pb::SchoolEventAudience as Whom;
    let (audience, classes, group) = match &content.audience {
        Audience::Classes(ids) => (Whom::Classes, ids.clone(), None),
        Audience::Group(id) => (Whom::Group, Vec::new(), Some(*id)),
        Audience::School => (Whom::School, Vec::new(), None),
        Audience::Staff => (Whom::Staff, Vec::new(), None),
    };
    let kind = match content.kind {
        Kind::Activity => pb::SchoolEventKind::Activity,
        Kind::Exam => pb::SchoolEventKind::Exam,
        Kind::ParentsMeeting => pb::SchoolEventKind::ParentsMeeting,
    };
    let clock = |time: Option<TimeOfDay>| time.map(|it| it.to_string()).unwrap_or_default();
    pb::SchoolEventContent {
        kind: kind.into(),
        title: content.title.clone(),
        text: content.text.clone(),
        starts_on: content.when.starts_on.to_string(),
        ends_on: content.when.ends_on.to_string(),
        starts_at: clock(content.when.hours.map(|(from, _)| from)),
        ends_at: clock(content.when.hours.map(|(_, to)| to)),
        room: content.room.clone(),
        place: content.place.clone(),
        audience: audience.into(),
        class_ids: classes.iter().map(ToString::to_string).collect(),
        group_id: text(group),
        subject_id: text(content.subject),
    }
}

fn text(id: Option<impl Id>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond(),
    }
}
