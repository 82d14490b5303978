//! The summary sheet of a class: performance and attendance (R68, R176).
//!
//! Invariant: while period results are not known, the results are those that the
//! means come to, rounded half up; the sheet says «предварительно».

use std::collections::{HashMap, HashSet};

use zhurnal_proto::id::{PersonId, SubjectId};

use super::average::Average;
use super::performance::{Outcomes, Standing};
use super::tally::{Absences, Tally};

/// What the sheet is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Pupils in the order of the list, with names.
    pub pupils: Vec<(PersonId, String)>,
    /// Titles of the subjects that were taught or have facts.
    pub subjects: Vec<(SubjectId, String)>,
    /// Who studies what.
    pub studied: HashSet<(PersonId, SubjectId)>,
    /// What is recorded.
    pub tallies: HashMap<(PersonId, SubjectId), Tally>,
}

/// One pupil's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PupilRow {
    /// Name as printed.
    pub name: String,
    /// One entry per subject; `None` where the pupil does not study it.
    pub cells: Vec<Option<Tally>>,
    /// Mean of the subjects' means.
    pub overall: Option<Average>,
    /// Over all subjects.
    pub absences: Absences,
}

/// The sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassSummary {
    /// Titles of the subjects, in the order of the columns.
    pub subjects: Vec<String>,
    /// Pupils in the order of the rows.
    pub pupils: Vec<PupilRow>,
    /// Results by subject.
    pub by_subject: Vec<Outcomes>,
    /// Results over all subjects.
    pub overall: Outcomes,
    /// Pupils by their worst result.
    pub standing: Standing,
}

/// Why there is no sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSheet {
    /// Nobody is enrolled.
    #[error("В классе нет учеников")]
    NoPupils,
    /// No lessons in these days.
    #[error("За выбранные дни у класса нет уроков")]
    NoSubjects,
}

impl ClassSummary {
    /// Puts the sheet together.
    pub fn of(facts: &Facts) -> Result<Self, NoSheet> {
        if facts.pupils.is_empty() {
            return Err(NoSheet::NoPupils);
        }
        if facts.subjects.is_empty() {
            return Err(NoSheet::NoSubjects);
        }
        let pupils: Vec<PupilRow> = facts
            .pupils
            .iter()
            .map(|(id, name)| row(facts, *id, name))
            .collect();
        let mut by_subject = vec![Outcomes::default(); facts.subjects.len()];
        let mut standing = Standing::default();
        for pupil in &pupils {
            let marks: Vec<Option<u8>> = pupil
                .cells
                .iter()
                .map(|cell| result(cell.as_ref()))
                .collect();
            for (outcomes, mark) in by_subject.iter_mut().zip(&marks) {
                mark.iter().for_each(|mark| outcomes.count(*mark));
            }
            standing.count(marks.into_iter().flatten().min());
        }
        let mut overall = Outcomes::default();
        by_subject.iter().for_each(|one| overall += *one);
        let subjects = facts
            .subjects
            .iter()
            .map(|(_, title)| title.clone())
            .collect();
        Ok(Self {
            subjects,
            pupils,
            by_subject,
            overall,
            standing,
        })
    }
}

/// The result that a cell comes to before the teacher has set one.
pub fn result(cell: Option<&Tally>) -> Option<u8> {
    cell.and_then(|tally| tally.average()).map(Average::mark)
}

fn row(facts: &Facts, pupil: PersonId, name: &str) -> PupilRow {
    let cells: Vec<Option<Tally>> = facts
        .subjects
        .iter()
        .map(|(subject, _)| {
            let key = (pupil, *subject);
            let recorded = facts.tallies.get(&key).copied();
            recorded.or_else(|| facts.studied.contains(&key).then(Tally::default))
        })
        .collect();
    let means: Vec<Average> = cells
        .iter()
        .flatten()
        .filter_map(|tally| tally.average())
        .collect();
    let mut absences = Absences::default();
    cells
        .iter()
        .flatten()
        .for_each(|tally| absences += tally.absences);
    PupilRow {
        name: name.to_owned(),
        overall: Average::of_means(&means),
        absences,
        cells,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn pupil(n: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(n))
    }

    fn subject(n: u128) -> SubjectId {
        SubjectId::from_uuid(Uuid::from_u128(n))
    }

    fn marks(values: &[u32]) -> Tally {
        let count = values.len() as u32;
        Tally {
            marks: count,
            graded: count,
            halves: values.iter().map(|v| 2 * v).sum(),
            ..Default::default()
        }
    }

    fn facts() -> Facts {
        Facts {
            pupils: vec![
                (pupil(1), "Ёлкин Матвей".into()),
                (pupil(2), "Жуков Лев".into()),
                (pupil(3), "Яна".into()),
            ],
            subjects: vec![
                (subject(1), "Алгебра".into()),
                (subject(2), "Физика".into()),
            ],
            studied: [
                (pupil(1), subject(1)),
                (pupil(2), subject(1)),
                (pupil(2), subject(2)),
                (pupil(3), subject(1)),
            ]
            .into(),
            tallies: [
                ((pupil(1), subject(1)), marks(&[5, 4])),
                ((pupil(2), subject(1)), marks(&[3])),
                ((pupil(2), subject(2)), marks(&[2])),
            ]
            .into(),
        }
    }

    #[test]
    fn a_pupil_who_does_not_study_a_subject_has_no_cell() {
        let sheet = ClassSummary::of(&facts()).unwrap();
        assert_eq!(sheet.pupils[0].cells[1], None);
        assert_eq!(sheet.pupils[2].cells[0], Some(Tally::default()));
    }

    #[test]
    fn pupils_without_a_mark_are_out_of_the_percentages() {
        let sheet = ClassSummary::of(&facts()).unwrap();
        assert_eq!(
            sheet.by_subject[0],
            Outcomes {
                fives: 1,
                threes: 1,
                ..Default::default()
            }
        );
        assert_eq!(sheet.by_subject[0].quality().unwrap().to_string(), "50,0");
        assert_eq!(sheet.overall.success().unwrap().to_string(), "66,7");
    }

    #[test]
    fn the_standing_of_a_pupil_is_by_the_worst_subject() {
        let sheet = ClassSummary::of(&facts()).unwrap();
        assert_eq!(
            sheet.standing,
            Standing {
                excellent: 1,
                failing: 1,
                without: 1,
                ..Default::default()
            }
        );
        assert_eq!(sheet.pupils[1].overall.unwrap().to_string(), "2,50");
        assert_eq!(sheet.pupils[2].overall, None);
    }

    #[test]
    fn marks_in_a_subject_that_the_pupil_has_left_still_count() {
        let mut facts = facts();
        facts.studied.clear();
        let sheet = ClassSummary::of(&facts).unwrap();
        assert_eq!(sheet.pupils[0].cells[0].unwrap().marks, 2);
    }

    #[test]
    fn absences_are_summed_over_the_subjects() {
        let mut facts = facts();
        let missed = |ill, late| Tally {
            absences: Absences {
                ill,
                late,
                ..Default::default()
            },
            ..Default::default()
        };
        facts.tallies.insert((pupil(3), subject(1)), missed(2, 1));
        facts.tallies.insert((pupil(3), subject(2)), missed(1, 0));
        let sheet = ClassSummary::of(&facts).unwrap();
        assert_eq!(
            sheet.pupils[2].absences,
            Absences {
                ill: 3,
                late: 1,
                ..Default::default()
            }
        );
        assert_eq!(sheet.pupils[2].absences.missed(), 3);
    }

    #[test]
    fn a_class_without_pupils_or_lessons_has_no_sheet() {
        let empty = Facts {
            pupils: Vec::new(),
            ..facts()
        };
        assert_eq!(ClassSummary::of(&empty), Err(NoSheet::NoPupils));
        let idle = Facts {
            subjects: Vec::new(),
            ..facts()
        };
        assert_eq!(ClassSummary::of(&idle), Err(NoSheet::NoSubjects));
    }
}
