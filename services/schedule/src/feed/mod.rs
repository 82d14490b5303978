//! Follows roster's feed: classes, groups and staff, and nothing else.

mod on_classes_changed;
mod on_groups_changed;
mod on_staff_changed;

use anyhow::Context;
use async_trait::async_trait;
use chassis::client::Peers;
use chassis::db::UnitOfWork;
use chassis::feed::Consumer;
use futures::StreamExt;
use futures::stream::BoxStream;
use tonic::Status;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::roster::v1::roster_service_client::RosterServiceClient;

use crate::store::{School, roster_copy};

/// Largest event taken, bytes: 500 cards with long names are far below.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Keeps schedule's copy of roster's facts.
pub struct RosterFeed {
    peers: Peers,
}

impl RosterFeed {
    /// Over the service's peers.
    pub fn new(peers: Peers) -> Self {
        Self { peers }
    }
}

#[async_trait]
impl Consumer for RosterFeed {
    type Event = pb::WatchRosterEventsResponse;
    const PRODUCER: &'static str = "roster";

    async fn open(
        &self,
        cursor: String,
    ) -> Result<BoxStream<'static, Result<Self::Event, Status>>, Status> {
        let request = pb::WatchRosterEventsRequest {
            cursor,
            ..Default::default()
        };
        let channel = self.peers.channel(Self::PRODUCER);
        let mut client = RosterServiceClient::new(channel).max_decoding_message_size(MOST_BYTES);
        Ok(client
            .watch_roster_events(request)
            .await?
            .into_inner()
            .boxed())
    }

    fn cursor_of(event: &Self::Event) -> &str {
        &event.cursor
    }

    fn key_of(event: &Self::Event) -> Option<String> {
        let event = event.event.as_ref()?;
        let kind = match event.change.as_ref()? {
            Change::ClassesChanged(_) => "classes",
            Change::GroupsChanged(_) => "groups",
            Change::StaffChanged(_) => "staff",
            _ => return None,
        };
        Some(format!("{kind}:{}", event.school_id))
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        match &event.event {
            Some(event) => apply(uow, event).await,
            None => Ok(()),
        }
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        Ok(roster_copy::forget(uow.conn()).await?)
    }
}

/// Takes the present state of what the event names.
pub async fn apply(uow: &UnitOfWork, event: &pb::RosterEvent) -> anyhow::Result<()> {
    let school = || -> anyhow::Result<School> {
        let school: SchoolId = event.school_id.parse().context("school_id")?;
        Ok(School::told_by_roster(school))
    };
    match &event.change {
        Some(Change::ClassesChanged(changed)) => {
            on_classes_changed::apply(uow, school()?, &changed.classes).await
        }
        Some(Change::GroupsChanged(changed)) => {
            on_groups_changed::apply(uow, school()?, &changed.groups).await
        }
        Some(Change::StaffChanged(changed)) => {
            on_staff_changed::apply(uow, school()?, &changed.staff).await
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
