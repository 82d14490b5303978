//! Roster's events → own copies.

use anyhow::Context;
use async_trait::async_trait;
use chassis::db::{UnitOfWork, upsert};
use chassis::feed::Consumer;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, EnrolmentId, GuardianLinkId, MunicipalityId, PersonId, SchoolId};
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::roster::v1::{
    Duty, Enrolment, GuardianLink, Municipality, PersonCard, School, SchoolClass, StaffMember,
    WatchRosterEventsResponse,
};

use crate::domain::role::Role;
use crate::store::entity::{
    class_copy, enrolment_copy, guardian_copy, municipality_copy, person_card, school_copy,
    staff_copy,
};

/// Keeps the copies of roster's facts.
pub struct Roster;

#[async_trait]
impl Consumer for Roster {
    type Event = WatchRosterEventsResponse;
    const CHANGES: &'static [&'static str] = &[
        "school_changed",
        "municipality_changed",
        "people_changed",
        "staff_changed",
        "classes_changed",
        "enrolments_changed",
        "guardian_links_changed",
    ];

    fn key_of(event: &Self::Event) -> Option<String> {
        event.event.as_ref().map(|e| e.school_id.clone())
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        let Some(event) = &event.event else {
            return Ok(());
        };
        let conn = uow.conn();
        match &event.change {
            Some(Change::SchoolChanged(change)) => {
                let school = change
                    .school
                    .as_ref()
                    .context("school_changed without a school")?;
                upsert::<school_copy::Entity, _>(conn, vec![school_row(school)?]).await?;
            }
            Some(Change::PeopleChanged(change)) => {
                let school = school_of(&event.school_id)?;
                let rows = change
                    .people
                    .iter()
                    .map(|p| person_row(school, p))
                    .collect::<anyhow::Result<_>>()?;
                upsert::<person_card::Entity, _>(conn, rows).await?;
            }
            Some(Change::StaffChanged(change)) => {
                let rows = change
                    .staff
                    .iter()
                    .map(staff_row)
                    .collect::<anyhow::Result<_>>()?;
                upsert::<staff_copy::Entity, _>(conn, rows).await?;
            }
            Some(Change::ClassesChanged(change)) => {
                let rows = change
                    .classes
                    .iter()
                    .map(class_row)
                    .collect::<anyhow::Result<_>>()?;
                upsert::<class_copy::Entity, _>(conn, rows).await?;
                remove_classes(conn, school_of(&event.school_id)?, &change.removed_ids).await?;
            }
            Some(Change::EnrolmentsChanged(change)) => {
                let rows = change
                    .enrolments
                    .iter()
                    .map(enrolment_row)
                    .collect::<anyhow::Result<_>>()?;
                upsert::<enrolment_copy::Entity, _>(conn, rows).await?;
            }
            Some(Change::GuardianLinksChanged(change)) => {
                let rows = change
                    .guardian_links
                    .iter()
                    .map(guardian_row)
                    .collect::<anyhow::Result<_>>()?;
                upsert::<guardian_copy::Entity, _>(conn, rows).await?;
            }
            Some(Change::MunicipalityChanged(change)) => {
                let municipality = change
                    .municipality
                    .as_ref()
                    .context("municipality_changed without a municipality")?;
                let rows = vec![municipality_row(municipality)?];
                upsert::<municipality_copy::Entity, _>(conn, rows).await?;
            }
            // Groups, supervision, registries and ways of keeping the journal are no business of identity.
            Some(
                Change::GroupsChanged(_)
                | Change::MembershipsChanged(_)
                | Change::SupervisionsChanged(_)
                | Change::RegistryRecordsChanged(_)
                | Change::JournalModesChanged(_)
                | Change::AuthorityRecordsChanged(_),
            )
            | None => {}
        }
        Ok(())
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        let conn = uow.conn();
        school_copy::Entity::delete_many().exec(conn).await?;
        municipality_copy::Entity::delete_many().exec(conn).await?;
        person_card::Entity::delete_many().exec(conn).await?;
        staff_copy::Entity::delete_many().exec(conn).await?;
        class_copy::Entity::delete_many().exec(conn).await?;
        enrolment_copy::Entity::delete_many().exec(conn).await?;
        guardian_copy::Entity::delete_many().exec(conn).await?;
        Ok(())
    }
}

/// Classes that are there no more.
async fn remove_classes(
    conn: &impl ConnectionTrait,
    school: Uuid,
    ids: &[String],
) -> anyhow::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = ids.iter().map(|id| Ok(id.parse::<ClassId>()?.uuid()));
    let ids = ids.collect::<anyhow::Result<Vec<Uuid>>>()?;
    class_copy::Entity::delete_many()
        .filter(class_copy::Column::SchoolId.eq(school))
        .filter(class_copy::Column::ClassId.is_in(ids))
        .exec(conn)
        .await?;
    Ok(())
}

fn school_of(text: &str) -> anyhow::Result<Uuid> {
    Ok(text.parse::<SchoolId>()?.uuid())
}

fn person_of(text: &str) -> anyhow::Result<Uuid> {
    Ok(text.parse::<PersonId>()?.uuid())
}

fn open_end(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn school_row(school: &School) -> anyhow::Result<school_copy::Model> {
    Ok(school_copy::Model {
        school_id: school_of(&school.school_id)?,
        title: school.title.clone(),
        time_zone: school.time_zone.clone(),
    })
}

fn municipality_row(municipality: &Municipality) -> anyhow::Result<municipality_copy::Model> {
    Ok(municipality_copy::Model {
        municipality_id: municipality
            .municipality_id
            .parse::<MunicipalityId>()?
            .uuid(),
        title: municipality.title.clone(),
    })
}

fn person_row(school_id: Uuid, person: &PersonCard) -> anyhow::Result<person_card::Model> {
    let name = person.name.clone().unwrap_or_default();
    Ok(person_card::Model {
        school_id,
        person_id: person_of(&person.person_id)?,
        surname: name.surname,
        given_name: name.given_name,
        patronymic: name.patronymic,
        sort_key: person.sort_key.clone(),
    })
}

fn staff_row(staff: &StaffMember) -> anyhow::Result<staff_copy::Model> {
    let duties: Vec<&str> = staff
        .duties()
        .filter_map(|duty| match duty {
            Duty::Director => Some(Role::Director),
            Duty::Deputy => Some(Role::Deputy),
            Duty::Administrator => Some(Role::Administrator),
            Duty::Secretary => Some(Role::Secretary),
            Duty::Engineer => Some(Role::Engineer),
            Duty::Teacher => Some(Role::Teacher),
            Duty::Unspecified => None,
        })
        .map(Role::name)
        .collect();
    Ok(staff_copy::Model {
        school_id: school_of(&staff.school_id)?,
        person_id: person_of(&staff.person_id)?,
        duties: duties.join(","),
        starts_on: staff.starts_on.clone(),
        ends_on: open_end(&staff.ends_on),
    })
}

fn class_row(class: &SchoolClass) -> anyhow::Result<class_copy::Model> {
    let teacher = open_end(&class.class_teacher_id)
        .map(|t| person_of(&t))
        .transpose()?;
    Ok(class_copy::Model {
        school_id: school_of(&class.school_id)?,
        class_id: class.class_id.parse::<ClassId>()?.uuid(),
        title: class.title.clone(),
        class_teacher_id: teacher,
    })
}

fn enrolment_row(enrolment: &Enrolment) -> anyhow::Result<enrolment_copy::Model> {
    Ok(enrolment_copy::Model {
        school_id: school_of(&enrolment.school_id)?,
        enrolment_id: enrolment.enrolment_id.parse::<EnrolmentId>()?.uuid(),
        class_id: enrolment.class_id.parse::<ClassId>()?.uuid(),
        pupil_id: person_of(&enrolment.pupil_id)?,
        starts_on: enrolment.starts_on.clone(),
        ends_on: open_end(&enrolment.ends_on),
    })
}

fn guardian_row(link: &GuardianLink) -> anyhow::Result<guardian_copy::Model> {
    Ok(guardian_copy::Model {
        school_id: school_of(&link.school_id)?,
        guardian_link_id: link.guardian_link_id.parse::<GuardianLinkId>()?.uuid(),
        guardian_id: person_of(&link.guardian_id)?,
        pupil_id: person_of(&link.pupil_id)?,
        relation: link.relation.clone(),
        is_representative: link.is_representative,
        starts_on: link.starts_on.clone(),
        ends_on: open_end(&link.ends_on),
    })
}
