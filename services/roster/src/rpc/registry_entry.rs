//! Records of the registries between the contract and the domain.

use std::collections::{HashMap, HashSet};

use chassis::status;
use jiff::civil::Date;
use tonic::Status;
use zhurnal_proto::id::{PersonId, RegistryRecordId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::registry_record::Entry;

use super::{convert, parse};
use crate::Roster;
use crate::domain::record::Name;
use crate::domain::registry::{Named, Record, Registry};
use crate::store::registries::{self, Kept};
use crate::store::{School, people};

pub(super) fn registry(registry: pb::Registry) -> Result<Registry, Status> {
    match registry {
        pb::Registry::Measures => Ok(Registry::Measures),
        pb::Registry::ResponsiblePersons => Ok(Registry::ResponsiblePersons),
        pb::Registry::LocalActs => Ok(Registry::LocalActs),
        pb::Registry::Trainings => Ok(Registry::Trainings),
        pb::Registry::Equipment => Ok(Registry::Equipment),
        pb::Registry::Unspecified => Err(unknown_registry()),
    }
}

fn unknown_registry() -> Status {
    status::invalid_field("registry", "REQUIRED", "Укажите реестр")
}

/// The record that a request wants, and the name of its entry in the request.
pub(super) fn wanted(id: RegistryRecordId, entry: Entry) -> Result<(Record, &'static str), Status> {
    match entry {
        Entry::Measure(one) => measure(id, one),
        Entry::ResponsiblePerson(one) => responsible_person(id, one),
        Entry::LocalAct(one) => local_act(id, one),
        Entry::Training(one) => training(id, one),
        Entry::Equipment(one) => equipment(id, one),
    }
}

fn measure(id: RegistryRecordId, one: pb::Measure) -> Result<(Record, &'static str), Status> {
    const AT: &str = "record.measure";
    let due = parse::date("record.measure.dueOn", &one.due_on)?;
    let record = Record {
        title: line(&one.title),
        person: parse::optional_id("record.measure.responsibleId", &one.responsible_id)?,
        note: one.result.trim().to_owned(),
        link: line(&one.link),
        done_on: parse::optional_date("record.measure.doneOn", &one.done_on)?,
        ..Record::new(id, Registry::Measures, kind(one.kind)?, due)
    };
    Ok((record, AT))
}

fn responsible_person(
    id: RegistryRecordId,
    one: pb::ResponsiblePerson,
) -> Result<(Record, &'static str), Status> {
    const AT: &str = "record.responsiblePerson";
    let starts = parse::date("record.responsiblePerson.startsOn", &one.starts_on)?;
    let record = Record {
        person: parse::optional_id("record.responsiblePerson.personId", &one.person_id)?,
        note: one.duties.trim().to_owned(),
        number: line(&one.order_number),
        dated_on: parse::optional_date("record.responsiblePerson.orderDate", &one.order_date)?,
        ends_on: parse::optional_date("record.responsiblePerson.endsOn", &one.ends_on)?,
        ..Record::new(id, Registry::ResponsiblePersons, kind(one.kind)?, starts)
    };
    Ok((record, AT))
}

fn local_act(id: RegistryRecordId, one: pb::LocalAct) -> Result<(Record, &'static str), Status> {
    const AT: &str = "record.localAct";
    let starts = parse::date("record.localAct.startsOn", &one.starts_on)?;
    let record = Record {
        title: line(&one.title),
        number: line(&one.number),
        dated_on: parse::optional_date("record.localAct.datedOn", &one.dated_on)?,
        edition: line(&one.version),
        link: line(&one.link),
        ends_on: parse::optional_date("record.localAct.endsOn", &one.ends_on)?,
        to_acknowledge: one.to_acknowledge,
        ..Record::new(id, Registry::LocalActs, kind(one.kind)?, starts)
    };
    Ok((record, AT))
}

fn training(id: RegistryRecordId, one: pb::Training) -> Result<(Record, &'static str), Status> {
    const AT: &str = "record.training";
    let due = parse::date("record.training.dueOn", &one.due_on)?;
    let record = Record {
        title: line(&one.title),
        person: parse::optional_id("record.training.personId", &one.person_id)?,
        note: one.result.trim().to_owned(),
        done_on: parse::optional_date("record.training.doneOn", &one.done_on)?,
        hours: one.hours,
        ..Record::new(id, Registry::Trainings, kind(one.kind)?, due)
    };
    Ok((record, AT))
}

fn equipment(id: RegistryRecordId, one: pb::Equipment) -> Result<(Record, &'static str), Status> {
    const AT: &str = "record.equipment";
    let starts = parse::date("record.equipment.startsOn", &one.starts_on)?;
    let record = Record {
        title: line(&one.title),
        place: line(&one.place),
        quantity: one.quantity,
        person: parse::optional_id("record.equipment.responsibleId", &one.responsible_id)?,
        is_access_point: one.is_access_point,
        note: one.schedule.trim().to_owned(),
        ends_on: parse::optional_date("record.equipment.endsOn", &one.ends_on)?,
        ..Record::new(id, Registry::Equipment, kind(one.kind)?, starts)
    };
    Ok((record, AT))
}

/// The person without a card that a request names.
pub(super) fn named(record: &pb::RegistryRecord) -> Option<Named> {
    let name = record.person_name.as_ref()?;
    Some(Named {
        name: Name {
            surname: line(&name.surname),
            given_name: line(&name.given_name),
            patronymic: line(&name.patronymic),
        },
        post: line(&record.post),
    })
}

/// A kind as stored; the contract has checked that it knows it.
fn kind(number: i32) -> Result<i16, Status> {
    i16::try_from(number).map_err(status::internal)
}

fn line(text: &str) -> String {
    text.trim().to_owned()
}

/// What an answer says of records beside themselves.
pub(super) struct Beside {
    today: Date,
    names: HashMap<PersonId, Name>,
    acknowledged: HashMap<RegistryRecordId, u32>,
    own: HashSet<RegistryRecordId>,
}

impl Beside {
    /// Names of the people concerned, and acknowledgements; `by`: the caller's card.
    pub(super) async fn load(
        roster: &Roster,
        school: School,
        today: Date,
        records: &[Kept],
        by: Option<PersonId>,
    ) -> Result<Self, Status> {
        let conn = roster.cx.db.read();
        let concerned = records.iter().filter_map(|one| one.record.person).collect();
        let names = people::names(conn, school, concerned)
            .await
            .map_err(status::from_db)?;
        let acts: Vec<RegistryRecordId> = records
            .iter()
            .filter(|one| one.record.to_acknowledge)
            .map(|one| one.record.id)
            .collect();
        let (acknowledged, own) = registries::acknowledged(conn, school, &acts, by)
            .await
            .map_err(status::from_db)?;
        Ok(Self {
            today,
            names,
            acknowledged,
            own,
        })
    }

    /// Nothing beside the records: above schools people are in them and nobody acknowledges,
    /// and families are not told.
    pub(super) fn bare(today: Date) -> Self {
        Self {
            today,
            names: HashMap::new(),
            acknowledged: HashMap::new(),
            own: HashSet::new(),
        }
    }

    /// The record as the contract shows it.
    pub(super) fn show(&self, kept: &Kept) -> pb::RegistryRecord {
        let record = &kept.record;
        let named = record.named.as_ref();
        let name = record.person.and_then(|id| self.names.get(&id));
        let name = name.or(named.map(|named| &named.name));
        pb::RegistryRecord {
            record_id: record.id.to_string(),
            entry: Some(entry(
                record,
                self.acknowledged.get(&record.id).copied().unwrap_or(0),
                self.own.contains(&record.id),
            )),
            person_name: name.map(convert::name),
            overdue: record.is_overdue(self.today),
            in_force: record.is_in_force(self.today),
            etag: chassis::etag::of(kept.version),
            post: named.map(|named| named.post.clone()).unwrap_or_default(),
        }
    }
}

/// The record as the feed tells it: no names, no acknowledgements, nothing that changes
/// with the day.
pub(crate) fn announced(kept: &Kept) -> pb::RegistryRecord {
    pb::RegistryRecord {
        record_id: kept.record.id.to_string(),
        entry: Some(entry(&kept.record, 0, false)),
        etag: chassis::etag::of(kept.version),
        ..Default::default()
    }
}

fn entry(record: &Record, acknowledged_count: u32, acknowledged: bool) -> Entry {
    let kind = i32::from(record.kind);
    let person_id = record.person.map(|id| id.to_string()).unwrap_or_default();
    let day = record.day.to_string();
    let title = record.title.clone();
    match record.registry {
        Registry::Measures => Entry::Measure(pb::Measure {
            kind,
            title,
            due_on: day,
            responsible_id: person_id,
            done_on: convert::date(record.done_on),
            result: record.note.clone(),
            link: record.link.clone(),
        }),
        Registry::ResponsiblePersons => Entry::ResponsiblePerson(pb::ResponsiblePerson {
            kind,
            person_id,
            duties: record.note.clone(),
            order_number: record.number.clone(),
            order_date: convert::date(record.dated_on),
            starts_on: day,
            ends_on: convert::date(record.ends_on),
        }),
        Registry::LocalActs => Entry::LocalAct(pb::LocalAct {
            kind,
            title,
            number: record.number.clone(),
            dated_on: convert::date(record.dated_on),
            version: record.edition.clone(),
            link: record.link.clone(),
            starts_on: day,
            ends_on: convert::date(record.ends_on),
            to_acknowledge: record.to_acknowledge,
            acknowledged_count,
            acknowledged,
        }),
        Registry::Trainings => Entry::Training(pb::Training {
            kind,
            person_id,
            title,
            due_on: day,
            done_on: convert::date(record.done_on),
            hours: record.hours,
            result: record.note.clone(),
        }),
        Registry::Equipment => Entry::Equipment(pb::Equipment {
            kind,
            title,
            place: record.place.clone(),
            quantity: record.quantity,
            responsible_id: person_id,
            is_access_point: record.is_access_point,
            schedule: record.note.clone(),
            starts_on: day,
            ends_on: convert::date(record.ends_on),
        }),
    }
}
