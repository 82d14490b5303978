//! What the RPCs of the school year have in common: a changed calendar is checked, and the
//! dated lessons of the days that become others, or get other bells, are brought in step.

use std::collections::{BTreeMap, BTreeSet};

use chassis::status;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::schedule::v1 as pb;

use super::study_document::Shelf;
use super::{Rpc, convert, refused, timetable};
use crate::domain::academic_year::AcademicYear;
use crate::domain::bells::{Bell, Bells};
use crate::domain::calendar::{Calendar, DayOff, StudyWeek};
use crate::domain::dated_lessons::SchoolDays;
use crate::domain::plan::{Fault, List, Place, Problem};
use crate::domain::school_year::{Content, Terms, differences, school_days_after};
use crate::domain::study_document::{Kind, newest};
use crate::domain::timetable::conflicts::Ground;
use crate::domain::timetable::in_step::{self, Key, Steps};
use crate::domain::timetable::{Reigns, Version};
use crate::store::calendars::{SchoolYear, StoredCalendar};
use crate::store::ground::ground;
use crate::store::in_step::{Dated, read};
use crate::store::{School, calendars, loads, timetables};

/// Days off that the region names for the school's year.
pub fn regional(rpc: &Rpc, year: AcademicYear, week: StudyWeek) -> Option<(u32, Vec<DayOff>)> {
    let calendar = rpc.calendars.of(year)?;
    Some((calendar.version, calendar.days_off(week)))
}

/// What the office changes of a calendar.
pub fn content_of(stored: &StoredCalendar) -> Content {
    let periods = stored.periods.iter();
    Content {
        periods: periods.map(|(id, one)| (Some(*id), one.clone())).collect(),
        holidays: stored.holidays.clone(),
        days_off: stored.days_off.clone(),
        shortened: stored.shortened.clone(),
    }
}

/// What a change of the calendar does.
pub struct Weighed {
    /// The calendar as it is to be.
    pub content: Content,
    /// The bells as they are to be.
    pub bells: Vec<Bell>,
    /// Version of the region's calendar that it was counted with.
    pub regional_version: u32,
    /// The lessons of the days that become others.
    pub dated: Dated,
    /// What brings them in step.
    pub steps: Steps,
    /// Groups and bells.
    pub ground: Ground,
    /// As people see it.
    pub effect: pb::SchoolYearEffect,
}

/// Checks a changed calendar and finds what it does; no bells = they stay as they are. `keep`
/// keeps the lessons concerned from others until the transaction ends.
pub async fn weigh(
    rpc: &Rpc,
    conn: &impl ConnectionTrait,
    (school, year): (School, &SchoolYear),
    (mut content, bells, keep): (Content, Vec<Bell>, bool),
) -> Result<Weighed, Status> {
    let today = rpc.cx.clock.today(&year.time_zone);
    let stored = calendar(conn, school, year).await?;
    let day = today.tomorrow().unwrap_or(today).min(year.year.last_day());
    let ground = ground(conn, school, year, day).await;
    let mut ground = ground.map_err(status::from_db)?;
    let before = content_of(&stored);
    let terms = Terms {
        year: year.year,
        week: year.week,
        today,
        grades: ground.groups.values().map(|group| group.grade).collect(),
    };
    let mut problems = content.check(&before, &terms).err().unwrap_or_default();
    let place = (school, year.year);
    let rung = match bells.as_slice() {
        [] => Ok(None),
        bells => other_bells(conn, place, (&ground, today), bells).await?,
    };
    let rung = rung.unwrap_or_else(|faults| {
        problems.extend(faults);
        None
    });
    if !problems.is_empty() {
        return Err(refused::plan(problems));
    }

    let mut regional_version = year.regional_version;
    let named = regional(rpc, year.year, year.week).unwrap_or_default();
    content.attribute(&named.1, &stored.days_off);
    if named.0 > 0 && content.has_all(year.year, &named.1) {
        regional_version = named.0;
    }
    let (old, new) = (stored.days(), content.calendar(year.week));
    let mut days = differences((&old, &new), year.year, today);
    let bells = match rung {
        Some(rung) => {
            days.extend(school_days_after(&new, year.year, today));
            let bells = rung.iter().copied().collect();
            ground.bells = rung;
            bells
        }
        None => stored.bells,
    };
    let (dated, steps) = follow(conn, place, (&ground, &new), (&days, keep)).await?;
    let effect = pb::SchoolYearEffect {
        added: steps.added,
        changed: steps.changed,
        removed: steps.removed,
        substituted: steps.substituted,
        grades: day_changes(&terms.grades, (&old, &new)),
    };
    Ok(Weighed {
        content,
        bells,
        regional_version,
        dated,
        steps,
        ground,
        effect,
    })
}

/// The bells when they are others than those of now, or what is wrong with them: a number that
/// a version of the timetable in force after today uses keeps its bell.
async fn other_bells(
    conn: &impl ConnectionTrait,
    (school, year): (School, AcademicYear),
    (ground, today): (&Ground, Date),
    bells: &[Bell],
) -> Result<Result<Option<Bells>, Vec<Problem>>, Status> {
    let rung = match Bells::new(bells) {
        Ok(rung) if rung == ground.bells => return Ok(Ok(None)),
        Ok(rung) => rung,
        Err(faults) => {
            let faults = faults.into_iter().map(|(at, fault)| Problem {
                place: Place::Bell(at),
                fault: Fault::Bell(fault),
            });
            return Ok(Err(faults.collect()));
        }
    };
    let of_bells = |fault| Problem {
        place: Place::List(List::Bells),
        fault,
    };
    let last = year.last_day();
    if today >= last {
        return Ok(Err(vec![of_bells(Fault::Past(last))]));
    }
    let from = today.tomorrow().unwrap_or(today).max(year.first_day());
    let versions = timetables::of_year(conn, school, year).await;
    let versions = versions.map_err(status::from_db)?;
    let mut lacking = BTreeSet::new();
    for (version, _) in in_force(&versions, (from, last)) {
        for view in timetable::all_entries(conn, school, version).await? {
            let Some(group) = ground.groups.get(&view.entry.group) else {
                continue;
            };
            let (shift, number) = (group.shift, view.entry.number);
            if ground.bells.get(shift, number).is_some() && rung.get(shift, number).is_none() {
                lacking.insert((shift, number));
            }
        }
    }
    if lacking.is_empty() {
        return Ok(Ok(Some(rung)));
    }
    let lacking = lacking.into_iter();
    let faults = lacking.map(|(shift, number)| of_bells(Fault::BellInUse { shift, number }));
    Ok(Err(faults.collect()))
}

/// Lessons of the days that become others, and what brings them in step with the versions of
/// the timetable in force on them.
async fn follow(
    conn: &impl ConnectionTrait,
    (school, year): (School, AcademicYear),
    (ground, calendar): (&Ground, &Calendar),
    (days, keep): (&BTreeSet<(Date, u8)>, bool),
) -> Result<(Dated, Steps), Status> {
    let (Some((from, _)), Some((to, _))) = (days.first(), days.last()) else {
        return Ok((Dated::default(), Steps::default()));
    };
    let span = (*from, *to);
    let concerned = |key: &Key| {
        let group = ground.groups.get(&key.1);
        group.is_some_and(|group| days.contains(&(key.0, group.grade)))
    };
    let dated = read(conn, (school, year), span, keep).await;
    let dated = dated.map_err(status::from_db)?;
    let mut held = dated.held().map_err(status::from_db)?;
    held.retain(|key, _| concerned(key));
    let school_days = SchoolDays::of(calendar);
    let versions = timetables::of_year(conn, school, year).await;
    let versions = versions.map_err(status::from_db)?;
    let mut wanted: BTreeMap<Key, Vec<in_step::Wanted>> = BTreeMap::new();
    for (version, span) in in_force(&versions, span) {
        let entries = timetable::all_entries(conn, school, version).await?;
        let entries = timetable::bare(&entries);
        let weekly = (version.cycle, &entries[..]);
        wanted.extend(in_step::wanted(ground, &school_days, weekly, span));
    }
    wanted.retain(|key, _| concerned(key));
    Ok((dated, in_step::steps(held, wanted)))
}

/// The versions of the timetable that hold on some of the days, each with its part of them.
fn in_force(versions: &[Version], (from, to): (Date, Date)) -> Vec<(&Version, (Date, Date))> {
    let reigns = Reigns::of(versions);
    let reign = |version| {
        let (first, last) = reigns.of_version(version)?;
        // Before the first version, the first one holds.
        let is_first = reigns.on(Date::MIN) == Some(version);
        let first = if is_first { from } else { first.max(from) };
        let last = last.map_or(to, |last| last.min(to));
        (first <= last).then_some((first, last))
    };
    let all = versions.iter();
    all.filter_map(|version| Some((version, reign(version.id)?)))
        .collect()
}

/// Grades whose school days become more or fewer.
fn day_changes(
    grades: &BTreeSet<u8>,
    (old, new): (&Calendar, &Calendar),
) -> Vec<pb::GradeDaysChange> {
    let of = |calendar: &Calendar, grade| count(calendar.school_days(grade).len());
    let change = |grade: &u8| pb::GradeDaysChange {
        grade: (*grade).into(),
        before: of(old, *grade),
        after: of(new, *grade),
    };
    let mut all: Vec<_> = grades.iter().map(change).collect();
    all.retain(|one| one.before != one.after);
    all
}

fn count(days: usize) -> u32 {
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// The calendar of the year as it is.
pub async fn calendar(
    conn: &impl ConnectionTrait,
    school: School,
    year: &SchoolYear,
) -> Result<StoredCalendar, Status> {
    calendars::calendar(conn, school, year.clone())
        .await
        .map_err(status::from_db)
}

/// The year as the office sees it.
pub fn view(
    rpc: &Rpc,
    shelf: &Shelf,
    stored: &StoredCalendar,
    grades: &BTreeSet<u8>,
) -> pb::SchoolYear {
    let regional = regional(rpc, stored.year.year, stored.year.week);
    let document = newest(&shelf.all, Kind::Calendar);
    let changes_from = shelf.today.tomorrow().unwrap_or(shelf.today);
    pb::SchoolYear {
        calendar: Some(convert::calendar(shelf.school.id(), stored)),
        study_document: document.map(|one| shelf.view(one)),
        regional: regional.as_ref().map(convert::regional),
        regional_version: stored.year.regional_version,
        changes_from: changes_from.to_string(),
        grades: grade_days(&stored.days(), grades),
    }
}

/// School days of each grade.
pub fn grade_days(calendar: &Calendar, grades: &BTreeSet<u8>) -> Vec<pb::GradeDays> {
    let grade = |grade: &u8| pb::GradeDays {
        grade: (*grade).into(),
        school_days: count(calendar.school_days(*grade).len()),
    };
    grades.iter().map(grade).collect()
}

/// Grades that the school teaches in the year.
pub async fn grades(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<BTreeSet<u8>, Status> {
    let found = loads::grades(conn, school, year).await;
    Ok(found.map_err(status::from_db)?.into_values().collect())
}

#[cfg(test)]
mod tests {
    use chassis::db::from_micros;
    use jiff::civil::date;
    use uuid::Uuid;
    use zhurnal_proto::id::TimetableId;

    use super::*;
    use crate::domain::timetable::Approval;
    use crate::domain::timetable::cycle::Cycle;

    fn version(number: i32, valid_from: Option<Date>) -> Version {
        Version {
            id: TimetableId::from_uuid(Uuid::from_u128(u128::from(number.unsigned_abs()))),
            year: "2026/2027".parse().unwrap(),
            number,
            title: String::new(),
            cycle: Cycle::weekly(date(2026, 8, 31)),
            approval: valid_from.map(|valid_from| Approval {
                valid_from,
                by: None,
                at: from_micros(number.into()),
            }),
            approve_by: None,
            entry_count: 0,
            version: 1,
        }
    }

    #[test]
    fn each_version_has_its_part_of_the_days() {
        let (autumn, winter) = (date(2026, 11, 2), date(2027, 1, 11));
        let all = [
            version(1, Some(date(2026, 9, 2))),
            version(2, Some(autumn)),
            version(3, None),
            version(4, Some(winter)),
        ];
        let found = |from, to| -> Vec<(i32, Date, Date)> {
            let parts = in_force(&all, (from, to)).into_iter();
            parts
                .map(|(version, (from, to))| (version.number, from, to))
                .collect()
        };
        let (first, last) = (date(2026, 9, 1), date(2027, 8, 31));
        assert_eq!(
            found(first, last),
            [
                (1, first, date(2026, 11, 1)),
                (2, autumn, date(2027, 1, 10)),
                (4, winter, last),
            ]
        );
        let day = date(2026, 12, 7);
        assert_eq!(found(day, day), [(2, day, day)]);
    }
}
