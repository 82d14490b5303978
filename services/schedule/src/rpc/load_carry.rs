//! What preview and carrying of loads have in common: the loads of the year before, and what
//! becomes of each.

use std::collections::{HashMap, HashSet};

use chassis::service::Cx;
use chassis::status;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::{GroupId, TeachingLoadId};
use zhurnal_proto::schedule::v1 as pb;

use super::{refused, school_year};
use crate::domain::load::Load;
use crate::domain::load::carry::{Outcome, Terms, carry};
use crate::domain::refusal::Refusal;
use crate::domain::succession::successors;
use crate::store::calendars::SchoolYear;
use crate::store::ground::{Titles, titles};
use crate::store::{School, calendars, loads, roster_copy, year_groups};

/// Loads of the year before and what becomes of them.
pub struct LoadCarry {
    year: SchoolYear,
    before: SchoolYear,
    starts_on: Date,
    loads: Vec<(Load, Outcome)>,
    titles: (Titles, Titles),
}

impl LoadCarry {
    /// For a year, as it is now.
    pub async fn of(
        conn: &impl ConnectionTrait,
        school: School,
        year: SchoolYear,
    ) -> Result<Self, Status> {
        let before = year_before(conn, school, &year).await?;
        let starts_on = school_year::calendar(conn, school, &year)
            .await?
            .first_day();
        let last_day = school_year::calendar(conn, school, &before)
            .await?
            .last_day();

        let groups = year_groups::of_year(conn, school, before.year).await;
        let groups = groups.map_err(status::from_db)?;
        let of_year = year_groups::of_year(conn, school, year.year).await;
        let of_year = of_year.map_err(status::from_db)?;
        let staff = roster_copy::staff_on(conn, school, starts_on).await;
        let staff: HashSet<_> = staff
            .map_err(status::from_db)?
            .iter()
            .map(|one| one.id)
            .collect();
        let class_grades: HashMap<GroupId, u8> = groups
            .iter()
            .filter(|group| group.class_title.is_some())
            .map(|group| (group.id, group.grade))
            .collect();
        let terms = Terms {
            last_day,
            class_grades: &class_grades,
            successors: &successors(&groups, &of_year),
            staff: &staff,
        };
        let past = loads::of_year(conn, school, before.year).await;
        let now = loads::of_year(conn, school, year.year).await;
        let (past, now) = (
            past.map_err(status::from_db)?,
            now.map_err(status::from_db)?,
        );
        let titles_before = titles(conn, school, &before).await;
        let titles_now = titles(conn, school, &year).await;
        Ok(Self {
            loads: carry(&past, &now, &terms),
            titles: (
                titles_before.map_err(status::from_db)?,
                titles_now.map_err(status::from_db)?,
            ),
            starts_on,
            before,
            year,
        })
    }

    /// The loads of the new year.
    pub fn carried(&self, cx: &Cx) -> Vec<Load> {
        let loads = self.loads.iter();
        let carried = loads.filter_map(|(load, outcome)| match outcome {
            Outcome::Carried(group) => Some(Load {
                id: TeachingLoadId::from_uuid(cx.ids.uuid()),
                group: *group,
                starts_on: self.starts_on,
                ends_on: None,
                ..*load
            }),
            _ => None,
        });
        carried.collect()
    }

    /// As people see it, by group and subject.
    pub fn view(&self) -> pb::LoadCarry {
        let mut loads: Vec<_> = self.loads.iter().map(|one| self.load(one)).collect();
        loads.sort_by(|a, b| {
            (&a.group_title, &a.subject_title).cmp(&(&b.group_title, &b.subject_title))
        });
        pb::LoadCarry {
            academic_year: self.year.year.to_string(),
            source_academic_year: self.before.year.to_string(),
            starts_on: self.starts_on.to_string(),
            loads,
        }
    }

    fn load(&self, (load, outcome): &(Load, Outcome)) -> pb::CarriedLoad {
        use pb::LoadCarryOutcome as Told;
        let (outcome, next) = match outcome {
            Outcome::Carried(next) => (Told::Carried, Some(next)),
            Outcome::AlreadyThere(next) => (Told::AlreadyThere, Some(next)),
            Outcome::TeacherLeft(next) => (Told::TeacherLeft, Some(next)),
            Outcome::NoSuccessor => (Told::NoSuccessor, None),
            Outcome::LevelEnds => (Told::LevelEnds, None),
        };
        let title = |titles: &Titles, group: &GroupId| {
            let found = titles.groups.get(group);
            found.map(|(title, _)| title.clone()).unwrap_or_default()
        };
        let subject = self.titles.0.subjects.get(&load.subject);
        pb::CarriedLoad {
            group_title: title(&self.titles.0, &load.group),
            next_group_id: next.map(ToString::to_string).unwrap_or_default(),
            next_group_title: next
                .map(|next| title(&self.titles.1, next))
                .unwrap_or_default(),
            subject_id: load.subject.to_string(),
            subject_title: subject.cloned().unwrap_or_default(),
            teacher_id: load.teacher.to_string(),
            weekly_hours_hundredths: load.weekly_hours_hundredths,
            outcome: outcome.into(),
        }
    }
}

/// The school's year before a year.
pub async fn year_before(
    conn: &impl ConnectionTrait,
    school: School,
    year: &SchoolYear,
) -> Result<SchoolYear, Status> {
    let found = calendars::year(conn, school, year.year.a_year_earlier()).await;
    let found = found.map_err(status::from_db)?;
    found.ok_or_else(|| refused::status(&Refusal::SchoolYearMissing))
}
