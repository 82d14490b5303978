//! Compares the client's record with what is there.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use uuid::Uuid;

use super::record::{History, Outcome, Told, Wanted};

/// Lesson and pupil.
pub type CellKey = (String, String);

/// A mark in a cell, as the journal or the diary shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Mark.
    pub value: String,
    /// Comment.
    pub comment: String,
    /// Times that it was changed; 1 = set once.
    pub revision: i64,
}

/// What was found after the last start.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// Marks of journals, by cell.
    pub journal: HashMap<CellKey, Vec<Seen>>,
    /// Marks of diaries, by cell; only cells of diaries that were read.
    pub diary: HashMap<CellKey, Vec<Seen>>,
    /// Values of the ledger's entries about marks, by cell.
    pub ledger: HashMap<CellKey, Vec<Seen>>,
    /// Entries that the ledger's verification counted since the beginning.
    pub ledger_entries: i64,
    /// What the verification found.
    pub findings: Vec<String>,
    /// Cells that were empty at the beginning.
    pub empty_before: HashSet<CellKey>,
}

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Violation {
    /// Acknowledged and not there.
    Lost(Place, Uuid, String),
    /// There more than once.
    Doubled(Place, Uuid, String),
    /// There, but not as it was acknowledged.
    Altered(Place, Uuid, String),
    /// There, and nobody was told so.
    Invented(Place, String),
    /// Refused, and there all the same.
    RefusedButThere(Uuid, String),
    /// Still without an answer at the end.
    Unknown(Uuid),
    /// Answered in a way that cannot be, or in two ways.
    Strange(Uuid),
    /// The ledger's verification found something.
    Finding(String),
    /// The ledger holds another number of entries than saves explain.
    LedgerCount(i64, i64),
    /// A copy does not agree with its producer.
    Copy(String),
}

/// Where something is or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The journal's page.
    Journal,
    /// The diary.
    Diary,
    /// The ledger.
    Ledger,
}

impl Violation {
    /// An acknowledged write is missing.
    pub fn is_loss(&self) -> bool {
        matches!(self, Self::Lost(..))
    }

    /// A write had its effect twice.
    pub fn is_double(&self) -> bool {
        matches!(self, Self::Doubled(..))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(place, key, cell) => write!(f, "lost in the {place:?}: save {key}, {cell}"),
            Self::Doubled(place, key, cell) => {
                write!(f, "doubled in the {place:?}: save {key}, {cell}")
            }
            Self::Altered(place, key, cell) => {
                write!(f, "altered in the {place:?}: save {key}, {cell}")
            }
            Self::Invented(place, cell) => write!(f, "invented in the {place:?}: {cell}"),
            Self::RefusedButThere(key, cell) => write!(f, "refused but there: save {key}, {cell}"),
            Self::Unknown(key) => write!(f, "still unknown: save {key}"),
            Self::Strange(key) => write!(f, "strange answer: save {key}"),
            Self::Finding(text) => write!(f, "ledger verification: {text}"),
            Self::LedgerCount(there, wanted) => write!(
                f,
                "the ledger has {there} new entries, saves explain {wanted}"
            ),
            Self::Copy(text) => write!(f, "copy: {text}"),
        }
    }
}

/// All broken promises, in a stable order.
pub fn check(history: &History, observed: &Observed) -> Vec<Violation> {
    let mut found: Vec<Violation> = observed
        .findings
        .iter()
        .cloned()
        .map(Violation::Finding)
        .collect();
    let mut explained: HashSet<&str> = HashSet::new();
    let mut applied: i64 = 0;
    for (key, told) in &history.0 {
        if told.contradicted {
            found.push(Violation::Strange(*key));
        }
        match told.outcome {
            None => found.push(Violation::Unknown(*key)),
            Some(Outcome::Strange) => found.push(Violation::Strange(*key)),
            Some(Outcome::Refused) => refused(*key, told, observed, &mut found),
            Some(Outcome::Applied) => {
                applied += i64::try_from(told.marks.len()).unwrap_or(i64::MAX);
                for mark in &told.marks {
                    explained.insert(&mark.comment);
                    applied_once(*key, mark, observed, &mut found);
                }
            }
        }
    }
    let unknown = history
        .0
        .values()
        .filter(|t| t.outcome.is_none())
        .flat_map(|t| &t.marks);
    explained.extend(unknown.map(|mark| mark.comment.as_str()));
    invented(&explained, observed, &mut found);
    if observed.ledger_entries != applied {
        found.push(Violation::LedgerCount(observed.ledger_entries, applied));
    }
    found.sort();
    found.dedup();
    found
}

fn name(cell: &CellKey) -> String {
    format!("{}/{}", cell.0, cell.1)
}

fn key_of(mark: &Wanted) -> CellKey {
    (mark.lesson.clone(), mark.pupil.clone())
}

fn applied_once(key: Uuid, mark: &Wanted, observed: &Observed, found: &mut Vec<Violation>) {
    let cell = key_of(mark);
    let journal = observed
        .journal
        .get(&cell)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let ledger = observed
        .ledger
        .get(&cell)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut look = |place: Place, seen: &[Seen]| {
        let own = seen.iter().filter(|s| s.comment == mark.comment).count();
        let violation = match (seen, own) {
            ([], _) => Some(Violation::Lost(place, key, name(&cell))),
            ([one], 1) if one.value == mark.value && one.revision == 1 => None,
            ([one], 1) if one.value == mark.value => {
                Some(Violation::Doubled(place, key, name(&cell)))
            }
            ([_], _) => Some(Violation::Altered(place, key, name(&cell))),
            (_, 0) => Some(Violation::Lost(place, key, name(&cell))),
            _ => Some(Violation::Doubled(place, key, name(&cell))),
        };
        found.extend(violation);
    };
    look(Place::Journal, journal);
    look(Place::Ledger, ledger);
    if let Some(diary) = observed.diary.get(&cell) {
        look(Place::Diary, diary);
    }
}

fn refused(key: Uuid, told: &Told, observed: &Observed, found: &mut Vec<Violation>) {
    for mark in &told.marks {
        let cell = key_of(mark);
        let places = [&observed.journal, &observed.ledger, &observed.diary];
        let there = places.iter().filter_map(|place| place.get(&cell)).flatten();
        if there.into_iter().any(|seen| seen.comment == mark.comment) {
            found.push(Violation::RefusedButThere(key, name(&cell)));
        }
    }
}

/// Marks in cells that were empty, which no save put there.
fn invented(explained: &HashSet<&str>, observed: &Observed, found: &mut Vec<Violation>) {
    let places = [
        (Place::Journal, &observed.journal),
        (Place::Diary, &observed.diary),
        (Place::Ledger, &observed.ledger),
    ];
    for (place, cells) in places {
        // An order of its own, whatever the map's.
        let sorted: BTreeMap<&CellKey, &Vec<Seen>> = cells.iter().collect();
        for (cell, seen) in sorted {
            let foreign = |s: &Seen| !explained.contains(s.comment.as_str());
            if observed.empty_before.contains(cell) && seen.iter().any(foreign) {
                found.push(Violation::Invented(place, name(cell)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::record::Line;

    fn wanted(n: u128) -> Wanted {
        Wanted {
            lesson: format!("les_{n}"),
            pupil: "per_1".into(),
            value: "5".into(),
            comment: format!("c{n}"),
        }
    }

    fn seen(n: u128) -> Seen {
        Seen {
            value: "5".into(),
            comment: format!("c{n}"),
            revision: 1,
        }
    }

    fn cell(n: u128) -> CellKey {
        (format!("les_{n}"), "per_1".into())
    }

    fn key(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    /// Saves 1 to 3 were applied, 4 was refused, and that is how it is.
    fn world() -> (Vec<Line>, Observed) {
        let mut lines = Vec::new();
        let mut observed = Observed {
            ledger_entries: 3,
            ..Observed::default()
        };
        for n in 1..=4 {
            lines.push(Line::Sent {
                key: key(n),
                marks: vec![wanted(n)],
            });
            let outcome = if n == 4 {
                Outcome::Refused
            } else {
                Outcome::Applied
            };
            lines.push(Line::Answered {
                key: key(n),
                outcome,
            });
            observed.empty_before.insert(cell(n));
            if n < 4 {
                observed.journal.insert(cell(n), vec![seen(n)]);
                observed.ledger.insert(cell(n), vec![seen(n)]);
                observed.diary.insert(cell(n), vec![seen(n)]);
            }
        }
        (lines, observed)
    }

    fn violations(change: impl FnOnce(&mut Vec<Line>, &mut Observed)) -> Vec<Violation> {
        let (mut lines, mut observed) = world();
        change(&mut lines, &mut observed);
        check(&History::of(lines).unwrap(), &observed)
    }

    #[test]
    fn a_sound_world_has_no_violations() {
        assert_eq!(violations(|_, _| {}), []);
    }

    #[test]
    fn a_planted_lost_write_is_found_wherever_it_is_missing() {
        let lost = violations(|_, o| {
            o.journal.remove(&cell(2));
        });
        assert_eq!(
            lost,
            [Violation::Lost(
                Place::Journal,
                key(2),
                "les_2/per_1".into()
            )]
        );
        let lost = violations(|_, o| {
            o.ledger.remove(&cell(2));
            o.ledger_entries = 2;
        });
        assert!(
            lost.contains(&Violation::Lost(
                Place::Ledger,
                key(2),
                "les_2/per_1".into()
            )),
            "{lost:?}"
        );
        assert!(lost.contains(&Violation::LedgerCount(2, 3)), "{lost:?}");
        let lost = violations(|_, o| {
            o.diary.insert(cell(2), vec![]);
        });
        assert!(lost[0].is_loss(), "{lost:?}");
    }

    #[test]
    fn a_planted_doubled_write_is_found() {
        let doubled = violations(|_, o| o.ledger.entry(cell(1)).or_default().push(seen(1)));
        assert_eq!(
            doubled,
            [Violation::Doubled(
                Place::Ledger,
                key(1),
                "les_1/per_1".into()
            )]
        );
        let doubled = violations(|_, o| {
            o.journal.insert(
                cell(1),
                vec![Seen {
                    revision: 2,
                    ..seen(1)
                }],
            );
        });
        assert_eq!(
            doubled,
            [Violation::Doubled(
                Place::Journal,
                key(1),
                "les_1/per_1".into()
            )]
        );
        let doubled = violations(|_, o| o.journal.entry(cell(1)).or_default().push(seen(1)));
        assert!(doubled[0].is_double(), "{doubled:?}");
    }

    #[test]
    fn an_entry_more_in_the_ledger_is_found_even_where_nobody_looked() {
        assert_eq!(
            violations(|_, o| o.ledger_entries = 4),
            [Violation::LedgerCount(4, 3)]
        );
    }

    #[test]
    fn an_altered_mark_is_found() {
        let altered = violations(|_, o| {
            o.diary.insert(
                cell(3),
                vec![Seen {
                    value: "2".into(),
                    ..seen(3)
                }],
            );
        });
        assert_eq!(
            altered,
            [Violation::Altered(
                Place::Diary,
                key(3),
                "les_3/per_1".into()
            )]
        );
    }

    #[test]
    fn what_nobody_was_told_of_is_invented() {
        let invented = violations(|_, o| {
            o.empty_before.insert(cell(9));
            o.journal.insert(cell(9), vec![seen(9)]);
        });
        assert_eq!(
            invented,
            [Violation::Invented(Place::Journal, "les_9/per_1".into())]
        );
        let old = violations(|_, o| {
            o.journal.insert(cell(9), vec![seen(9)]);
        });
        assert_eq!(old, [], "marks from before the run are nobody's business");
    }

    #[test]
    fn a_refused_write_leaves_nothing() {
        let there = violations(|_, o| {
            o.journal.insert(cell(4), vec![seen(4)]);
        });
        assert!(
            there.contains(&Violation::RefusedButThere(key(4), "les_4/per_1".into())),
            "{there:?}"
        );
    }

    #[test]
    fn nothing_stays_unknown() {
        let unknown = violations(|lines, _| {
            lines.push(Line::Sent {
                key: key(8),
                marks: vec![wanted(8)],
            });
        });
        assert_eq!(unknown, [Violation::Unknown(key(8))]);
    }

    #[test]
    fn an_answer_that_changed_or_cannot_be_is_found() {
        let two = violations(|lines, _| {
            lines.push(Line::Answered {
                key: key(1),
                outcome: Outcome::Strange,
            });
        });
        assert!(two.contains(&Violation::Strange(key(1))), "{two:?}");
    }

    #[test]
    fn findings_of_the_verification_count() {
        let found = violations(|_, o| o.findings.push("ENTRY_CHANGED".into()));
        assert_eq!(found, [Violation::Finding("ENTRY_CHANGED".into())]);
    }
}
