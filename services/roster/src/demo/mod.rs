//! An invented school for trying out, demonstrations and load: the same parameters make
//! the same school. It goes the way of every import: through the workbook's form, its
//! checks, and the same application.

mod book;
mod clubs;
mod curriculum;
mod dice;
mod families;
mod names;
mod people;
mod timetable;

use std::ops::RangeInclusive;
use std::time::Duration;

use chassis::service::Cx;
use sha2::{Digest, Sha256};
use zhurnal_proto::id::{MunicipalityId, SchoolId, SchoolImportId};

pub use dice::Dice;
pub use people::{DemoPerson, DemoRole};

use crate::domain::school_import::{ChoiceRefused, SchoolPlan, Selection, preview};
use crate::domain::school_import_state::ImportState;
use crate::import::{Direct, RunError, apply_directly, check_book, wait};
use crate::store::{School, imports, schools};
use crate::{Config, Roster};

/// Municipality of all demo schools.
pub const MUNICIPALITY: &str = "Примерный район";

/// What school to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// People and their data follow from it.
    pub seed: u64,
    /// «Примерная школа № 1».
    pub number: u32,
    /// Grades, within 1 to 11.
    pub grades: RangeInclusive<u8>,
    /// Classes of each grade, 1 to 12.
    pub classes_per_grade: u8,
    /// Pupils of each class, up to 60.
    pub pupils_per_class: u8,
    /// Calendar year in which the academic year begins.
    pub year: i16,
}

impl Default for Parameters {
    /// 11 classes of 12 pupils in 2026/2027.
    fn default() -> Self {
        Self {
            seed: 1,
            number: 1,
            grades: 1..=11,
            classes_per_grade: 1,
            pupils_per_class: 12,
            year: 2026,
        }
    }
}

impl Parameters {
    /// Full title of the school.
    pub fn title(&self) -> String {
        format!("Примерная школа № {}", self.number)
    }
}

/// The plan of the school.
pub fn plan(of: &Parameters) -> Result<SchoolPlan, ChoiceRefused> {
    let book = book::make(of);
    let mut plan = preview(&book, None).choose(&Selection::Everything)?.plan;
    clubs::add(&mut plan);
    Ok(plan)
}

/// A demo school that is there.
#[derive(Debug, Clone)]
pub struct Seeded {
    /// The school.
    pub school_id: SchoolId,
    /// The municipality that it belongs to.
    pub municipality_id: MunicipalityId,
    /// It was there before.
    pub was_there: bool,
    /// Somebody of each role, to log in as.
    pub people: Vec<DemoPerson>,
}

/// Makes the school, unless it is there, and waits until it is complete. `cx` and
/// `config` are roster's in a running process that hosts or reaches schedule.
pub async fn seed(
    cx: &Cx,
    config: &Config,
    of: &Parameters,
    patience: Duration,
) -> Result<Seeded, RunError> {
    let roster = Roster::new(cx.clone(), config.clone()).map_err(RunError::Roster)?;
    let year = format!("{}/{}", of.year, of.year + 1);
    let same = schools::same(cx.db.read(), (&of.title(), MUNICIPALITY, &year)).await?;
    let was_there = same.is_some();
    let id = match same {
        Some(same) => imports::of_school(cx.db.read(), School::of_import(same.id))
            .await?
            .map(|import| import.id),
        None => Some(apply_only(&roster, of).await?),
    };
    let ended = match id {
        Some(id) => wait(&roster, id, patience).await?,
        None => None,
    };
    match ended {
        Some(import) if import.state == ImportState::Applied => {
            let school_id = import
                .school_id
                .ok_or_else(|| RunError::Unfinished(String::new()))?;
            let school = School::of_import(school_id);
            let found = schools::get(cx.db.read(), school).await?;
            let municipality_id = found
                .and_then(|school| school.municipality_id)
                .ok_or_else(|| RunError::Unfinished(String::new()))?;
            let people = people::somebody_of_each_role(&roster, school).await?;
            Ok(Seeded {
                school_id,
                municipality_id,
                was_there,
                people,
            })
        }
        other => Err(RunError::Unfinished(
            other.map(|import| import.failure).unwrap_or_default(),
        )),
    }
}

/// Roster's part of the school.
pub(crate) async fn apply_only(
    roster: &Roster,
    of: &Parameters,
) -> Result<SchoolImportId, RunError> {
    let made = made(roster, of).await?;
    apply_directly(roster, made)
        .await
        .map_err(RunError::Refused)
}

async fn made(roster: &Roster, of: &Parameters) -> Result<Direct, RunError> {
    let parameters = of.clone();
    let made = roster.workers.run(move || {
        let book = book::make(&parameters);
        let checked = check_book(&book);
        let plan = preview(&book, None)
            .choose(&Selection::Everything)
            .map(|chosen| {
                let mut plan = chosen.plan;
                clubs::add(&mut plan);
                plan
            });
        plan.map(|plan| (checked, plan))
    });
    let (checked, plan) = made
        .await
        .map_err(RunError::Refused)?
        .map_err(|e| RunError::Unfinished(e.to_string()))?;
    let hash = Sha256::digest(format!("demo {of:?}")).to_vec();
    Ok(Direct {
        file_name: format!("demo-{}", of.number),
        hash,
        checked,
        plan,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan_gaps;

    #[test]
    fn a_demo_school_passes_the_import_without_an_error_or_a_warning() {
        for of in [
            Parameters::default(),
            Parameters {
                seed: 7,
                grades: 5..=7,
                classes_per_grade: 3,
                pupils_per_class: 25,
                ..Parameters::default()
            },
        ] {
            let book = book::make(&of);
            let preview = preview(&book, None);
            assert_eq!(
                (preview.errors(), preview.warnings()),
                ([].as_slice(), [].as_slice()),
                "{of:?}"
            );
            assert!(
                preview.normalisations().is_empty(),
                "{:?}",
                preview.normalisations()
            );
            let plan = preview.choose(&Selection::Everything).unwrap().plan;
            assert!(plan_gaps::lessons_without_period(&plan).is_empty());
            let classes = of.grades.clone().count() * usize::from(of.classes_per_grade);
            assert_eq!(plan.classes.len(), classes);
            assert_eq!(
                plan.pupils.len(),
                classes * usize::from(of.pupils_per_class)
            );
        }
    }

    #[test]
    fn an_elective_and_a_club_take_pupils_of_several_classes_after_their_lessons() {
        use crate::domain::school_import::value::Part;
        let plan = plan(&Parameters::default()).unwrap();
        let several = |group: &crate::domain::school_import::value::GroupName| {
            matches!(group.part, Part::Titled(_))
        };
        let groups: Vec<_> = plan
            .groups
            .iter()
            .filter(|one| several(&one.name))
            .collect();
        assert_eq!(groups.len(), 2);
        for group in groups {
            let pupils = plan.pupils.iter().map(|one| &one.value);
            let members = pupils.filter(|pupil| group.members.contains(&pupil.code));
            let classes: std::collections::BTreeSet<_> =
                members.map(|pupil| pupil.class.clone()).collect();
            assert_eq!(classes.len(), 2, "{}", group.name);
            let lessons = || plan.timetable.iter().map(|one| &one.value);
            let own: Vec<_> = lessons().filter(|one| one.group == group.name).collect();
            assert_eq!(own.len(), 1);
            let at_once =
                lessons().filter(|one| (one.day, one.number) == (own[0].day, own[0].number));
            for other in at_once.filter(|one| one.group != group.name) {
                assert!(!classes.contains(&other.group.class), "{}", group.name);
                assert_ne!(other.teacher, own[0].teacher);
            }
        }
    }

    #[test]
    fn the_same_parameters_make_the_same_school_and_another_seed_another() {
        let of = Parameters::default();
        assert_eq!(plan(&of).unwrap(), plan(&of).unwrap());
        assert_ne!(
            plan(&of).unwrap().pupils,
            plan(&Parameters { seed: 2, ..of }).unwrap().pupils
        );
    }

    #[test]
    fn some_parents_have_two_children() {
        let of = Parameters {
            classes_per_grade: 2,
            ..Parameters::default()
        };
        assert!(
            plan(&of)
                .unwrap()
                .guardians
                .iter()
                .any(|guardian| guardian.children.len() == 2)
        );
    }
}
