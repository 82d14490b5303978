//! Roster's events → who is told of whom.

use async_trait::async_trait;
use chassis::db::{UnitOfWork, upsert};
use chassis::feed::Consumer;
use sea_orm::EntityTrait;
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, GuardianLinkId, PersonId, SchoolId, SupervisionId};
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::roster::v1::{
    GroupMembership, GuardianLink, Informing, PersonCard, Supervision, WatchRosterEventsResponse,
};

use crate::store::entity::{guardian_copy, member_copy, person_card, supervisor_copy};

/// Keeps the copies of roster's facts.
pub struct Roster;

#[async_trait]
impl Consumer for Roster {
    type Event = WatchRosterEventsResponse;
    const CHANGES: &'static [&'static str] = &[
        "people_changed",
        "guardian_links_changed",
        "supervisions_changed",
        "memberships_changed",
    ];

    fn key_of(event: &Self::Event) -> Option<String> {
        event.event.as_ref().map(|e| e.school_id.clone())
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        let Some(event) = &event.event else {
            return Ok(());
        };
        match &event.change {
            Some(Change::PeopleChanged(change)) => {
                let school = event.school_id.parse::<SchoolId>()?.uuid();
                let rows = change
                    .people
                    .iter()
                    .map(|p| person_row(school, p))
                    .collect::<anyhow::Result<_>>()?;
                upsert::<person_card::Entity, _>(uow.conn(), rows).await?;
            }
            Some(Change::GuardianLinksChanged(change)) => {
                let rows = change
                    .guardian_links
                    .iter()
                    .map(guardian_row)
                    .collect::<anyhow::Result<_>>()?;
                upsert::<guardian_copy::Entity, _>(uow.conn(), rows).await?;
            }
            Some(Change::MembershipsChanged(change)) => {
                let rows = change
                    .memberships
                    .iter()
                    .map(member_row)
                    .collect::<anyhow::Result<_>>()?;
                upsert::<member_copy::Entity, _>(uow.conn(), rows).await?;
            }
            Some(Change::SupervisionsChanged(change)) => {
                let rows = change
                    .supervisions
                    .iter()
                    .map(supervisor_row)
                    .collect::<anyhow::Result<_>>()?;
                upsert::<supervisor_copy::Entity, _>(uow.conn(), rows).await?;
            }
            _ => {}
        }
        Ok(())
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        person_card::Entity::delete_many().exec(uow.conn()).await?;
        guardian_copy::Entity::delete_many()
            .exec(uow.conn())
            .await?;
        supervisor_copy::Entity::delete_many()
            .exec(uow.conn())
            .await?;
        member_copy::Entity::delete_many().exec(uow.conn()).await?;
        Ok(())
    }
}

fn person_row(school_id: Uuid, person: &PersonCard) -> anyhow::Result<person_card::Model> {
    Ok(person_card::Model {
        school_id,
        person_id: person.person_id.parse::<PersonId>()?.uuid(),
        given_name: person
            .name
            .as_ref()
            .map_or_else(String::new, |n| n.given_name.clone()),
    })
}

fn guardian_row(link: &GuardianLink) -> anyhow::Result<guardian_copy::Model> {
    Ok(guardian_copy::Model {
        school_id: link.school_id.parse::<SchoolId>()?.uuid(),
        guardian_link_id: link.guardian_link_id.parse::<GuardianLinkId>()?.uuid(),
        guardian_id: link.guardian_id.parse::<PersonId>()?.uuid(),
        pupil_id: link.pupil_id.parse::<PersonId>()?.uuid(),
        informed: link.is_representative && link.informing() != Informing::Paper,
        starts_on: link.starts_on.clone(),
        ends_on: (!link.ends_on.is_empty()).then(|| link.ends_on.clone()),
    })
}

fn member_row(membership: &GroupMembership) -> anyhow::Result<member_copy::Model> {
    Ok(member_copy::Model {
        school_id: membership.school_id.parse::<SchoolId>()?.uuid(),
        group_id: membership.group_id.parse::<GroupId>()?.uuid(),
        pupil_id: membership.pupil_id.parse::<PersonId>()?.uuid(),
        starts_on: membership.starts_on.clone(),
        ends_on: (!membership.ends_on.is_empty()).then(|| membership.ends_on.clone()),
    })
}

fn supervisor_row(supervision: &Supervision) -> anyhow::Result<supervisor_copy::Model> {
    Ok(supervisor_copy::Model {
        school_id: supervision.school_id.parse::<SchoolId>()?.uuid(),
        supervision_id: supervision.supervision_id.parse::<SupervisionId>()?.uuid(),
        person_id: supervision.person_id.parse::<PersonId>()?.uuid(),
        grade_from: i32::try_from(supervision.grade_from)?,
        grade_to: i32::try_from(supervision.grade_to)?,
        starts_on: supervision.starts_on.clone(),
        ends_on: (!supervision.ends_on.is_empty()).then(|| supervision.ends_on.clone()),
    })
}
