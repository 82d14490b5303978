//! Numbers new entries and signs the roots of the days that they belong to.
//!
//! Entries are numbered in the order of grading's own feed: every change announces
//! an event in its transaction, the feed has no gaps, and a late commit comes later.
//! So writers never wait for each other over a number.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    time::Duration,
};

use chassis::{
    db::background,
    feed::{self, Cursor, Filter, Item},
    outbox,
    task::Task,
};
use futures::StreamExt;
use jiff::civil::Date;
use prost::Message;
use uuid::Uuid;
use zhurnal_proto::{
    grading::v1::{GradingEvent, LedgerCheckpoint, LedgerCheckpointSigned, grading_event::Change},
    id::{LessonId, SchoolId},
};

use crate::{
    Grading,
    announce::{CELLS_CHANGED, CORRECTION_CHANGED, LESSON_RECORDED, announce},
    domain::ledger::note::Checkpoint,
    rpc::convert::timestamp,
    store::{
        ledger::{self, StoredCheckpoint},
        save::SealedEntry,
    },
};

/// Events taken by one round.
const ROUND: i64 = 5_000;

/// The task that signs what has changed, every so often.
pub fn task(grading: &Grading, every: Duration) -> Task {
    let grading = grading.clone();
    Task::new("ledger", move |stop| {
        let grading = grading.clone();
        background(async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(every) => {}
                }
                now(&grading).await?;
            }
        })
    })
}

/// Signs everything that is committed; returns the number of checkpoints.
pub async fn now(grading: &Grading) -> anyhow::Result<usize> {
    background(async {
        outbox::sequence(&grading.cx.db).await?;
        let mut signed = 0;
        loop {
            let round = round(grading).await?;
            signed += round.signed;
            if !round.more {
                grading.instruments.checkpoints(signed);
                return Ok(signed);
            }
        }
    })
    .await
}

struct Round {
    signed: usize,
    more: bool,
}

const NOTHING: Round = Round {
    signed: 0,
    more: false,
};

/// Changes of a school in the order of the feed.
type Changes = BTreeMap<SchoolId, Vec<(LessonId, Uuid)>>;

async fn round(grading: &Grading) -> anyhow::Result<Round> {
    let db = &grading.cx.db;
    let from = ledger::progress(db.read()).await?;
    let head = outbox::head(db).await?;
    if head.position <= from {
        return Ok(NOTHING);
    }
    let upto = head.position.min(from + ROUND);
    let Some(changes) = changes(
        grading,
        Cursor {
            position: from,
            ..head
        },
        upto,
    )
    .await?
    else {
        return Ok(NOTHING);
    };
    let mut checkpoints = Vec::new();
    for (school, changes) in changes {
        checkpoints.extend(of_school(grading, school, &changes).await?);
    }
    let mut uow = db.begin().await?;
    if !ledger::advance(uow.conn(), from, upto).await? {
        // Another process was faster; its checkpoints hold these entries.
        uow.rollback().await?;
        return Ok(NOTHING);
    }
    for (school, checkpoint) in &checkpoints {
        ledger::insert_checkpoint(uow.conn(), *school, checkpoint).await?;
        announce(
            &mut uow,
            *school,
            checkpoint.signed_at,
            Uuid::nil(),
            Change::LedgerCheckpointSigned(told(*school, checkpoint)),
        );
    }
    uow.commit().await?;
    Ok(Round {
        signed: checkpoints.len(),
        more: upto < head.position,
    })
}

/// Changes announced in (`after`, `upto`]; `None` when the process is stopping.
async fn changes(grading: &Grading, after: Cursor, upto: i64) -> anyhow::Result<Option<Changes>> {
    let (db, stop) = (&grading.cx.db, &grading.cx.stop);
    let filter = Filter::all().kinds(&[CELLS_CHANGED, LESSON_RECORDED, CORRECTION_CHANGED]);
    let opened = feed::serve(db, stop, &after.to_string(), filter.clone(), Ok).await;
    let mut items = match opened {
        Ok(items) => items,
        Err(status) if chassis::status::reason(&status) == feed::CURSOR_EXPIRED => {
            // Events were removed before they were seen here: what they told of
            // stands outside the trees, and the verification says so.
            tracing::error!(cursor = %after, "the ledger missed events of the own feed");
            feed::serve(db, stop, "", filter, Ok).await?
        }
        Err(status) => return Err(status.into()),
    };
    let mut found = Changes::new();
    let mut seen = HashSet::new();
    while let Some(item) = items.next().await {
        let item = item?;
        let at = item.cursor().position;
        if let Item::Event(row) = item
            && at <= upto
            && let Some(school) = row.school_id
        {
            let changes = found.entry(SchoolId::from_uuid(school)).or_default();
            let told = entries_of(&GradingEvent::decode(row.payload.as_slice())?);
            changes.extend(told.into_iter().filter(|change| seen.insert(*change)));
        }
        if at >= upto {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Lessons that have entries of the event's change.
fn entries_of(event: &GradingEvent) -> Vec<(LessonId, Uuid)> {
    let Ok(change) = Uuid::try_parse(&event.change_id) else {
        return Vec::new();
    };
    let lessons: BTreeSet<LessonId> = match &event.change {
        Some(Change::CellsChanged(changed)) => changed
            .cells
            .iter()
            .filter_map(|c| c.cell.as_ref()?.lesson_id.parse().ok())
            .collect(),
        Some(Change::LessonRecorded(recorded)) => recorded.lesson_id.parse().into_iter().collect(),
        Some(Change::CorrectionChanged(changed)) => changed.lesson_id.parse().into_iter().collect(),
        _ => BTreeSet::new(),
    };
    lessons.into_iter().map(|lesson| (lesson, change)).collect()
}

/// The checkpoints that the changes of a school make: one per day touched.
async fn of_school(
    grading: &Grading,
    school: SchoolId,
    changes: &[(LessonId, Uuid)],
) -> anyhow::Result<Vec<(SchoolId, StoredCheckpoint)>> {
    let db = grading.cx.db.read();
    let mut order: HashMap<Uuid, usize> = HashMap::new();
    for (_, change) in changes {
        let next = order.len();
        order.entry(*change).or_insert(next);
    }
    let mut entries = ledger::of_changes(db, school, changes).await?;
    let written = entries.len();
    entries.retain(|sealed| sealed.entry.seal(grading.key.seal()) == sealed.seal);
    if entries.len() < written {
        grading.instruments.forged(written - entries.len());
        tracing::error!(%school, rows = written - entries.len(), "ledger rows without the service's seal");
    }
    entries.sort_by_key(|sealed| {
        (
            order.get(&sealed.entry.key.change).copied(),
            sealed.entry.key.nth,
        )
    });
    let mut days: BTreeMap<Date, Vec<SealedEntry>> = BTreeMap::new();
    for sealed in entries {
        days.entry(sealed.entry.day).or_default().push(sealed);
    }
    let mut checkpoints = Vec::with_capacity(days.len());
    for (day, entries) in days {
        checkpoints.push((school, of_day(grading, school, day, &entries).await?));
    }
    Ok(checkpoints)
}

async fn of_day(
    grading: &Grading,
    school: SchoolId,
    day: Date,
    entries: &[SealedEntry],
) -> anyhow::Result<StoredCheckpoint> {
    let mut tree = ledger::frontier(grading.cx.db.read(), school, day).await?;
    let first_sequence = i64::try_from(tree.size())?;
    let mut added = Vec::with_capacity(entries.len());
    for sealed in entries {
        let leaf = sealed.entry.leaf(tree.size());
        tree.push(leaf);
        added.push((sealed.entry.key, leaf));
    }
    let signed_at = grading.now();
    let checkpoint = Checkpoint {
        school,
        day,
        size: tree.size(),
        root: tree.root(),
        signed_at,
    };
    Ok(StoredCheckpoint {
        day,
        tree_size: i64::try_from(tree.size())?,
        first_sequence,
        root: checkpoint.root.to_vec(),
        note: grading.key.sign(&checkpoint),
        signed_at,
        added,
        frontier: Some(tree),
    })
}

fn told(school: SchoolId, checkpoint: &StoredCheckpoint) -> LedgerCheckpointSigned {
    LedgerCheckpointSigned {
        checkpoint: Some(LedgerCheckpoint {
            school_id: school.to_string(),
            day: checkpoint.day.to_string(),
            tree_size: checkpoint.tree_size,
            root: hex::encode(&checkpoint.root),
            note: checkpoint.note.clone(),
            signed_at: Some(timestamp(checkpoint.signed_at)),
        }),
    }
}
