//! Makes notices of what has waited long enough.

use std::time::Duration;

use chassis::task::Task;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr};
use tokio_util::sync::CancellationToken;
use zhurnal_proto::id::PersonId;
use zhurnal_proto::notification::v1::NoticeKind;

use crate::Shared;
use crate::domain::cell::{Known, News};
use crate::domain::wording;
use crate::store::entity::{pending_cell, told_cell};
use crate::store::{people, waiting};
use crate::tell::{Telling, tell};

/// The task: every second by default.
pub fn task(shared: &Shared) -> Task {
    let shared = shared.clone();
    Task::new("flush notices", move |stop: CancellationToken| {
        let shared = shared.clone();
        async move {
            let mut tick = tokio::time::interval(Duration::from_millis(
                shared.config.flush_interval_ms.max(10),
            ));
            loop {
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    _ = tick.tick() => while flush(&shared).await? > 0 {},
                }
            }
        }
    })
}

/// One batch; gives how many cells were due.
pub async fn flush(shared: &Shared) -> anyhow::Result<usize> {
    let now = shared.cx.clock.now();
    if !waiting::any_due(shared.cx.db.read(), now).await? {
        return Ok(0);
    }
    let mut uow = shared.cx.db.begin().await?;
    let due = waiting::take_due(uow.conn(), now).await?;
    let count = due.len();
    let tellings = news(uow.conn(), due, shared.today()).await?;
    tell(&mut uow, &shared.cx.ids, now, &tellings).await?;
    uow.commit().await?;
    Ok(count)
}

/// What of the due cells their families do not know yet; noted as told.
async fn news(
    conn: &impl ConnectionTrait,
    due: Vec<pending_cell::Model>,
    today: Date,
) -> Result<Vec<Telling>, DbErr> {
    let key = |row: &pending_cell::Model| (row.school_id, row.lesson_id, row.pupil_id);
    let mut told = waiting::told(conn, &due.iter().map(key).collect()).await?;
    let mut news = Vec::new();
    for row in due {
        let before = told.remove(&key(&row));
        let mut known = before
            .map(|t| Known::stored(&t.marks, t.absence))
            .unwrap_or_default();
        let new = known.learn(Known::stored(&row.marks, row.absence));
        if !new.is_empty() {
            news.push((row, known, new));
        }
    }
    let noted = news.iter().map(|(row, known, _)| told_cell::Model {
        school_id: row.school_id,
        lesson_id: row.lesson_id,
        pupil_id: row.pupil_id,
        marks: known.marks_text(),
        absence: known.absence_number(),
    });
    waiting::note(conn, noted.collect()).await?;
    let journals = news.iter().map(|(row, ..)| (row.school_id, row.journal_id));
    let subjects = people::subjects(conn, &journals.collect()).await?;
    let pupils = news.iter().map(|(row, ..)| (row.school_id, row.pupil_id));
    let to = people::told_of(conn, &pupils.collect(), today).await?;
    let mut tellings = Vec::new();
    for (row, _, new) in news {
        let subject = subjects.get(&(row.school_id, row.journal_id));
        let subject = subject.map_or("Предмет", String::as_str);
        let to = to.get(&(row.school_id, row.pupil_id));
        let pupil = PersonId::from_uuid(row.pupil_id);
        for one in new {
            let (kind, text) = match one {
                News::Mark(value) => (NoticeKind::Mark, wording::mark(subject, &row.date, &value)),
                News::Absence(absence) => (
                    NoticeKind::Absence,
                    wording::absence(subject, &row.date, absence),
                ),
            };
            tellings.push(Telling {
                to: to.cloned().unwrap_or_default(),
                school: row.school_id,
                kind,
                pupil: Some(row.pupil_id),
                text,
                link: format!("/diary/{pupil}?date={}", row.date),
            });
        }
    }
    Ok(tellings)
}
