//! Walks a school's entries lesson by lesson and compares them with the state.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sea_orm::{DatabaseTransaction, DbErr};
use uuid::Uuid;
use zhurnal_proto::id::{CorrectionRequestId, LessonId, PersonId, SchoolId};

use super::{Report, trees::Trees};
use crate::{
    domain::{
        cell::Cell,
        ledger::{
            entry::{Entry, EntryKey, Subject},
            finding::{Finding, Reason},
            replay::{cell_record, check_cell, check_correction, check_lesson},
        },
    },
    store::{corrections, ledger, lesson_entries, page},
};

/// Entries read at once.
const STRETCH: i64 = 5_000;

/// Sees every entry once and replays it.
pub(super) async fn replay(
    db: &DatabaseTransaction,
    school: SchoolId,
    within: (Date, Date),
    trees: &mut Trees,
    report: &mut Report,
) -> Result<(), DbErr> {
    let mut at: Option<EntryKey> = None;
    let mut done = LessonId::from_uuid(Uuid::nil());
    let mut held: Vec<Entry> = Vec::new();
    loop {
        let stretch = ledger::after(db, school, at, STRETCH).await?;
        let last = stretch.len() < usize::try_from(STRETCH).unwrap_or(0);
        for read in stretch {
            report.entries += 1;
            match read {
                Ok(sealed) => {
                    at = Some(sealed.entry.key);
                    trees.see(&sealed, within, &mut report.findings);
                    held.push(sealed.entry);
                }
                Err(key) => {
                    at = Some(key);
                    trees.see_corrupt(key, &mut report.findings);
                }
            }
        }
        // The last lesson of a stretch may go on in the next one.
        let cut = if last {
            None
        } else {
            held.last().map(|entry| entry.key.lesson)
        };
        let rest = cut.map_or(held.len(), |lesson| {
            held.partition_point(|entry| entry.key.lesson < lesson)
        });
        let open = held.split_off(rest);
        let upto = match (cut, held.last()) {
            (None, _) => LessonId::from_uuid(Uuid::max()),
            (Some(_), Some(entry)) => entry.key.lesson,
            (Some(_), None) => done,
        };
        if upto > done {
            compare(db, school, (done, upto), &held, &mut report.findings).await?;
            done = upto;
        }
        held = open;
        if last {
            return Ok(());
        }
    }
}

/// Compares all entries of lessons in (`after`, `upto`] with what is stored.
async fn compare(
    db: &DatabaseTransaction,
    school: SchoolId,
    (after, upto): (LessonId, LessonId),
    entries: &[Entry],
    findings: &mut Vec<Finding>,
) -> Result<(), DbErr> {
    let mut cells: BTreeMap<(LessonId, PersonId), Cell> = BTreeMap::new();
    for (lesson, pupil, cell) in page::cells_between(db, school, after, upto).await? {
        match cell {
            Ok(cell) => {
                cells.insert((lesson, pupil), cell);
            }
            Err(_) => findings.push(corrupt(cell_record(lesson, pupil)).at(lesson, Some(pupil))),
        }
    }
    let mut recorded = BTreeMap::new();
    for (lesson, entry) in lesson_entries::between(db, school, after, upto).await? {
        match entry {
            Ok(entry) => {
                recorded.insert(lesson, entry);
            }
            Err(_) => findings.push(corrupt(format!("lesson_entry/{lesson}")).at(lesson, None)),
        }
    }
    let mut requests = BTreeMap::new();
    for (id, request) in corrections::between(db, school, after, upto).await? {
        match request {
            Ok(request) => {
                requests.insert(id, request);
            }
            Err(_) => findings.push(corrupt(format!("correction_request/{id}"))),
        }
    }

    let mut of_cell: BTreeMap<(LessonId, PersonId), Vec<&Entry>> = BTreeMap::new();
    let mut of_lesson: BTreeMap<LessonId, Vec<&Entry>> = BTreeMap::new();
    let mut of_request: BTreeMap<CorrectionRequestId, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        match (entry.subject, entry.pupil, entry.correction) {
            (Subject::Lesson, ..) => of_lesson.entry(entry.key.lesson).or_default().push(entry),
            (Subject::Correction, _, Some(id)) => of_request.entry(id).or_default().push(entry),
            (Subject::Mark | Subject::Attendance, Some(pupil), _) => {
                of_cell
                    .entry((entry.key.lesson, pupil))
                    .or_default()
                    .push(entry);
            }
            _ => {}
        }
    }
    let keys: BTreeSet<_> = cells.keys().chain(of_cell.keys()).copied().collect();
    for key in keys {
        let entries = of_cell.remove(&key).unwrap_or_default();
        check_cell(key.0, key.1, &entries, cells.get(&key), findings);
    }
    let lessons: BTreeSet<_> = recorded.keys().chain(of_lesson.keys()).copied().collect();
    for lesson in lessons {
        check_lesson(
            lesson,
            of_lesson.remove(&lesson).unwrap_or_default(),
            recorded.get(&lesson),
            findings,
        );
    }
    let ids: BTreeSet<_> = requests.keys().chain(of_request.keys()).copied().collect();
    for id in ids {
        check_correction(
            of_request.remove(&id).unwrap_or_default(),
            requests.get(&id),
            findings,
        );
    }
    Ok(())
}

fn corrupt(record: String) -> Finding {
    Finding::new(Reason::StateDiffers, record, "запись испорчена")
}
