//! The trees of some days as the own checkpoints tell them.

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, civil::Date};
use zhurnal_proto::id::SchoolId;

use super::GRACE;
use crate::{
    Grading,
    domain::ledger::{
        entry::{Entry, EntryKey},
        finding::{Finding, Reason},
        note::Checkpoint,
        replay::entry_record,
        tree::{Frontier, Hash},
    },
    store::{ledger::StoredCheckpoint, save::SealedEntry},
};

/// Where an entry stands.
struct Place {
    day: Date,
    sequence: u64,
    leaf: Hash,
    seen: bool,
}

/// A day's tree.
#[derive(Default)]
pub(super) struct Day {
    /// Leaves in order, as the checkpoints hold them.
    pub(super) leaves: Vec<Hash>,
    /// When the newest checkpoint was signed.
    pub(super) signed_at: Option<Timestamp>,
    /// Entries that stand outside any checkpoint for too long.
    uncovered: usize,
}

impl Day {
    /// Root of the first `size` leaves; `None` when there are fewer.
    pub(super) fn root(&self, size: usize) -> Option<Hash> {
        let mut tree = Frontier::default();
        self.leaves
            .get(..size)?
            .iter()
            .for_each(|leaf| tree.push(*leaf));
        Some(tree.root())
    }
}

/// The trees with the places of their entries.
pub(super) struct Trees {
    pub(super) days: BTreeMap<Date, Day>,
    places: HashMap<EntryKey, Place>,
    seal: [u8; 32],
    now: Timestamp,
}

/// Record name of a checkpoint.
pub(super) fn checkpoint_record(day: Date, size: impl std::fmt::Display) -> String {
    format!("ledger_checkpoint/{day}/{size}")
}

impl Trees {
    /// Puts the trees together and checks each checkpoint by itself: that it goes
    /// on where the one before ended, that its root is that of its leaves, that its
    /// note is signed and says the same.
    pub(super) fn of(
        grading: &Grading,
        school: SchoolId,
        checkpoints: Vec<StoredCheckpoint>,
        findings: &mut Vec<Finding>,
    ) -> Trees {
        let mut trees = Trees {
            days: BTreeMap::new(),
            places: HashMap::new(),
            seal: *grading.key.seal(),
            now: grading.now(),
        };
        let mut tree = Frontier::default();
        let mut present: Option<Date> = None;
        for checkpoint in checkpoints {
            let day = checkpoint.day;
            if present.replace(day) != Some(day) {
                tree = Frontier::default();
            }
            trees.check(grading, school, &checkpoint, &mut tree, findings);
        }
        trees
    }

    fn check(
        &mut self,
        grading: &Grading,
        school: SchoolId,
        checkpoint: &StoredCheckpoint,
        tree: &mut Frontier,
        findings: &mut Vec<Finding>,
    ) {
        let day = checkpoint.day;
        let record = checkpoint_record(day, checkpoint.tree_size);
        let finding = |reason, message: &str| Finding::new(reason, record.clone(), message).on(day);
        if i64::try_from(tree.size()) != Ok(checkpoint.first_sequence) {
            findings.push(finding(
                Reason::CheckpointMissing,
                "предыдущей контрольной точки нет",
            ));
        }
        let known = self.days.entry(day).or_default();
        known.signed_at = known.signed_at.max(Some(checkpoint.signed_at));
        for (key, leaf) in &checkpoint.added {
            let place = Place {
                day,
                sequence: tree.size(),
                leaf: *leaf,
                seen: false,
            };
            tree.push(*leaf);
            known.leaves.push(*leaf);
            if self.places.insert(*key, place).is_some() {
                findings.push(finding(
                    Reason::EntryInvented,
                    "одна запись внесена в дерево дважды",
                ));
            }
        }
        let whole = i64::try_from(tree.size()) == Ok(checkpoint.tree_size);
        if !whole || tree.root().as_slice() != checkpoint.root.as_slice() {
            findings.push(finding(
                Reason::RootDiffers,
                "корень не тот, что получается из записей",
            ));
        }
        let said = Checkpoint {
            school,
            day,
            size: u64::try_from(checkpoint.tree_size).unwrap_or(0),
            root: checkpoint.root.as_slice().try_into().unwrap_or_default(),
            signed_at: checkpoint.signed_at,
        };
        if grading.key.open(&checkpoint.note) != Ok(said) {
            findings.push(finding(
                Reason::SignatureWrong,
                "контрольная точка не подписана ключом книги изменений",
            ));
        }
    }

    /// Checks an entry against its place.
    pub(super) fn see(
        &mut self,
        sealed: &SealedEntry,
        within: (Date, Date),
        findings: &mut Vec<Finding>,
    ) {
        let entry = &sealed.entry;
        let finding = |reason, message: &str| {
            Finding::new(reason, entry_record(entry), message)
                .on(entry.day)
                .at(entry.key.lesson, entry.pupil)
        };
        if !entry.personal.is_sound() {
            findings.push(finding(
                Reason::EntryChanged,
                "текст записи не тот, что был",
            ));
        }
        match self.places.get_mut(&entry.key) {
            Some(place) => {
                place.seen = true;
                if entry.leaf(place.sequence) != place.leaf || entry.day != place.day {
                    findings.push(finding(
                        Reason::EntryChanged,
                        "запись не та, что внесена в дерево",
                    ));
                }
            }
            None if entry.day < within.0 || entry.day > within.1 => {}
            None if entry.seal(&self.seal) != sealed.seal => {
                findings.push(finding(
                    Reason::EntryInvented,
                    "записи без печати службы: её внёс кто-то другой",
                ));
            }
            None => self.outside(entry),
        }
    }

    /// A row that no version of the service can have written.
    pub(super) fn see_corrupt(&mut self, key: EntryKey, findings: &mut Vec<Finding>) {
        let reason = match self.places.get_mut(&key) {
            Some(place) => {
                place.seen = true;
                Reason::EntryChanged
            }
            None => Reason::EntryInvented,
        };
        let record = key_record(&key);
        findings.push(Finding::new(reason, record, "запись испорчена").at(key.lesson, None));
    }

    /// An honest entry that no checkpoint covers yet, or any more.
    fn outside(&mut self, entry: &Entry) {
        if self.now.duration_since(entry.recorded_at) > GRACE {
            self.days.entry(entry.day).or_default().uncovered += 1;
        }
    }

    /// Entries that the trees have and the table has not; days whose entries stand
    /// outside.
    pub(super) fn missing(&self, findings: &mut Vec<Finding>) {
        for (key, place) in self.places.iter().filter(|(_, place)| !place.seen) {
            let message = format!("записи № {} больше нет", place.sequence);
            let finding = Finding::new(Reason::EntryMissing, key_record(key), message);
            findings.push(finding.on(place.day).at(key.lesson, None));
        }
        for (day, tree) in self.days.iter().filter(|(_, tree)| tree.uncovered > 0) {
            let message = format!("записей без контрольной точки: {}", tree.uncovered);
            let record = checkpoint_record(*day, tree.leaves.len() + tree.uncovered);
            findings.push(Finding::new(Reason::CheckpointMissing, record, message).on(*day));
        }
    }
}

fn key_record(key: &EntryKey) -> String {
    format!(
        "ledger_entry/{}/{}/{}",
        key.lesson,
        key.change.as_simple(),
        key.nth
    )
}
