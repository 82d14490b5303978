//! Follows roster's feed: classes, groups with their members, guardians, and staff, and nothing
//! else.

mod on_classes_changed;
mod on_groups_changed;
mod on_guardian_links_changed;
mod on_memberships_changed;
mod on_staff_changed;

use anyhow::Context;
use async_trait::async_trait;
use chassis::clock::Clock;
use chassis::db::UnitOfWork;
use chassis::feed::Consumer;
use jiff::Timestamp;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;

use crate::store::{School, roster_copy};

/// Keeps schedule's copy of roster's facts.
pub struct RosterFeed {
    /// Tells when what follows from them happens.
    pub clock: Clock,
}

#[async_trait]
impl Consumer for RosterFeed {
    type Event = pb::WatchRosterEventsResponse;
    const CHANGES: &'static [&'static str] = &[
        "classes_changed",
        "groups_changed",
        "guardian_links_changed",
        "memberships_changed",
        "staff_changed",
    ];

    fn key_of(event: &Self::Event) -> Option<String> {
        let event = event.event.as_ref()?;
        let kind = match event.change.as_ref()? {
            Change::ClassesChanged(_) => "classes",
            Change::GroupsChanged(_) => "groups",
            Change::MembershipsChanged(_) => "memberships",
            Change::StaffChanged(_) => "staff",
            Change::GuardianLinksChanged(_) => "guardian_links",
            _ => return None,
        };
        Some(format!("{kind}:{}", event.school_id))
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        match &event.event {
            Some(event) => apply(uow, self.clock.now(), event).await,
            None => Ok(()),
        }
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        Ok(roster_copy::forget(uow.conn()).await?)
    }
}

/// Takes the present state of what the event names.
pub async fn apply(
    uow: &mut UnitOfWork,
    now: Timestamp,
    event: &pb::RosterEvent,
) -> anyhow::Result<()> {
    let school = || -> anyhow::Result<School> {
        let school: SchoolId = event.school_id.parse().context("school_id")?;
        Ok(School::told_by_roster(school))
    };
    match &event.change {
        Some(Change::ClassesChanged(changed)) => {
            on_classes_changed::apply(uow, school()?, changed).await
        }
        Some(Change::GroupsChanged(changed)) => {
            on_groups_changed::apply(uow, now, school()?, changed).await
        }
        Some(Change::MembershipsChanged(changed)) => {
            on_memberships_changed::apply(uow, school()?, &changed.memberships).await
        }
        Some(Change::GuardianLinksChanged(changed)) => {
            on_guardian_links_changed::apply(uow, school()?, &changed.guardian_links).await
        }
        Some(Change::StaffChanged(changed)) => {
            on_staff_changed::apply(uow, school()?, &changed.staff).await
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod group_tests;
#[cfg(test)]
mod tests;
