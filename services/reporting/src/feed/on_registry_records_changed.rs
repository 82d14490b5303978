//! Registries of the rollout: of each record what the control sheets count or name.

use anyhow::Context;
use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::{PersonId, RegistryRecordId};
use zhurnal_proto::roster::v1::registry_record::Entry;
use zhurnal_proto::roster::v1::{Registry, RegistryRecord, RegistryRecordsChanged};

use super::parse;
use crate::store::entity::registry_record;
use crate::store::{School, sheet_copies};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    changed: &RegistryRecordsChanged,
) -> anyhow::Result<()> {
    let rows = parse::latest(
        changed
            .records
            .iter()
            .map(|record| row(school, record).map(|row| (row.record_id, row))),
    )?;
    upsert::<registry_record::Entity, _>(uow.conn(), rows).await?;
    let removed = changed
        .removed_ids
        .iter()
        .map(|id| parse::id::<RegistryRecordId>("removed_ids", id));
    let removed = removed.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(sheet_copies::remove_records(uow.conn(), school, &removed).await?)
}

fn row(school: School, record: &RegistryRecord) -> anyhow::Result<registry_record::Model> {
    let entry = record.entry.as_ref().context("a record without an entry")?;
    let blank = |registry: Registry, kind: i32, day: &str| {
        Ok::<_, anyhow::Error>(registry_record::Model {
            school_id: school.id().uuid(),
            record_id: parse::id::<RegistryRecordId>("record_id", &record.record_id)?,
            registry: parse::small("registry", i32::from(registry))?,
            kind: parse::small("kind", kind)?,
            title: String::new(),
            person_id: None,
            number: String::new(),
            dated_on: None,
            link: String::new(),
            place: String::new(),
            quantity: 0,
            is_access_point: false,
            day: parse::date("day", day)?,
            ends_on: None,
            done_on: None,
        })
    };
    Ok(match entry {
        Entry::Measure(one) => registry_record::Model {
            title: one.title.clone(),
            person_id: parse::optional_id::<PersonId>("responsible_id", &one.responsible_id)?,
            link: one.link.clone(),
            done_on: parse::optional_date("done_on", &one.done_on)?,
            ..blank(Registry::Measures, one.kind, &one.due_on)?
        },
        Entry::ResponsiblePerson(one) => registry_record::Model {
            person_id: parse::optional_id::<PersonId>("person_id", &one.person_id)?,
            number: one.order_number.clone(),
            dated_on: parse::optional_date("order_date", &one.order_date)?,
            ends_on: parse::optional_date("ends_on", &one.ends_on)?,
            ..blank(Registry::ResponsiblePersons, one.kind, &one.starts_on)?
        },
        Entry::LocalAct(one) => registry_record::Model {
            title: one.title.clone(),
            number: one.number.clone(),
            dated_on: parse::optional_date("dated_on", &one.dated_on)?,
            link: one.link.clone(),
            ends_on: parse::optional_date("ends_on", &one.ends_on)?,
            ..blank(Registry::LocalActs, one.kind, &one.starts_on)?
        },
        Entry::Training(one) => registry_record::Model {
            title: one.title.clone(),
            person_id: parse::optional_id::<PersonId>("person_id", &one.person_id)?,
            done_on: parse::optional_date("done_on", &one.done_on)?,
            ..blank(Registry::Trainings, one.kind, &one.due_on)?
        },
        Entry::Equipment(one) => registry_record::Model {
            title: one.title.clone(),
            place: one.place.clone(),
            quantity: i32::try_from(one.quantity).context("quantity")?,
            is_access_point: one.is_access_point,
            ends_on: parse::optional_date("ends_on", &one.ends_on)?,
            ..blank(Registry::Equipment, one.kind, &one.starts_on)?
        },
    })
}
