//! What the entries say that the state must be, compared with what it is.
//!
//! The entries of one part of a cell (a mark's slot, the attendance), of one
//! lesson entry or of one request form a chain: revisions 1, 2, 3 …, each starting
//! from the value that the one before left.

use std::collections::BTreeMap;

use zhurnal_proto::id::{LessonId, PersonId};

use super::{
    entry::{Entry, PersonalText, Subject},
    finding::{Finding, Reason},
};
use crate::domain::{
    cell::{Cell, Part, Stamp, Trace},
    correction::CorrectionRequest,
    lesson_entry::LessonEntry,
};

/// What a chain leaves behind.
struct Expected<'a> {
    value: &'a str,
    kind: i16,
    personal: &'a PersonalText,
    stamp: Stamp,
    first_late: bool,
}

/// Record name of an entry.
pub fn entry_record(entry: &Entry) -> String {
    format!(
        "ledger_entry/{}/{}/{}",
        entry.key.lesson,
        entry.key.change.as_simple(),
        entry.key.nth
    )
}

/// Record name of a cell.
pub fn cell_record(lesson: LessonId, pupil: PersonId) -> String {
    format!("cell/{lesson}/{pupil}")
}

fn found(entry: &Entry, reason: Reason, message: String) -> Finding {
    Finding::new(reason, entry_record(entry), message)
        .on(entry.day)
        .at(entry.key.lesson, entry.pupil)
}

/// Follows one chain. Entries may come in any order.
fn follow<'a>(mut entries: Vec<&'a Entry>, findings: &mut Vec<Finding>) -> Option<Expected<'a>> {
    entries.sort_by_key(|entry| (entry.revision, entry.recorded_at, entry.key));
    let mut stamp: Option<Stamp> = None;
    let mut previous: Option<&Entry> = None;
    for entry in &entries {
        let expected = stamp.as_ref().map_or(1, |stamp| stamp.revision + 1);
        if entry.revision < expected {
            findings.push(found(
                entry,
                Reason::EntryInvented,
                format!("вторая запись с ревизией {}", entry.revision),
            ));
            continue;
        }
        if entry.revision > expected {
            let gap = format!("перед этой записью нет записи с ревизией {expected}");
            findings.push(found(entry, Reason::EntryMissing, gap));
        } else if previous.is_some_and(|previous| previous.new_value != entry.old_value) {
            let message = "прежнее значение не то, которое оставила предыдущая запись".to_owned();
            findings.push(found(entry, Reason::EntryChanged, message));
        }
        let trace = Trace {
            at: entry.recorded_at,
            by: entry.author,
            late: entry.late,
        };
        let next = Stamp::after(stamp.as_ref(), entry.old_value.clone(), trace);
        stamp = Some(Stamp {
            revision: entry.revision,
            ..next
        });
        previous = Some(entry);
    }
    let last = previous?;
    Some(Expected {
        value: &last.new_value,
        kind: last.kind,
        personal: &last.personal,
        stamp: stamp?,
        first_late: entries.first().is_some_and(|first| first.late),
    })
}

/// Entries of one cell (its marks and its attendance) against the cell.
pub fn check_cell(
    lesson: LessonId,
    pupil: PersonId,
    entries: &[&Entry],
    cell: Option<&Cell>,
    findings: &mut Vec<Finding>,
) {
    let mut chains: BTreeMap<Part, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        match entry.subject {
            Subject::Mark => chains
                .entry(Part::from_number(entry.slot))
                .or_default()
                .push(entry),
            Subject::Attendance => chains.entry(Part::Attendance).or_default().push(entry),
            Subject::Lesson | Subject::Correction => {}
        }
    }
    let mut parts: Vec<Part> = chains.keys().copied().collect();
    if let Some(cell) = cell {
        parts.extend(cell.slots.iter().map(|slot| Part::Mark(slot.slot)));
        parts.extend(cell.taken.as_ref().map(|_| Part::Attendance));
    }
    parts.sort_unstable();
    parts.dedup();
    for part in parts {
        let expected = chains
            .remove(&part)
            .and_then(|chain| follow(chain, findings));
        let differs = |message: String| {
            let message = format!("{}: {message}", part_name(part));
            Finding::new(Reason::StateDiffers, cell_record(lesson, pupil), message)
                .at(lesson, Some(pupil))
        };
        let present = cell.and_then(|cell| present(cell, part));
        findings.extend(compare(expected.as_ref(), present.as_ref()).map(differs));
    }
}

fn part_name(part: Part) -> String {
    match part {
        Part::Attendance => "посещаемость".to_owned(),
        Part::Mark(slot) => format!("отметка {slot}"),
    }
}

/// A part as stored.
struct Present<'a> {
    value: String,
    kind: i16,
    comment: &'a str,
    stamp: &'a Stamp,
}

fn present(cell: &Cell, part: Part) -> Option<Present<'_>> {
    let value = cell.text(part);
    match part {
        Part::Attendance => cell.taken.as_ref().map(|taken| Present {
            value,
            kind: 0,
            comment: &taken.comment,
            stamp: &taken.stamp,
        }),
        Part::Mark(number) => cell.slot(number).map(|slot| Present {
            value,
            kind: slot.kind.number(),
            comment: &slot.comment,
            stamp: &slot.stamp,
        }),
    }
}

fn compare(expected: Option<&Expected<'_>>, present: Option<&Present<'_>>) -> Option<String> {
    match (expected, present) {
        (None, None) => None,
        (None, Some(present)) => Some(format!(
            "записано «{}», в книге изменений её нет",
            present.value
        )),
        (Some(expected), None) => Some(format!(
            "по книге изменений «{}», записи нет",
            expected.value
        )),
        (Some(expected), Some(present)) => {
            if expected.value != present.value {
                Some(format!(
                    "записано «{}», по книге изменений «{}»",
                    present.value, expected.value
                ))
            } else if expected.kind != present.kind {
                Some("вид работы не тот, что в книге изменений".to_owned())
            } else if !expected.personal.agrees_with(present.comment) {
                Some("комментарий не тот, что в книге изменений".to_owned())
            } else if expected.stamp != *present.stamp {
                Some("автор, время или ревизия не те, что в книге изменений".to_owned())
            } else {
                None
            }
        }
    }
}

/// Entries about a lesson against its entry.
pub fn check_lesson(
    lesson: LessonId,
    entries: Vec<&Entry>,
    state: Option<&LessonEntry>,
    findings: &mut Vec<Finding>,
) {
    let expected = follow(entries, findings);
    let present = state.map(|state| Present {
        value: state.content.text(),
        kind: state.content.control_kind.number(),
        comment: "",
        stamp: &state.stamp,
    });
    let late_differs = match (&expected, state) {
        (Some(expected), Some(state)) => expected.first_late != state.recorded_late,
        _ => false,
    };
    let message = compare(expected.as_ref(), present.as_ref()).or_else(|| {
        late_differs.then(|| "признак опоздания не тот, что в книге изменений".to_owned())
    });
    if let Some(message) = message {
        let record = format!("lesson_entry/{lesson}");
        findings.push(Finding::new(Reason::StateDiffers, record, message).at(lesson, None));
    }
}

/// Entries about a correction request against the request.
pub fn check_correction(
    mut entries: Vec<&Entry>,
    state: Option<&CorrectionRequest>,
    findings: &mut Vec<Finding>,
) {
    let Some(state) = state else {
        for entry in entries {
            let message = "заявки, о которой эта запись, нет".to_owned();
            findings.push(found(entry, Reason::StateDiffers, message));
        }
        return;
    };
    entries.sort_by_key(|entry| (entry.revision, entry.key));
    let mut expected = vec![(
        state.ledger_value(),
        state.author,
        state.requested_at,
        state.ledger_text(),
    )];
    if let Some(decision) = state.state.decision() {
        expected.push((
            state.state.word().to_owned(),
            decision.by,
            decision.at,
            decision.note.clone(),
        ));
    }
    let agrees = entries.len() == expected.len()
        && entries
            .iter()
            .zip(&expected)
            .all(|(entry, (value, by, at, text))| {
                entry.new_value == *value
                    && entry.author == *by
                    && entry.recorded_at == *at
                    && entry.personal.agrees_with(text)
                    && entry.pupil == Some(state.pupil())
                    && entry.slot == state.part().number()
            });
    if !agrees {
        let message = "заявка или её решение не те, что в книге изменений";
        let record = format!("correction_request/{}", state.id);
        let finding = Finding::new(Reason::StateDiffers, record, message);
        findings.push(finding.at(state.lesson(), Some(state.pupil())));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        control_kind::ControlKind,
        decide::{carry_out, plan},
        ledger::entry::tests::an_entry,
        lesson::tests::{a_lesson, person},
        mark::{MarkValue, tests::any_value},
        operation::Change,
        policy::Policy,
    };

    const PUPIL: u128 = 7;

    /// A cell with its entries, made by the same functions as in service.
    fn history(values: &[Option<MarkValue>]) -> (Cell, Vec<Entry>) {
        let policy = Policy {
            one_allowed: true,
            ..Policy::default()
        };
        let (mut cell, mut entries) = (Cell::default(), Vec::new());
        for (nth, value) in values.iter().enumerate() {
            let change = match value {
                Some(value) => Change::SetMark {
                    slot: 1,
                    value: value.to_string(),
                    kind: ControlKind::Answer,
                    comment: format!("ответ {nth}"),
                },
                None => Change::ClearMark { slot: 1 },
            };
            let base = cell.stamp(change.part()).map_or(0, |stamp| stamp.revision);
            let Ok(plan) = plan(&cell, &change, base, &policy) else {
                continue;
            };
            let at = an_entry().recorded_at + jiff::SignedDuration::from_secs(nth as i64);
            let applied = carry_out(
                &mut cell,
                plan,
                Trace {
                    at,
                    by: person(1),
                    late: nth % 2 == 1,
                },
            );
            let mut entry = an_entry();
            entry.key.nth = i16::try_from(nth).unwrap();
            entry.old_value = applied.old;
            entry.new_value = applied.new;
            entry.kind = applied.kind.number();
            entry.revision = applied.revision;
            entry.recorded_at = at;
            entry.late = applied.late;
            entry.personal = PersonalText::new(&applied.comment, || vec![1; 16]);
            entries.push(entry);
        }
        (cell, entries)
    }

    fn check(cell: Option<&Cell>, entries: &[Entry]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let entries: Vec<&Entry> = entries.iter().collect();
        check_cell(a_lesson().id, person(PUPIL), &entries, cell, &mut findings);
        findings
    }

    fn reasons(findings: &[Finding]) -> Vec<Reason> {
        findings.iter().map(|finding| finding.reason).collect()
    }

    fn some_history() -> (Cell, Vec<Entry>) {
        history(&[
            Some(MarkValue::Points(4)),
            Some(MarkValue::Points(5)),
            None,
            Some(MarkValue::Points(3)),
        ])
    }

    #[test]
    fn a_cell_edited_behind_the_ledgers_back_is_named() {
        let edits: Vec<fn(&mut Cell)> = vec![
            |c| c.slots[0].value = Some(MarkValue::Points(5)),
            |c| c.slots[0].value = None,
            |c| c.slots[0].kind = ControlKind::ControlWork,
            |c| c.slots[0].comment = "другой".to_owned(),
            |c| c.slots[0].stamp.set_by = person(2),
            |c| c.slots[0].stamp.revision += 1,
            |c| c.slots[0].stamp.late = !c.slots[0].stamp.late,
            |c| c.slots[0].stamp.before = "2".to_owned(),
            |c| c.slots[0].slot = 2,
            |c| c.slots.clear(),
        ];
        for (number, edit) in edits.into_iter().enumerate() {
            let (mut cell, entries) = some_history();
            edit(&mut cell);
            let findings = check(Some(&cell), &entries);
            assert!(!findings.is_empty(), "edit {number} was not found");
            assert!(
                findings.iter().all(|f| f.reason == Reason::StateDiffers),
                "edit {number}"
            );
            assert_eq!(
                findings[0].record,
                cell_record(a_lesson().id, person(PUPIL))
            );
        }
        let (_, entries) = some_history();
        assert_eq!(reasons(&check(None, &entries)), [Reason::StateDiffers]);
        let (cell, _) = some_history();
        assert_eq!(reasons(&check(Some(&cell), &[])), [Reason::StateDiffers]);
    }

    #[test]
    fn a_missing_entry_leaves_a_gap() {
        for gone in 0..3 {
            let (cell, mut entries) = some_history();
            entries.remove(gone);
            assert!(
                reasons(&check(Some(&cell), &entries)).contains(&Reason::EntryMissing),
                "entry {gone}"
            );
        }
        let (cell, mut entries) = some_history();
        entries.pop();
        assert_eq!(
            reasons(&check(Some(&cell), &entries)),
            [Reason::StateDiffers]
        );
    }

    #[test]
    fn a_second_entry_of_one_revision_is_invented() {
        let (cell, mut entries) = some_history();
        let mut forged = entries[1].clone();
        forged.key.nth = 50;
        entries.push(forged);
        assert_eq!(
            reasons(&check(Some(&cell), &entries)),
            [Reason::EntryInvented]
        );
    }

    #[test]
    fn after_erasure_the_comment_must_be_gone_in_the_state_too() {
        let (mut cell, mut entries) = some_history();
        for entry in &mut entries {
            let commitment = entry.personal.commitment().to_vec();
            entry.personal = PersonalText::stored(vec![], String::new(), commitment);
        }
        assert_eq!(
            reasons(&check(Some(&cell), &entries)),
            [Reason::StateDiffers]
        );
        cell.slots[0].comment.clear();
        assert_eq!(check(Some(&cell), &entries), []);
    }

    proptest! {
        #[test]
        fn an_honest_history_agrees_with_its_state(values in prop::collection::vec(prop::option::of(any_value()), 0..30), seed in any::<u64>()) {
            let (cell, mut entries) = history(&values);
            // The order in which rows come does not matter.
            entries.sort_by_key(|entry| (entry.key.nth as u64).wrapping_mul(seed | 1));
            prop_assert_eq!(check(Some(&cell).filter(|cell| !cell.slots.is_empty()), &entries), []);
        }
    }
}
