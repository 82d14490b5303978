//! The access log (R130, R145): services write what their staff looked at; the family
//! reads it of the own child, the director and the administrator of the school.

mod of_pupil;
mod of_school;
mod record;

pub(super) use of_pupil::handle as of_pupil;
pub(super) use of_school::handle as of_school;
pub(super) use record::handle as record;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;
use zhurnal_proto::id::{LookId, PersonId};
use zhurnal_proto::identity::v1::{Look, LookSubject};

use super::convert;
use crate::store::entity::{access_look, class_copy, person_card};
use crate::store::people;
use crate::who::person_name;

/// Entries with the names that belong to them.
async fn shown(
    conn: &impl ConnectionTrait,
    rows: Vec<access_look::Model>,
) -> Result<Vec<Look>, DbErr> {
    let mut known: BTreeMap<Uuid, Known> = BTreeMap::new();
    for row in &rows {
        let school = known.entry(row.school_id).or_default();
        school.cards.extend(row.person_id);
        match subject(row) {
            LookSubject::Pupil => school.cards.push(row.subject_id),
            LookSubject::Class => school.classes.push(row.subject_id),
            _ => {}
        }
    }
    for (school_id, school) in &mut known {
        school.names = people::names(conn, *school_id, &school.cards).await?;
        school.titles = people::classes(conn, *school_id, &school.classes).await?;
    }
    let show = |row: &access_look::Model| known.get(&row.school_id).map(|k| look(row, k));
    Ok(rows.iter().filter_map(show).collect())
}

/// What a page needs to know of one school.
#[derive(Default)]
struct Known {
    cards: Vec<Uuid>,
    classes: Vec<Uuid>,
    names: BTreeMap<Uuid, person_card::Model>,
    titles: BTreeMap<Uuid, class_copy::Model>,
}

fn look(row: &access_look::Model, known: &Known) -> Look {
    let name = |card: Uuid| known.names.get(&card).map(person_name);
    let subject = subject(row);
    let (class_title, pupil_name) = match subject {
        LookSubject::Class => {
            let class = known.titles.get(&row.subject_id);
            (class.map(|c| c.title.clone()).unwrap_or_default(), None)
        }
        LookSubject::Pupil => (String::new(), name(row.subject_id)),
        _ => (String::new(), None),
    };
    Look {
        look_id: LookId::from_uuid(row.look_id).to_string(),
        looked_at: convert::stored(row.first_us),
        last_looked_at: convert::stored(row.last_us),
        name: row.person_id.and_then(name),
        role: row.role.into(),
        record: row.record.into(),
        purpose: row.purpose.into(),
        subject: subject.into(),
        class_title,
        pupil_name,
        person_id: row
            .person_id
            .map(|p| PersonId::from_uuid(p).to_string())
            .unwrap_or_default(),
    }
}

fn subject(row: &access_look::Model) -> LookSubject {
    LookSubject::try_from(i32::from(row.subject)).unwrap_or_default()
}

/// The first instant of a school's day, µs; the end of time where there is no such day.
fn midnight(day: Option<Date>, zone: &TimeZone) -> i64 {
    let start = day.and_then(|day| day.to_zoned(zone.clone()).ok());
    start.map_or(i64::MAX, |at| at.timestamp().as_microsecond())
}

/// The zone of a school, the suite's where it is not known.
async fn zone(
    identity: &crate::Identity,
    conn: &impl ConnectionTrait,
    school_id: Uuid,
) -> Result<TimeZone, DbErr> {
    let school = people::school(conn, school_id).await?;
    let zone = school.and_then(|s| TimeZone::get(&s.time_zone).ok());
    Ok(zone.unwrap_or_else(|| identity.zone.clone()))
}
