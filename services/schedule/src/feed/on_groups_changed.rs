//! Groups of a school: titles, of which class they are, grade and shift of those of several
//! classes; those of a class have its. Loads and lessons of a group that has ended go no further than its last day.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context;
use chassis::db::UnitOfWork;
use jiff::Timestamp;
use jiff::civil::Date;
use zhurnal_proto::id::GroupId;
use zhurnal_proto::roster::v1::{Group, GroupsChanged};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use crate::domain::academic_year::AcademicYear;
use crate::domain::load::Load;
use crate::rpc::{EVENT_ITEMS, announce, convert, convert_study_document};
use crate::store::roster_copy::{GroupFact, put_groups, remove_groups};
use crate::store::year_groups::place_groups;
use crate::store::{School, calendars, ground, lessons, loads};

/// Why lessons after the last day are cancelled.
const ENDED: &str = "Группа завершила занятия";

pub(super) async fn apply(
    uow: &mut UnitOfWork,
    now: Timestamp,
    school: School,
    changed: &GroupsChanged,
) -> anyhow::Result<()> {
    let facts = changed
        .groups
        .iter()
        .map(|group| fact(group).map(|fact| (fact.id, fact)));
    let facts: BTreeMap<_, _> = facts.collect::<anyhow::Result<_>>()?;
    let facts: Vec<GroupFact> = facts.into_values().collect();
    put_groups(uow.conn(), school, &facts).await?;
    place_groups(uow.conn(), school).await?;
    let gone = changed.removed_ids.iter();
    let gone = gone.map(|id| id.parse().context("removed_ids"));
    let gone = gone.collect::<anyhow::Result<Vec<GroupId>>>()?;
    remove_groups(uow.conn(), school, &gone).await?;
    end(uow, now, school, &facts).await
}

fn fact(group: &Group) -> anyhow::Result<GroupFact> {
    let class = (!group.class_id.is_empty())
        .then(|| group.class_id.parse())
        .transpose()
        .context("class_id")?;
    let ends_on = (!group.ends_on.is_empty())
        .then(|| group.ends_on.parse())
        .transpose()
        .context("ends_on")?;
    let (grade, shift) = (u8::try_from(group.grade)?, u8::try_from(group.shift)?);
    Ok(GroupFact {
        id: group.group_id.parse().context("group_id")?,
        year: group.academic_year.parse().context("academic_year")?,
        title: group.title.clone(),
        class,
        place: (grade > 0 && shift > 0).then_some((grade, shift)),
        ends_on,
    })
}

/// Ends what goes on after the last days of groups.
async fn end(
    uow: &mut UnitOfWork,
    now: Timestamp,
    school: School,
    facts: &[GroupFact],
) -> anyhow::Result<()> {
    let mut of_year: BTreeMap<String, (AcademicYear, HashMap<GroupId, Date>)> = BTreeMap::new();
    for fact in facts {
        if let Some(last) = fact.ends_on {
            let (_, ended) = of_year
                .entry(fact.year.to_string())
                .or_insert_with(|| (fact.year, HashMap::new()));
            ended.insert(fact.id, last);
        }
    }
    for (year, ended) in of_year.into_values() {
        end_loads(uow, now, (school, year), &ended).await?;
        for (group, last) in ended {
            cancel_lessons(uow, now, school, (group, last)).await?;
        }
    }
    Ok(())
}

async fn end_loads(
    uow: &mut UnitOfWork,
    now: Timestamp,
    (school, year): (School, AcademicYear),
    ended: &HashMap<GroupId, Date>,
) -> anyhow::Result<()> {
    let present = loads::of_year(uow.conn(), school, year).await?;
    let shortened = present.into_iter().filter_map(|load| {
        let last = *ended.get(&load.group)?;
        let goes_on = load.ends_on.is_none_or(|day| day > last);
        goes_on.then_some(Load {
            ends_on: Some(last),
            ..load
        })
    });
    let shortened: Vec<Load> = shortened.collect();
    let found = calendars::year(uow.conn(), school, year).await?;
    let (Some(found), false) = (found, shortened.is_empty()) else {
        return Ok(());
    };
    loads::put(uow.conn(), (school, year), &shortened).await?;
    let titles = ground::titles(uow.conn(), school, &found).await?;
    let told: Vec<pb::TeachingLoad> = shortened
        .iter()
        .map(|load| convert_study_document::load(school.id(), year, load, &titles))
        .collect();
    for chunk in told.chunks(EVENT_ITEMS) {
        let change = Change::TeachingLoadsChanged(pb::TeachingLoadsChanged {
            teaching_loads: chunk.to_vec(),
        });
        uow.announce(announce::event(school.id(), now, change));
    }
    Ok(())
}

async fn cancel_lessons(
    uow: &mut UnitOfWork,
    now: Timestamp,
    school: School,
    (group, last): (GroupId, Date),
) -> anyhow::Result<()> {
    let mut told = Vec::new();
    for lesson in lessons::of_group_after(uow.conn(), school, group, last).await? {
        // One that is cancelled already stays so, with its own reason.
        let Ok(cancelled) = lesson.cancel(ENDED.to_owned()) else {
            continue;
        };
        lessons::save(uow.conn(), school, (&cancelled, now)).await?;
        if let Some(view) = lessons::find(uow.conn(), school, cancelled.id).await? {
            told.push(convert::lesson(school.id(), &view));
        }
    }
    for chunk in told.chunks(EVENT_ITEMS) {
        let change = Change::LessonsChanged(pb::LessonsChanged {
            lessons: chunk.to_vec(),
        });
        uow.announce(announce::event(school.id(), now, change));
    }
    Ok(())
}
