//! What a municipality owes by 1 September (R206) and whether it has it.

use std::collections::BTreeSet;

/// What is missing; in the order in which it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nobody is responsible for the use of the system (R189).
    ResponsiblePerson,
    /// No working group.
    WorkingGroup,
    /// No regulation of the working group (R194).
    WorkingGroupRegulation,
    /// No schedule of methodical help (R190).
    HelpSchedule,
    /// No list of measures (R187).
    ListOfMeasures,
    /// No training was held (R200, R201).
    Training,
}

/// Kinds of the contract: head and member of the working group.
const GROUP: [i16; 2] = [4, 5];
/// Kind of the contract: regulation of the working group.
const WORKING_GROUP: i16 = 11;
/// Kind of the contract: schedule of methodical help.
const HELP_SCHEDULE: i16 = 12;

/// What a municipality has on a day.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Kinds of responsibility that somebody has.
    pub responsibilities: BTreeSet<i16>,
    /// Kinds of act in force.
    pub local_acts: BTreeSet<i16>,
    /// Measures planned.
    pub measures: u32,
    /// Trainings held.
    pub held_trainings: u32,
}

/// What is missing.
pub fn gaps(kept: &Kept) -> Vec<Gap> {
    let group = |kind: &i16| GROUP.contains(kind);
    let found = [
        (
            Gap::ResponsiblePerson,
            !kept.responsibilities.iter().all(group),
        ),
        (Gap::WorkingGroup, kept.responsibilities.iter().any(group)),
        (
            Gap::WorkingGroupRegulation,
            kept.local_acts.contains(&WORKING_GROUP),
        ),
        (Gap::HelpSchedule, kept.local_acts.contains(&HELP_SCHEDULE)),
        (Gap::ListOfMeasures, kept.measures > 0),
        (Gap::Training, kept.held_trainings > 0),
    ];
    let missing = found.into_iter().filter(|(_, there)| !there);
    missing.map(|(gap, _)| gap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhurnal_proto::roster::v1::{LocalActKind, ResponsibilityKind};

    #[test]
    fn a_municipality_without_records_lacks_everything() {
        let all = [
            Gap::ResponsiblePerson,
            Gap::WorkingGroup,
            Gap::WorkingGroupRegulation,
            Gap::HelpSchedule,
            Gap::ListOfMeasures,
            Gap::Training,
        ];
        assert_eq!(gaps(&Kept::default()), all);
    }

    #[test]
    fn a_working_group_is_not_a_responsible_person_nor_the_other_way_round() {
        let kinds = |kinds: &[ResponsibilityKind]| Kept {
            responsibilities: kinds.iter().map(|kind| *kind as i16).collect(),
            ..Kept::default()
        };
        let group = gaps(&kinds(&[ResponsibilityKind::GroupHead]));
        assert!(group.contains(&Gap::ResponsiblePerson) && !group.contains(&Gap::WorkingGroup));
        let person = gaps(&kinds(&[ResponsibilityKind::SystemUse]));
        assert!(!person.contains(&Gap::ResponsiblePerson) && person.contains(&Gap::WorkingGroup));
    }

    #[test]
    fn any_regulation_is_not_that_of_the_working_group() {
        let acts = |kinds: &[LocalActKind]| Kept {
            local_acts: kinds.iter().map(|kind| *kind as i16).collect(),
            ..Kept::default()
        };
        let missing = gaps(&acts(&[LocalActKind::Regulation, LocalActKind::Schedule]));
        assert!(missing.contains(&Gap::WorkingGroupRegulation));
        assert!(missing.contains(&Gap::HelpSchedule));
        let there = gaps(&acts(&[
            LocalActKind::WorkingGroup,
            LocalActKind::HelpSchedule,
        ]));
        assert!(!there.contains(&Gap::WorkingGroupRegulation));
        assert!(!there.contains(&Gap::HelpSchedule));
    }
}
