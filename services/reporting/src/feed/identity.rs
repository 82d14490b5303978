//! Identity's feed: who got a code, and who has registered (R240).

use async_trait::async_trait;
use chassis::db::UnitOfWork;
use chassis::feed::Consumer;
use sea_orm::EntityTrait;
use zhurnal_proto::id::PersonId;
use zhurnal_proto::identity::v1 as pb;
use zhurnal_proto::identity::v1::identity_event::Change;

use super::parse;
use crate::store::entity::access_fact;
use crate::store::sheet_copies;

/// Keeps reporting's copy of identity's facts.
pub struct IdentityFeed;

#[async_trait]
impl Consumer for IdentityFeed {
    type Event = pb::WatchIdentityEventsResponse;
    const CHANGES: &'static [&'static str] = &["person_registered", "invitations_issued"];

    fn key_of(event: &Self::Event) -> Option<String> {
        let event = event.event.as_ref()?;
        taken(event).then(|| event.school_id.clone())
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        match &event.event {
            Some(event) => apply(uow, event).await,
            None => Ok(()),
        }
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        access_fact::Entity::delete_many().exec(uow.conn()).await?;
        Ok(())
    }
}

/// Codes and accounts of a school's people; those of the region are not counted.
fn taken(event: &pb::IdentityEvent) -> bool {
    !event.school_id.is_empty()
        && matches!(
            event.change,
            Some(Change::PersonRegistered(_) | Change::InvitationsIssued(_))
        )
}

/// Takes what the event tells: facts are only added.
pub async fn apply(uow: &UnitOfWork, event: &pb::IdentityEvent) -> anyhow::Result<()> {
    if !taken(event) {
        return Ok(());
    }
    let school = parse::school(&event.school_id)?;
    match &event.change {
        Some(Change::PersonRegistered(one)) => {
            let person = parse::id::<PersonId>("person_id", &one.person_id)?;
            Ok(sheet_copies::registered(uow.conn(), school, PersonId::from_uuid(person)).await?)
        }
        Some(Change::InvitationsIssued(issued)) => {
            let people = issued.person_ids.iter();
            let people = people
                .map(|id| parse::id::<PersonId>("person_ids", id).map(PersonId::from_uuid))
                .collect::<anyhow::Result<Vec<_>>>()?;
            Ok(sheet_copies::issued(uow.conn(), school, &people).await?)
        }
        _ => Ok(()),
    }
}
