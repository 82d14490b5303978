//! Grading's events → what waits to be told.

use std::collections::BTreeMap;

use anyhow::Context;
use async_trait::async_trait;
use chassis::db::{UnitOfWork, micros, upsert};
use chassis::feed::Consumer;
use chassis::ids::Ids;
use jiff::{SignedDuration, Timestamp};
use sea_orm::EntityTrait;
use uuid::Uuid;
use zhurnal_proto::grading::v1::grading_event::Change;
use zhurnal_proto::grading::v1::{
    Attendance, CellsChanged, ChangedCell, CorrectionChanged, GradingEvent, Journal,
    WatchGradingEventsResponse,
};
use zhurnal_proto::id::{JournalId, PersonId, SchoolId};
use zhurnal_proto::notification::v1::NoticeKind;

use crate::Shared;
use crate::domain::wording::{self, Absence};
use crate::store::entity::{journal_copy, notice, pending_notice, told};
use crate::store::{notices, people, waiting};

/// Slots of a cell, as in the contract.
const SLOTS: u32 = 8;

/// Collects what there is to tell.
pub struct Grading {
    /// Clock, ids, settings, peers.
    pub shared: Shared,
}

#[async_trait]
impl Consumer for Grading {
    type Event = WatchGradingEventsResponse;

    fn key_of(event: &Self::Event) -> Option<String> {
        event.event.as_ref().map(|e| e.school_id.clone())
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        let Some(event) = &event.event else {
            return Ok(());
        };
        match &event.change {
            Some(Change::JournalOpened(opened)) => {
                let journal = opened
                    .journal
                    .as_ref()
                    .context("journal_opened without a journal")?;
                upsert::<journal_copy::Entity, _>(uow.conn(), vec![journal_row(journal)?]).await?;
            }
            Some(Change::CellsChanged(cells)) => self.cells(uow, &[(event, cells)]).await?,
            Some(Change::CorrectionChanged(correction)) => {
                self.correction(uow, event, correction).await?
            }
            Some(Change::LessonRecorded(_) | Change::LedgerCheckpointSigned(_)) | None => {}
        }
        Ok(())
    }

    async fn apply_all(&self, uow: &mut UnitOfWork, events: &[&Self::Event]) -> anyhow::Result<()> {
        // Cells need the titles of their journals: those come first.
        let mut all = Vec::with_capacity(events.len());
        for item in events {
            match item.event.as_ref().map(|event| (event, &event.change)) {
                Some((event, Some(Change::CellsChanged(cells)))) => all.push((event, cells)),
                _ => self.apply(uow, item).await?,
            }
        }
        self.cells(uow, &all).await
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        // What was told stays told: a feed that starts over must not tell it again.
        journal_copy::Entity::delete_many().exec(uow.conn()).await?;
        pending_notice::Entity::delete_many()
            .exec(uow.conn())
            .await?;
        Ok(())
    }
}

impl Grading {
    /// Of a slot that changed several times the last state is told.
    async fn cells(
        &self,
        uow: &mut UnitOfWork,
        events: &[(&GradingEvent, &CellsChanged)],
    ) -> anyhow::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let journals = events
            .iter()
            .map(|(event, cells)| journal_of(event, cells))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let subjects = people::subjects(uow.conn(), &journals).await?;
        let grace = SignedDuration::from_secs(self.shared.config.slip_grace_seconds.into());
        let mut slots = BTreeMap::new();
        for ((event, cells), journal) in events.iter().zip(journals) {
            let (school, due) = (journal.0, micros(committed_at(event) + grace));
            let subject = subjects.get(&journal).map_or("Предмет", String::as_str);
            for changed in &cells.cells {
                for (key, telling) in tellings(subject, changed) {
                    let row = telling
                        .map(|told| pending(school, key.clone(), told, changed, due))
                        .transpose()?;
                    slots.insert((school, key), row);
                }
            }
        }
        let gone = slots.iter().filter(|(_, row)| row.is_none());
        waiting::drop(uow.conn(), gone.map(|(slot, _)| slot)).await?;
        waiting::put(uow.conn(), slots.into_values().flatten().collect()).await?;
        Ok(())
    }

    async fn correction(
        &self,
        uow: &mut UnitOfWork,
        event: &GradingEvent,
        change: &CorrectionChanged,
    ) -> anyhow::Result<()> {
        let school = event.school_id.parse::<SchoolId>()?.uuid();
        let now = self.shared.cx.clock.now();
        let author = change.author_id.parse::<PersonId>()?.uuid();
        let (to, text) = if change.pending {
            let today = self.shared.today();
            let mut deputies = people::supervisors(uow.conn(), school, today).await?;
            deputies.retain(|d| *d != author);
            (deputies, wording::correction_asked())
        } else {
            (vec![author], wording::correction_decided(change.approved))
        };
        let key = format!(
            "{}:{}",
            change.correction_request_id,
            if change.pending { "asked" } else { "decided" }
        );
        let fresh = told::Entity::find_by_id((school, key.clone()))
            .one(uow.conn())
            .await?
            .is_none();
        if fresh {
            upsert::<told::Entity, _>(
                uow.conn(),
                vec![told::Model {
                    school_id: school,
                    subject_key: key,
                    text: text.clone(),
                }],
            )
            .await?;
            let link = "/corrections".to_owned();
            let about = Telling {
                school,
                kind: NoticeKind::Correction,
                pupil: None,
                text,
                link,
            };
            add(uow, &self.shared.cx.ids, now, &to, &about).await?;
        }
        Ok(())
    }
}

/// What is told to several cards.
pub struct Telling {
    /// School.
    pub school: Uuid,
    /// Kind.
    pub kind: NoticeKind,
    /// Pupil concerned.
    pub pupil: Option<Uuid>,
    /// Text.
    pub text: String,
    /// Page.
    pub link: String,
}

/// Adds a notice for each card and announces it.
pub async fn add(
    uow: &mut UnitOfWork,
    ids: &Ids,
    now: Timestamp,
    to: &[Uuid],
    about: &Telling,
) -> anyhow::Result<()> {
    let rows: Vec<notice::Model> = to
        .iter()
        .map(|person_id| notice::Model {
            person_id: *person_id,
            notice_id: ids.uuid(),
            school_id: about.school,
            kind: about.kind as i16,
            pupil_id: about.pupil,
            text: about.text.clone(),
            link: about.link.clone(),
            created_us: micros(now),
            read_us: None,
        })
        .collect();
    notices::insert(uow.conn(), rows).await?;
    for person_id in to {
        uow.announce(crate::rpc::convert::added(*person_id, about.school, now));
    }
    Ok(())
}

/// Every slot of a changed cell, and its attendance: what to tell, or nothing.
fn tellings(subject: &str, changed: &ChangedCell) -> Vec<(String, Option<(NoticeKind, String)>)> {
    let Some(cell) = &changed.cell else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for slot in 1..=SLOTS {
        let mark = cell.marks.iter().find(|m| m.slot == slot);
        let key = format!("{}:{}:{slot}", cell.lesson_id, cell.pupil_id);
        all.push((
            key,
            mark.map(|m| {
                (
                    NoticeKind::Mark,
                    wording::mark(subject, &changed.date, &m.value),
                )
            }),
        ));
    }
    let absence = match cell.attendance() {
        Attendance::Absent | Attendance::Ill | Attendance::Excused => Some(Absence::Away),
        Attendance::Late => Some(Absence::Late),
        Attendance::Unspecified => None,
    };
    let key = format!("{}:{}:attendance", cell.lesson_id, cell.pupil_id);
    all.push((
        key,
        absence.map(|kind| {
            (
                NoticeKind::Absence,
                wording::absence(subject, &changed.date, kind),
            )
        }),
    ));
    all
}

fn journal_of(event: &GradingEvent, cells: &CellsChanged) -> anyhow::Result<(Uuid, Uuid)> {
    let school = event.school_id.parse::<SchoolId>()?.uuid();
    Ok((school, cells.journal_id.parse::<JournalId>()?.uuid()))
}

fn pending(
    school_id: Uuid,
    subject_key: String,
    (kind, text): (NoticeKind, String),
    changed: &ChangedCell,
    due_us: i64,
) -> anyhow::Result<pending_notice::Model> {
    let pupil = changed
        .cell
        .as_ref()
        .map(|c| c.pupil_id.clone())
        .unwrap_or_default();
    Ok(pending_notice::Model {
        school_id,
        subject_key,
        kind: kind as i16,
        pupil_id: pupil.parse::<PersonId>()?.uuid(),
        text,
        link: format!("/diary/{pupil}?date={}", changed.date),
        due_us,
    })
}

fn committed_at(event: &GradingEvent) -> Timestamp {
    let at = event.occurred_at.unwrap_or_default();
    Timestamp::new(at.seconds, at.nanos).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn journal_row(journal: &Journal) -> anyhow::Result<journal_copy::Model> {
    Ok(journal_copy::Model {
        school_id: journal.school_id.parse::<SchoolId>()?.uuid(),
        journal_id: journal.journal_id.parse::<JournalId>()?.uuid(),
        subject_title: journal.subject_title.clone(),
    })
}
