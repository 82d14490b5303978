//! Schedule's events → calendar, loads, dated lessons; and from them the journals.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context;
use async_trait::async_trait;
use chassis::{db::UnitOfWork, feed::Consumer};
use jiff::{ToSpan, civil::Date};
use uuid::Uuid;
use zhurnal_proto::{
    id::{ClassId, GroupId, LessonId, PeriodId, PersonId, SchoolId, SubjectId, TeachingLoadId},
    schedule::v1::{
        Calendar, Holiday, Lesson, LessonState, Period, TeachingLoad, WatchScheduleEventsResponse,
        schedule_event::Change,
    },
};

use super::{clock, day, end, id, optional, small, start, year};
use crate::{
    Grading,
    ops::announce_journals::announce_journals,
    store::{
        journals::{self, Seed, SeedKey},
        roster_copy,
        schedule_copy::{self, DayOffRow, LessonRow, LoadRow, PeriodRow},
        schools::{self, Producer},
    },
};

/// State of a lesson that a version of the timetable has taken out.
const REMOVED: i16 = LessonState::Removed as i16;

/// Keeps the copy of schedule's facts.
pub struct Schedule {
    grading: Grading,
}

impl Schedule {
    /// For the task that follows.
    pub fn new(grading: &Grading) -> Schedule {
        Schedule {
            grading: grading.clone(),
        }
    }

    async fn put_calendar(
        &self,
        uow: &UnitOfWork,
        school: Uuid,
        calendar: &Calendar,
    ) -> anyhow::Result<()> {
        let academic_year = year(&calendar.academic_year)?;
        let periods = calendar
            .periods
            .iter()
            .map(|period| period_row(school, academic_year, period));
        let periods = periods.collect::<anyhow::Result<Vec<_>>>()?;
        let days_off = calendar.days_off.iter().map(|off| {
            Ok(DayOffRow {
                school_id: school,
                date: day(&off.date)?,
                academic_year,
                title: off.title.clone(),
            })
        });
        let mut all = holidays(school, academic_year, calendar)?;
        // Of a day with two titles the day off's stays: the later row.
        all.extend(days_off.collect::<anyhow::Result<Vec<_>>>()?);
        let days_off = all;
        Ok(
            schedule_copy::put_calendar(uow.conn(), school, academic_year, periods, days_off)
                .await?,
        )
    }

    /// Loads open journals, before any lesson is dated.
    async fn put_loads(
        &self,
        uow: &mut UnitOfWork,
        school: Uuid,
        loads: &[TeachingLoad],
    ) -> anyhow::Result<()> {
        let seeds = self.seeds_of_loads(uow, school, loads).await?;
        let (ids, changed) =
            journals::ensure(uow.conn(), self.grading.makes_journals(), school, &seeds).await?;
        let before = journals::load_teachers(
            uow.conn(),
            school,
            &ids.values().copied().collect::<Vec<_>>(),
        )
        .await?;
        let rows = loads
            .iter()
            .map(|load| load_row(school, load, &ids))
            .collect::<anyhow::Result<Vec<_>>>()?;
        schedule_copy::put_loads(uow.conn(), rows).await?;
        let after = journals::load_teachers(
            uow.conn(),
            school,
            &ids.values().copied().collect::<Vec<_>>(),
        )
        .await?;
        // Announced: journals that are new, changed, or have other teachers.
        let mut told: BTreeSet<Uuid> = changed.iter().map(|journal| journal.id.uuid()).collect();
        told.extend(
            ids.values()
                .copied()
                .filter(|journal| before.get(journal) != after.get(journal)),
        );
        let told =
            journals::find(uow.conn(), school, &told.into_iter().collect::<Vec<_>>()).await?;
        Ok(announce_journals(uow, self.grading.now(), school, &told).await?)
    }

    async fn seeds_of_loads(
        &self,
        uow: &UnitOfWork,
        school: Uuid,
        loads: &[TeachingLoad],
    ) -> anyhow::Result<Vec<Seed>> {
        let groups = loads
            .iter()
            .map(|load| id::<GroupId>(&load.group_id))
            .collect::<anyhow::Result<BTreeSet<_>>>()?;
        let groups =
            roster_copy::groups(uow.conn(), school, &groups.into_iter().collect::<Vec<_>>())
                .await?;
        let classes: Vec<Uuid> = groups.iter().filter_map(|group| group.class_id).collect();
        let classes = roster_copy::classes(uow.conn(), school, &classes).await?;
        let groups: HashMap<Uuid, _> = groups
            .into_iter()
            .map(|group| (group.group_id, group))
            .collect();
        let seed = |load: &TeachingLoad| {
            let group = groups.get(&id::<GroupId>(&load.group_id)?);
            let class = group.and_then(|group| group.class_id);
            Ok(Seed {
                academic_year: year(&load.academic_year)?,
                group: id::<GroupId>(&load.group_id)?,
                subject: id::<SubjectId>(&load.subject_id)?,
                group_title: group.map(|group| group.title.clone()).unwrap_or_default(),
                class,
                grade: classes
                    .iter()
                    .find(|row| Some(row.class_id) == class)
                    .map(|row| row.grade)
                    .or(group.map(|group| group.grade))
                    .unwrap_or(0),
                subject_title: load.subject_title.clone(),
            })
        };
        loads.iter().map(seed).collect()
    }

    /// Lessons; the cells of those that moved go with them.
    async fn put_lessons(
        &self,
        uow: &mut UnitOfWork,
        school: Uuid,
        lessons: &[Lesson],
        cursor: &str,
    ) -> anyhow::Result<()> {
        let seeds = lessons
            .iter()
            .map(seed_of_lesson)
            .collect::<anyhow::Result<Vec<_>>>()?;
        let (ids, changed) =
            journals::ensure(uow.conn(), self.grading.makes_journals(), school, &seeds).await?;
        let rows = lessons.iter().zip(&seeds).map(|(lesson, seed)| {
            let journal = ids.get(&seed.key()).context("a journal for each lesson")?;
            lesson_row(school, *journal, lesson)
        });
        let rows = rows.collect::<anyhow::Result<Vec<_>>>()?;
        let all: Vec<Uuid> = rows.iter().map(|row| row.lesson_id).collect();
        let (gone, rows) = rows.into_iter().partition(|row| row.state == REMOVED);
        schedule_copy::put_lessons(uow.conn(), rows).await?;
        schedule_copy::take_out_lessons(uow.conn(), school, gone).await?;
        schedule_copy::redate_cells(uow.conn(), school, &all).await?;
        self.grading.columns.forget(SchoolId::from_uuid(school));
        schools::facts_changed(uow.conn(), school, Producer::Schedule, cursor).await?;
        Ok(announce_journals(uow, self.grading.now(), school, &changed).await?)
    }
}

#[async_trait]
impl Consumer for Schedule {
    type Event = WatchScheduleEventsResponse;
    const CHANGES: &'static [&'static str] = &[
        "calendar_changed",
        "teaching_loads_changed",
        "lessons_changed",
    ];

    fn key_of(event: &Self::Event) -> Option<String> {
        let event = event.event.as_ref()?;
        let kind = event.change.as_ref().map(std::mem::discriminant);
        Some(format!("{} {kind:?}", event.school_id))
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        let cursor = &event.cursor;
        let Some(event) = &event.event else {
            return Ok(());
        };
        let Some(change) = &event.change else {
            return Ok(());
        };
        let school = id::<SchoolId>(&event.school_id)?;
        match change {
            Change::CalendarChanged(c) => {
                let calendar = c
                    .calendar
                    .as_ref()
                    .context("calendar_changed without a calendar")?;
                self.put_calendar(uow, school, calendar).await
            }
            Change::TeachingLoadsChanged(c) => self.put_loads(uow, school, &c.teaching_loads).await,
            Change::LessonsChanged(c) => self.put_lessons(uow, school, &c.lessons, cursor).await,
            // Topics are the teacher's own: the page takes them from the plan itself.
            // What the director approves is the office's.
            // Notices are notification's; the lessons themselves come beside them.
            Change::LessonPlanChanged(_)
            | Change::StudyDocumentChanged(_)
            | Change::LessonAltered(_)
            | Change::DayChanged(_)
            | Change::SchoolEventChanged(_) => Ok(()),
        }
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        Ok(schedule_copy::reset(uow.conn()).await?)
    }
}

/// Days of holidays that all grades have, beside the gaps between periods.
fn holidays(
    school_id: Uuid,
    academic_year: i16,
    calendar: &Calendar,
) -> anyhow::Result<Vec<DayOffRow>> {
    let mut rows = Vec::new();
    let of_all = |one: &&Holiday| one.grade_from <= 1 && one.grade_to >= 11;
    for one in calendar.holidays.iter().filter(of_all) {
        let (first, last): (Date, Date) = (one.starts_on.parse()?, one.ends_on.parse()?);
        let days = first.series(1.day()).take_while(|day| *day <= last);
        rows.extend(days.map(|day| DayOffRow {
            school_id,
            date: day.to_string(),
            academic_year,
            title: one.title.clone(),
        }));
    }
    Ok(rows)
}

fn period_row(school_id: Uuid, academic_year: i16, period: &Period) -> anyhow::Result<PeriodRow> {
    Ok(PeriodRow {
        school_id,
        period_id: id::<PeriodId>(&period.period_id)?,
        academic_year,
        title: period.title.clone(),
        kind: i16::try_from(period.kind)?,
        starts_on: day(&period.starts_on)?,
        ends_on: day(&period.ends_on)?,
        grade_from: small(period.grade_from)?,
        grade_to: small(period.grade_to)?,
    })
}

fn load_row(
    school_id: Uuid,
    load: &TeachingLoad,
    ids: &HashMap<SeedKey, Uuid>,
) -> anyhow::Result<LoadRow> {
    let key = (
        year(&load.academic_year)?,
        id::<GroupId>(&load.group_id)?,
        id::<SubjectId>(&load.subject_id)?,
    );
    Ok(LoadRow {
        school_id,
        teaching_load_id: id::<TeachingLoadId>(&load.teaching_load_id)?,
        journal_id: *ids.get(&key).context("a journal for each load")?,
        teacher_id: id::<PersonId>(&load.teacher_id)?,
        starts_on: start(&load.starts_on)?,
        ends_on: end(&load.ends_on)?,
    })
}

fn seed_of_lesson(lesson: &Lesson) -> anyhow::Result<Seed> {
    Ok(Seed {
        academic_year: year(&lesson.academic_year)?,
        group: id::<GroupId>(&lesson.group_id)?,
        subject: id::<SubjectId>(&lesson.subject_id)?,
        group_title: lesson.group_title.clone(),
        class: optional::<ClassId>(&lesson.class_id)?,
        grade: small(lesson.grade)?,
        subject_title: lesson.subject_title.clone(),
    })
}

fn lesson_row(school_id: Uuid, journal_id: Uuid, lesson: &Lesson) -> anyhow::Result<LessonRow> {
    let group_id = id::<GroupId>(&lesson.group_id)?;
    let class_id = optional::<ClassId>(&lesson.class_id)?;
    Ok(LessonRow {
        school_id,
        lesson_id: id::<LessonId>(&lesson.lesson_id)?,
        academic_year: year(&lesson.academic_year)?,
        journal_id,
        date: day(&lesson.date)?,
        lesson_number: small(lesson.lesson_number)?,
        starts_at: clock(&lesson.starts_at)?,
        ends_at: clock(&lesson.ends_at)?,
        group_id,
        class_id,
        day_unit: class_id.unwrap_or(group_id),
        grade: small(lesson.grade)?,
        subject_id: id::<SubjectId>(&lesson.subject_id)?,
        subject_title: lesson.subject_title.clone(),
        teacher_id: optional::<PersonId>(&lesson.teacher_id)?,
        substitute_id: optional::<PersonId>(&lesson.substitute_id)?,
        room: lesson.room.clone(),
        state: i16::try_from(lesson.state)?,
        remote: lesson.remote,
    })
}
