//! Roster's feed: schools, names, staff, classes, groups, who is where when, registries.

use async_trait::async_trait;
use chassis::db::UnitOfWork;
use chassis::feed::Consumer;
use sea_orm::EntityTrait;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;

use super::{
    on_classes_changed, on_enrolments_changed, on_groups_changed, on_guardian_links_changed,
    on_journal_modes_changed, on_memberships_changed, on_people_changed,
    on_registry_records_changed, on_school_changed, on_staff_changed, parse,
};
use crate::store::entity::{
    enrolment, group_membership, guardian_link, paper_journal, person_card, registry_record,
    school, school_class, staff_member, study_group,
};

/// Keeps reporting's copy of roster's facts.
pub struct RosterFeed;

#[async_trait]
impl Consumer for RosterFeed {
    type Event = pb::WatchRosterEventsResponse;
    const CHANGES: &'static [&'static str] = &[
        "school_changed",
        "people_changed",
        "classes_changed",
        "groups_changed",
        "enrolments_changed",
        "memberships_changed",
        "staff_changed",
        "guardian_links_changed",
        "registry_records_changed",
        "journal_modes_changed",
    ];

    fn key_of(event: &Self::Event) -> Option<String> {
        event.event.as_ref().and_then(key)
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        match &event.event {
            Some(event) => apply(uow, event).await,
            None => Ok(()),
        }
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        let conn = uow.conn();
        school::Entity::delete_many().exec(conn).await?;
        person_card::Entity::delete_many().exec(conn).await?;
        school_class::Entity::delete_many().exec(conn).await?;
        study_group::Entity::delete_many().exec(conn).await?;
        enrolment::Entity::delete_many().exec(conn).await?;
        group_membership::Entity::delete_many().exec(conn).await?;
        staff_member::Entity::delete_many().exec(conn).await?;
        guardian_link::Entity::delete_many().exec(conn).await?;
        registry_record::Entity::delete_many().exec(conn).await?;
        paper_journal::Entity::delete_many().exec(conn).await?;
        Ok(())
    }
}

/// What the event is about: records of one kind and school. Others are not ours.
fn key(event: &pb::RosterEvent) -> Option<String> {
    let kind = match event.change.as_ref()? {
        Change::SchoolChanged(_) => "school",
        Change::PeopleChanged(_) => "people",
        Change::ClassesChanged(_) => "classes",
        Change::GroupsChanged(_) => "groups",
        Change::EnrolmentsChanged(_) => "enrolments",
        Change::MembershipsChanged(_) => "memberships",
        Change::StaffChanged(_) => "staff",
        Change::GuardianLinksChanged(_) => "guardian_links",
        Change::RegistryRecordsChanged(_) => "registry_records",
        Change::JournalModesChanged(_) => "journal_modes",
        Change::SupervisionsChanged(_)
        | Change::MunicipalityChanged(_)
        | Change::AuthorityRecordsChanged(_) => return None,
    };
    Some(format!("{kind}:{}", event.school_id))
}

/// Takes the present state of what the event names.
pub async fn apply(uow: &UnitOfWork, event: &pb::RosterEvent) -> anyhow::Result<()> {
    let school = || parse::school(&event.school_id);
    match &event.change {
        Some(Change::SchoolChanged(changed)) => on_school_changed::apply(uow, changed).await,
        Some(Change::PeopleChanged(changed)) => {
            on_people_changed::apply(uow, school()?, &changed.people).await
        }
        Some(Change::ClassesChanged(changed)) => {
            on_classes_changed::apply(uow, school()?, changed).await
        }
        Some(Change::GroupsChanged(changed)) => {
            on_groups_changed::apply(uow, school()?, changed).await
        }
        Some(Change::EnrolmentsChanged(changed)) => {
            on_enrolments_changed::apply(uow, school()?, &changed.enrolments).await
        }
        Some(Change::MembershipsChanged(changed)) => {
            on_memberships_changed::apply(uow, school()?, &changed.memberships).await
        }
        Some(Change::StaffChanged(changed)) => {
            on_staff_changed::apply(uow, school()?, &changed.staff).await
        }
        Some(Change::GuardianLinksChanged(changed)) => {
            on_guardian_links_changed::apply(uow, school()?, &changed.guardian_links).await
        }
        Some(Change::RegistryRecordsChanged(changed)) => {
            on_registry_records_changed::apply(uow, school()?, changed).await
        }
        Some(Change::JournalModesChanged(changed)) => {
            on_journal_modes_changed::apply(uow, school()?, &changed.modes).await
        }
        Some(
            Change::SupervisionsChanged(_)
            | Change::MunicipalityChanged(_)
            | Change::AuthorityRecordsChanged(_),
        )
        | None => Ok(()),
    }
}
