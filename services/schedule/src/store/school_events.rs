//! Events of classes and of the school.

use chassis::db::{Corrupt, from_micros, micros, upsert};
use jiff::Span;
use jiff::civil::Date;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use zhurnal_proto::id::{GroupId, PersonId, SchoolEventId, SubjectId};

use super::School;
use super::column;
use super::entity::school_event::{Column, Entity, Model};
use crate::domain::bells::TimeOfDay;
use crate::domain::school_event::{Audience, Content, Kind, MOST_DAYS, SchoolEvent, State, When};

/// Most events of one answer.
const MOST: u64 = 2_000;

/// Events that are on any of the days, by first day and time.
pub async fn list(
    conn: &impl ConnectionTrait,
    school: School,
    (from, to): (Date, Date),
) -> Result<Vec<SchoolEvent>, DbErr> {
    // An event has no more days than that: with it the index of first days bounds the search.
    let earliest = from.saturating_sub(Span::new().days(MOST_DAYS));
    let rows = Entity::find()
        .filter(Column::SchoolId.eq(school.uuid()))
        .filter(Column::StartsOn.gte(column::date(earliest)))
        .filter(Column::StartsOn.lte(column::date(to)))
        .filter(Column::EndsOn.gte(column::date(from)))
        .order_by_asc(Column::StartsOn)
        // The whole day first, on either database.
        .order_by_asc(Column::StartsAt.if_null(""))
        .order_by_asc(Column::SchoolEventId)
        .limit(MOST)
        .all(conn)
        .await?;
    rows.into_iter().map(|row| Ok(read(row)?)).collect()
}

/// The event as it is now, kept from others until the transaction ends.
pub async fn lock(
    conn: &impl ConnectionTrait,
    school: School,
    id: SchoolEventId,
) -> Result<Option<SchoolEvent>, DbErr> {
    // SQLite has one writer: its builder leaves the lock out.
    let row = Entity::find_by_id((school.uuid(), id.uuid()))
        .lock(LockType::Update)
        .one(conn)
        .await?;
    Ok(row.map(read).transpose()?)
}

/// Writes an event.
pub async fn put(
    conn: &impl ConnectionTrait,
    school: School,
    event: &SchoolEvent,
) -> Result<(), DbErr> {
    upsert::<Entity, _>(conn, vec![row(school, event)]).await
}

/// Removes an event.
pub async fn remove(
    conn: &impl ConnectionTrait,
    school: School,
    id: SchoolEventId,
) -> Result<(), DbErr> {
    Entity::delete_by_id((school.uuid(), id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

fn row(school: School, event: &SchoolEvent) -> Model {
    let content = &event.content;
    let (published, reason) = match &event.state {
        State::Draft => (None, None),
        State::Published(at) => (Some(*at), None),
        State::Cancelled { published, reason } => (Some(*published), Some(reason.clone())),
    };
    let (audience, classes, group) = match &content.audience {
        Audience::Classes(ids) => (1, apart(ids), None),
        Audience::Group(id) => (2, String::new(), Some(*id)),
        Audience::School => (3, String::new(), None),
        Audience::Staff => (4, String::new(), None),
    };
    Model {
        school_id: school.uuid(),
        school_event_id: event.id.uuid(),
        kind: match content.kind {
            Kind::Activity => 1,
            Kind::Exam => 2,
            Kind::ParentsMeeting => 3,
        },
        title: content.title.clone(),
        details: content.text.clone(),
        starts_on: column::date(content.when.starts_on),
        ends_on: column::date(content.when.ends_on),
        starts_at: content.when.hours.map(|(from, _)| from.to_string()),
        ends_at: content.when.hours.map(|(_, to)| to.to_string()),
        room: content.room.clone(),
        place: content.place.clone(),
        audience,
        class_ids: classes,
        group_id: group.map(|id| id.uuid()),
        subject_id: content.subject.map(|id| id.uuid()),
        published_us: published.map(micros),
        is_cancelled: reason.is_some(),
        cancel_reason: reason.unwrap_or_default(),
        made_by: event.made_by.map(|by| by.uuid()),
        changed_us: micros(event.changed_at),
        version: event.version,
    }
}

fn read(row: Model) -> Result<SchoolEvent, Corrupt> {
    let state = match row.published_us.map(from_micros) {
        None => State::Draft,
        Some(published) if row.is_cancelled => State::Cancelled {
            published,
            reason: row.cancel_reason.clone(),
        },
        Some(at) => State::Published(at),
    };
    Ok(SchoolEvent {
        id: SchoolEventId::from_uuid(row.school_event_id),
        state,
        made_by: row.made_by.map(PersonId::from_uuid),
        changed_at: from_micros(row.changed_us),
        version: row.version,
        content: content(row)?,
    })
}

fn content(row: Model) -> Result<Content, Corrupt> {
    let kind = match row.kind {
        1 => Kind::Activity,
        2 => Kind::Exam,
        3 => Kind::ParentsMeeting,
        other => return Err(Corrupt::new("school_event", "kind", other)),
    };
    Ok(Content {
        kind,
        when: when(&row)?,
        audience: audience(&row)?,
        title: row.title,
        text: row.details,
        room: row.room,
        place: row.place,
        subject: row.subject_id.map(SubjectId::from_uuid),
    })
}

fn when(row: &Model) -> Result<When, Corrupt> {
    let clock = |column, text: &Option<String>| -> Result<Option<TimeOfDay>, Corrupt> {
        column::read_optional("school_event", column, text.as_deref())
    };
    let hours = clock("starts_at", &row.starts_at)?.zip(clock("ends_at", &row.ends_at)?);
    Ok(When {
        starts_on: column::read("school_event", "starts_on", &row.starts_on)?,
        ends_on: column::read("school_event", "ends_on", &row.ends_on)?,
        hours,
    })
}

fn audience(row: &Model) -> Result<Audience, Corrupt> {
    Ok(match (row.audience, row.group_id) {
        (1, _) => {
            let ids = row.class_ids.split(' ');
            let ids = ids.map(|id| column::read("school_event", "class_ids", id));
            Audience::Classes(ids.collect::<Result<_, _>>()?)
        }
        (2, Some(group)) => Audience::Group(GroupId::from_uuid(group)),
        (3, _) => Audience::School,
        (4, _) => Audience::Staff,
        (other, _) => return Err(Corrupt::new("school_event", "audience", other)),
    })
}

fn apart<T: ToString>(all: &[T]) -> String {
    let texts: Vec<String> = all.iter().map(ToString::to_string).collect();
    texts.join(" ")
}
