//! Grading's events → what waits to be told.

use anyhow::Context;
use async_trait::async_trait;
use chassis::db::{UnitOfWork, micros, upsert};
use chassis::feed::Consumer;
use jiff::{SignedDuration, Timestamp};
use sea_orm::EntityTrait;
use zhurnal_proto::grading::v1::grading_event::Change;
use zhurnal_proto::grading::v1::{
    Attendance, Cell, CellsChanged, CorrectionChanged, GradingEvent, Journal,
    WatchGradingEventsResponse,
};
use zhurnal_proto::id::{CorrectionRequestId, JournalId, LessonId, PersonId, SchoolId};
use zhurnal_proto::notification::v1::NoticeKind;

use crate::Shared;
use crate::domain::cell::{Absence, Known};
use crate::domain::wording;
use crate::store::entity::{journal_copy, pending_cell, told_correction};
use crate::store::{people, waiting};
use crate::tell::{Telling, tell};

/// Collects what there is to tell.
pub struct Grading {
    /// Clock, ids, settings, peers.
    pub shared: Shared,
}

#[async_trait]
impl Consumer for Grading {
    type Event = WatchGradingEventsResponse;
    const CHANGES: &'static [&'static str] =
        &["cells_changed", "correction_changed", "journal_opened"];

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
        // Cells touch a table of their own: they may come last.
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
        pending_cell::Entity::delete_many().exec(uow.conn()).await?;
        Ok(())
    }
}

impl Grading {
    /// Of a cell that changed several times the last state is told.
    async fn cells(
        &self,
        uow: &mut UnitOfWork,
        events: &[(&GradingEvent, &CellsChanged)],
    ) -> anyhow::Result<()> {
        let grace = SignedDuration::from_secs(self.shared.config.slip_grace_seconds.into());
        let mut waiting = Vec::new();
        for (event, changed) in events {
            let school_id = event.school_id.parse::<SchoolId>()?.uuid();
            let journal_id = changed.journal_id.parse::<JournalId>()?.uuid();
            let due_us = micros(committed_at(event) + grace);
            for changed in &changed.cells {
                let cell = changed
                    .cell
                    .as_ref()
                    .context("a changed cell without a cell")?;
                let known = known(cell);
                waiting.push(pending_cell::Model {
                    school_id,
                    lesson_id: cell.lesson_id.parse::<LessonId>()?.uuid(),
                    pupil_id: cell.pupil_id.parse::<PersonId>()?.uuid(),
                    journal_id,
                    date: changed.date.clone(),
                    marks: known.marks_text(),
                    absence: known.absence_number(),
                    due_us,
                });
            }
        }
        Ok(waiting::put(uow.conn(), waiting).await?)
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
            let grade = (change.grade > 0)
                .then(|| i32::try_from(change.grade))
                .transpose()?;
            let mut deputies = people::supervisors(uow.conn(), school, grade, today).await?;
            deputies.retain(|d| *d != author);
            (deputies, wording::correction_asked())
        } else {
            (vec![author], wording::correction_decided(change.approved))
        };
        let told = told_correction::Model {
            school_id: school,
            correction_request_id: change
                .correction_request_id
                .parse::<CorrectionRequestId>()?
                .uuid(),
            decided: !change.pending,
        };
        if waiting::note_correction(uow.conn(), told).await? {
            let about = Telling {
                to: to.into_iter().collect(),
                school,
                kind: NoticeKind::Correction,
                pupil: None,
                text,
                link: "/corrections".to_owned(),
            };
            tell(uow, &self.shared.cx.ids, now, &[about]).await?;
        }
        Ok(())
    }
}

/// What the cell says now.
fn known(cell: &Cell) -> Known {
    let marks = cell.marks.iter().map(|m| (m.slot, m.value.clone()));
    Known {
        marks: marks.collect(),
        absence: match cell.attendance() {
            Attendance::Absent | Attendance::Ill | Attendance::Excused => Some(Absence::Away),
            Attendance::Late => Some(Absence::Late),
            Attendance::Unspecified => None,
        },
    }
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
