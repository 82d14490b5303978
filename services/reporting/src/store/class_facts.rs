//! What a class's summary sheet is made of: pupils of the last day, what they study,
//! sums per pupil × subject. Reads the rows of the class's pupils and groups only.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr};
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SubjectId};

use super::School;
use super::copies::{self, Name};
use super::study::{self, Lessons};
use crate::domain::class_summary::Facts;
use crate::domain::days::Days;
use crate::domain::tally::Tally;

/// Reads the facts; `day` is the day whose pupils are listed.
pub async fn read(
    conn: &impl ConnectionTrait,
    school: School,
    class: ClassId,
    days: Days,
    day: Date,
) -> Result<Facts, DbErr> {
    let enrolled = study::enrolled(conn, school, Some(class), day).await?;
    let pupils: BTreeSet<PersonId> = enrolled.iter().map(|one| one.pupil).collect();
    let pupils: Vec<PersonId> = pupils.into_iter().collect();
    let names = copies::names(conn, school, pupils.iter().copied()).await?;
    let memberships = study::memberships(conn, school, &pupils, days).await?;
    let groups: BTreeSet<GroupId> = memberships.iter().map(|(group, _)| *group).collect();
    let groups: Vec<GroupId> = groups.into_iter().collect();
    let taught = study::taught(conn, school, &groups, days, Lessons::Planned).await?;
    let tallies: HashMap<_, _> = study::tallies(conn, school, &pupils, days)
        .await?
        .into_iter()
        .collect();
    let studied = studied(&memberships, &taught);
    let titles: HashMap<SubjectId, String> =
        study::subjects(conn, school).await?.into_iter().collect();
    Ok(Facts {
        pupils: listed(pupils, &names),
        subjects: columns(&studied, &tallies, &titles),
        studied,
        tallies,
    })
}

/// Pupils in Russian order, with names as printed.
fn listed(mut pupils: Vec<PersonId>, names: &HashMap<PersonId, Name>) -> Vec<(PersonId, String)> {
    pupils.sort_by_cached_key(|pupil| (names.get(pupil).map(|name| name.sort_key.clone()), *pupil));
    let printed = |pupil: &PersonId| {
        let Name {
            surname,
            given_name,
            patronymic,
            ..
        } = names.get(pupil).cloned().unwrap_or_default();
        format!("{surname} {given_name} {patronymic}")
            .trim()
            .to_owned()
    };
    pupils
        .iter()
        .map(|pupil| (*pupil, printed(pupil)))
        .collect()
}

fn studied(
    memberships: &[(GroupId, PersonId)],
    taught: &[(GroupId, SubjectId)],
) -> HashSet<(PersonId, SubjectId)> {
    let mut subjects: HashMap<GroupId, Vec<SubjectId>> = HashMap::new();
    for (group, subject) in taught {
        subjects.entry(*group).or_default().push(*subject);
    }
    let of = |group: &GroupId| subjects.get(group).into_iter().flatten().copied();
    memberships
        .iter()
        .flat_map(|(group, pupil)| of(group).map(|subject| (*pupil, subject)))
        .collect()
}

/// Subjects that somebody of the class studies or has a mark in, by title. What has
/// only absences, such as a club, is no column.
fn columns(
    studied: &HashSet<(PersonId, SubjectId)>,
    tallies: &HashMap<(PersonId, SubjectId), Tally>,
    titles: &HashMap<SubjectId, String>,
) -> Vec<(SubjectId, String)> {
    let marked = tallies
        .iter()
        .filter(|(_, tally)| tally.marks > 0)
        .map(|((_, subject), _)| *subject);
    let subjects: BTreeSet<SubjectId> = studied
        .iter()
        .map(|(_, subject)| *subject)
        .chain(marked)
        .collect();
    let titled = |subject: SubjectId| (subject, titles.get(&subject).cloned().unwrap_or_default());
    let mut columns: Vec<(SubjectId, String)> = subjects.into_iter().map(titled).collect();
    columns.sort_by(|(a, one), (b, other)| (one, a).cmp(&(other, b)));
    columns
}
