//! What the plan of a rollover rests on.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr};
use zhurnal_proto::id::{ClassId, PersonId};

use crate::domain::record::{self, Name};
use crate::domain::rollover::Facts;
use crate::domain::school_import::value::AcademicYear;
use crate::store::{School, classes, groups, orders, people, pupils, schools, staff};

/// Facts, and the names that an answer shows.
pub(crate) struct Ground {
    /// Facts.
    pub facts: Facts,
    /// Names of the pupils and of the staff.
    pub names: HashMap<PersonId, Name>,
}

/// Reads the present year of the school.
pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    (school, found): (School, &record::School),
    year: AcademicYear,
    today: Date,
) -> Result<Ground, DbErr> {
    let of_year = classes::of_year(conn, school, &found.academic_year).await?;
    let ids: Vec<ClassId> = of_year.iter().map(|class| class.id).collect();
    let mut enrolments = pupils::enrolments_in(conn, school, &ids).await?;
    enrolments.retain(|one| one.ends_on.is_none());
    let cards: Vec<PersonId> = enrolments.iter().map(|one| one.pupil_id).collect();
    let staff = staff::cards(conn, school, year.last_day().min(today)).await?;
    let named = cards.iter().chain(&staff).copied().collect();
    let names = people::names(conn, school, named).await?;
    let keys: HashMap<PersonId, String> = names
        .iter()
        .map(|(id, name)| (*id, name.sort_key()))
        .collect();
    let place: HashMap<ClassId, usize> = ids.iter().copied().zip(0..).collect();
    enrolments.sort_by_key(|one| {
        let key = keys.get(&one.pupil_id).cloned().unwrap_or_default();
        let place = place.get(&one.class_id).copied().unwrap_or(usize::MAX);
        (place, key, one.pupil_id.uuid())
    });
    let mut of_groups = groups::all(conn, school).await?;
    of_groups.retain(|group| group.academic_year == found.academic_year);
    of_groups.sort_by_key(|group| (crate::domain::text::sort_key(&group.title), group.id.uuid()));
    let mut facts = Facts {
        year,
        classes: of_year,
        groups: of_groups,
        memberships: groups::memberships(conn, school, &cards).await?,
        enrolments,
        staff,
        drafts: orders::drafts(conn, school, year.starts_in()).await?,
        next_year_taken: false,
        today,
    };
    let next = facts.next_year();
    let same = schools::same(conn, (&found.title, &found.municipality, &next)).await?;
    facts.next_year_taken = same.is_some();
    Ok(Ground { facts, names })
}
