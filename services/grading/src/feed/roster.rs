//! Roster's events → names, classes, groups, who is where, who is whose guardian.

use anyhow::Context;
use async_trait::async_trait;
use chassis::{db::UnitOfWork, feed::Consumer};
use uuid::Uuid;
use zhurnal_proto::{
    id::{
        ClassId, EnrolmentId, GroupId, GuardianLinkId, JournalModeId, PersonId, SchoolId,
        SupervisionId,
    },
    roster::v1::{
        Enrolment, Group, GroupMembership, GuardianLink, JournalMode, JournalModeKind, PersonCard,
        School, SchoolClass, Supervision, WatchRosterEventsResponse, roster_event::Change,
    },
};

use super::{day, end, id, optional, small, start, year};
use crate::{
    Grading,
    domain::collation::sort_key,
    ops::announce_journals::announce_journals,
    store::{
        journals,
        roster_copy::{
            self, ClassRow, EnrolmentRow, GroupRow, GuardianRow, MembershipRow, PaperRow,
            PersonRow, SupervisionRow,
        },
        schools::{self, Producer},
    },
};

/// Keeps the copy of roster's facts.
pub struct Roster {
    grading: Grading,
}

impl Roster {
    /// For the task that follows.
    pub fn new(grading: &Grading) -> Roster {
        Roster {
            grading: grading.clone(),
        }
    }

    /// Facts that decisions rest on have changed.
    async fn moved(&self, uow: &UnitOfWork, school: Uuid, cursor: &str) -> anyhow::Result<()> {
        self.grading.columns.forget(SchoolId::from_uuid(school));
        Ok(schools::facts_changed(uow.conn(), school, Producer::Roster, cursor).await?)
    }

    async fn put_school(
        &self,
        uow: &UnitOfWork,
        school: &School,
        cursor: &str,
    ) -> anyhow::Result<()> {
        let school_id = id::<SchoolId>(&school.school_id)?;
        let present = if school.academic_year.is_empty() {
            0
        } else {
            year(&school.academic_year)?
        };
        self.moved(uow, school_id, cursor).await?;
        Ok(schools::put(uow.conn(), school_id, &school.time_zone, present).await?)
    }

    /// Of the ways of keeping a journal only paper decides here, and only pupils have it.
    async fn put_modes(
        &self,
        uow: &UnitOfWork,
        school: Uuid,
        modes: &[JournalMode],
    ) -> anyhow::Result<()> {
        let on_paper = |mode: &&JournalMode| {
            mode.kind() == JournalModeKind::Paper && !mode.withdrawn && !mode.pupil_id.is_empty()
        };
        let (stand, gone): (Vec<&JournalMode>, Vec<&JournalMode>) =
            modes.iter().partition(on_paper);
        let rows: anyhow::Result<Vec<PaperRow>> = stand
            .into_iter()
            .map(|mode| paper_row(school, mode))
            .collect();
        roster_copy::put_paper(uow.conn(), rows?).await?;
        let gone: anyhow::Result<Vec<Uuid>> = gone
            .into_iter()
            .map(|mode| id::<JournalModeId>(&mode.mode_id))
            .collect();
        Ok(roster_copy::remove_paper(uow.conn(), school, gone?).await?)
    }

    /// Groups, and with them the titles of their journals.
    async fn put_groups(
        &self,
        uow: &mut UnitOfWork,
        school: Uuid,
        groups: &[Group],
        cursor: &str,
    ) -> anyhow::Result<()> {
        let rows: Vec<GroupRow> = collect(groups, |group| group_row(school, group))?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.group_id).collect();
        roster_copy::put_groups(uow.conn(), rows.clone()).await?;
        let mut seeds = journals::seeds_of_groups(uow.conn(), school, &ids).await?;
        for seed in &mut seeds {
            if let Some(row) = rows.iter().find(|row| row.group_id == seed.group) {
                seed.group_title.clone_from(&row.title);
                seed.class = row.class_id;
                if row.grade > 0 {
                    seed.grade = row.grade;
                }
            }
        }
        let (_, changed) =
            journals::ensure(uow.conn(), self.grading.makes_journals(), school, &seeds).await?;
        if !changed.is_empty() {
            // Whether marks are taken is kept with the columns.
            self.moved(uow, school, cursor).await?;
        }
        Ok(announce_journals(uow, self.grading.now(), school, &changed).await?)
    }
}

#[async_trait]
impl Consumer for Roster {
    type Event = WatchRosterEventsResponse;
    const CHANGES: &'static [&'static str] = &[
        "school_changed",
        "people_changed",
        "classes_changed",
        "groups_changed",
        "enrolments_changed",
        "memberships_changed",
        "guardian_links_changed",
        "supervisions_changed",
        "journal_modes_changed",
    ];

    /// Order matters inside a school and a kind: an event that cannot be taken
    /// holds back later states of the same records.
    fn key_of(event: &Self::Event) -> Option<String> {
        let event = event.event.as_ref()?;
        let kind = event.change.as_ref().map(std::mem::discriminant);
        Some(format!("{} {kind:?}", event.school_id))
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        let cursor = &event.cursor;
        let Some(event) = &event.event else {
            return Ok(());
        };
        let Some(change) = &event.change else {
            return Ok(());
        };
        if let Change::SchoolChanged(changed) = change {
            let school = changed
                .school
                .as_ref()
                .context("school_changed without a school")?;
            return self.put_school(uow, school, cursor).await;
        }
        let school = id::<SchoolId>(&event.school_id)?;
        match change {
            // Duties come with the session, and registries decide nothing.
            Change::SchoolChanged(_)
            | Change::StaffChanged(_)
            | Change::RegistryRecordsChanged(_)
            | Change::MunicipalityChanged(_)
            | Change::AuthorityRecordsChanged(_) => {}
            Change::PeopleChanged(c) => {
                roster_copy::put_people(
                    uow.conn(),
                    collect(&c.people, |card| person_row(school, card))?,
                )
                .await?;
            }
            Change::ClassesChanged(c) => {
                roster_copy::put_classes(
                    uow.conn(),
                    collect(&c.classes, |class| class_row(school, class))?,
                )
                .await?;
                let gone = collect(&c.removed_ids, |class| id::<ClassId>(class))?;
                roster_copy::remove_classes(uow.conn(), school, gone).await?;
            }
            Change::GroupsChanged(c) => {
                self.put_groups(uow, school, &c.groups, cursor).await?;
                let gone = collect(&c.removed_ids, |group| id::<GroupId>(group))?;
                roster_copy::remove_groups(uow.conn(), school, gone).await?;
            }
            Change::EnrolmentsChanged(c) => {
                let rows = collect(&c.enrolments, |enrolment| enrolment_row(school, enrolment))?;
                roster_copy::put_enrolments(uow.conn(), rows).await?;
            }
            Change::MembershipsChanged(c) => {
                let rows = collect(&c.memberships, |membership| {
                    membership_row(school, membership)
                })?;
                roster_copy::put_memberships(uow.conn(), rows).await?;
                self.moved(uow, school, cursor).await?;
            }
            Change::GuardianLinksChanged(c) => {
                let rows = collect(&c.guardian_links, |link| guardian_row(school, link))?;
                roster_copy::put_guardians(uow.conn(), rows).await?;
            }
            Change::JournalModesChanged(c) => {
                self.put_modes(uow, school, &c.modes).await?;
                self.moved(uow, school, cursor).await?;
            }
            Change::SupervisionsChanged(c) => {
                let rows = collect(&c.supervisions, |supervision| {
                    supervision_row(school, supervision)
                })?;
                roster_copy::put_supervisions(uow.conn(), rows).await?;
            }
        }
        Ok(())
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        Ok(roster_copy::reset(uow.conn()).await?)
    }
}

fn collect<T, R>(items: &[T], row: impl Fn(&T) -> anyhow::Result<R>) -> anyhow::Result<Vec<R>> {
    items.iter().map(row).collect()
}

fn person_row(school_id: Uuid, card: &PersonCard) -> anyhow::Result<PersonRow> {
    let name = card.name.clone().unwrap_or_default();
    let full = format!("{} {} {}", name.surname, name.given_name, name.patronymic);
    Ok(PersonRow {
        school_id,
        person_id: id::<PersonId>(&card.person_id)?,
        surname: name.surname,
        given_name: name.given_name,
        patronymic: name.patronymic,
        sort_key: if card.sort_key.is_empty() {
            sort_key(&full)
        } else {
            card.sort_key.clone()
        },
    })
}

fn class_row(school_id: Uuid, class: &SchoolClass) -> anyhow::Result<ClassRow> {
    Ok(ClassRow {
        school_id,
        class_id: id::<ClassId>(&class.class_id)?,
        academic_year: year(&class.academic_year)?,
        grade: small(class.grade)?,
        title: class.title.clone(),
        class_teacher_id: optional::<PersonId>(&class.class_teacher_id)?,
    })
}

fn group_row(school_id: Uuid, group: &Group) -> anyhow::Result<GroupRow> {
    Ok(GroupRow {
        school_id,
        group_id: id::<GroupId>(&group.group_id)?,
        academic_year: year(&group.academic_year)?,
        title: group.title.clone(),
        class_id: optional::<ClassId>(&group.class_id)?,
        grade: small(group.grade)?,
        unmarked: group.unmarked,
    })
}

fn enrolment_row(school_id: Uuid, enrolment: &Enrolment) -> anyhow::Result<EnrolmentRow> {
    Ok(EnrolmentRow {
        school_id,
        enrolment_id: id::<EnrolmentId>(&enrolment.enrolment_id)?,
        pupil_id: id::<PersonId>(&enrolment.pupil_id)?,
        class_id: optional::<ClassId>(&enrolment.class_id)?,
        starts_on: start(&enrolment.starts_on)?,
        ends_on: end(&enrolment.ends_on)?,
    })
}

fn membership_row(school_id: Uuid, membership: &GroupMembership) -> anyhow::Result<MembershipRow> {
    Ok(MembershipRow {
        school_id,
        group_id: id::<GroupId>(&membership.group_id)?,
        pupil_id: id::<PersonId>(&membership.pupil_id)?,
        starts_on: day(&membership.starts_on)?,
        ends_on: end(&membership.ends_on)?,
    })
}

fn guardian_row(school_id: Uuid, link: &GuardianLink) -> anyhow::Result<GuardianRow> {
    Ok(GuardianRow {
        school_id,
        guardian_link_id: id::<GuardianLinkId>(&link.guardian_link_id)?,
        guardian_id: id::<PersonId>(&link.guardian_id)?,
        pupil_id: id::<PersonId>(&link.pupil_id)?,
        is_representative: link.is_representative,
        starts_on: start(&link.starts_on)?,
        ends_on: end(&link.ends_on)?,
    })
}

fn paper_row(school_id: Uuid, mode: &JournalMode) -> anyhow::Result<PaperRow> {
    Ok(PaperRow {
        school_id,
        mode_id: id::<JournalModeId>(&mode.mode_id)?,
        pupil_id: id::<PersonId>(&mode.pupil_id)?,
        starts_on: day(&mode.starts_on)?,
        ends_on: end(&mode.ends_on)?,
    })
}

fn supervision_row(school_id: Uuid, supervision: &Supervision) -> anyhow::Result<SupervisionRow> {
    Ok(SupervisionRow {
        school_id,
        supervision_id: id::<SupervisionId>(&supervision.supervision_id)?,
        person_id: id::<PersonId>(&supervision.person_id)?,
        grade_from: small(supervision.grade_from)?,
        grade_to: small(supervision.grade_to)?,
        starts_on: start(&supervision.starts_on)?,
        ends_on: end(&supervision.ends_on)?,
    })
}
