//! Writes a school's whole plan of a year.

use chassis::db::Corrupt;
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
};
use uuid::Uuid;
use zhurnal_proto::id::{
    LessonId, PeriodId, SchoolId, SchoolImportId, TeachingLoadId, TimetableEntryId, TimetableId,
};

use super::School;
use super::catalogue::{self, ByTitle, Room, Subject};
use super::column;
use super::dated_lessons;
use super::entity::{
    bell, day_off, period, school_year, study_group, teaching_load, timetable_entry,
};
use super::timetables;
use crate::domain::academic_year::AcademicYear;
use crate::domain::calendar::StudyWeek;
use crate::domain::plan::Plan;
use crate::domain::timetable::cycle::Cycle;
use crate::domain::timetable::{Approval, Version};

/// Rows of one statement: at most 11 columns, within SQLite's 32,766 values.
const CHUNK: usize = 1_000;

/// The first version of a year's timetable.
const FIRST_VERSION: i32 = 1;

/// A year that comes to a school, and what it was counted with.
#[derive(Debug, Clone)]
pub struct Claim {
    /// School.
    pub school: School,
    /// Import that puts it; `None`: people open it.
    pub import: Option<SchoolImportId>,
    /// Academic year.
    pub year: AcademicYear,
    /// Study week.
    pub week: StudyWeek,
    /// IANA time zone.
    pub time_zone: String,
    /// Version of the regional calendar; 0 = the region has none.
    pub regional_version: u32,
    /// Dated lessons that come with it.
    pub lesson_count: usize,
    /// When, microseconds since 1970.
    pub put_us: i64,
}

/// A plan with the ids it is stored by; parallel to the plan's lists.
#[derive(Debug, Clone)]
pub struct NumberedPlan {
    /// School.
    pub school: SchoolId,
    /// The plan.
    pub plan: Plan,
    /// Ids of the periods.
    pub periods: Vec<PeriodId>,
    /// Ids of the loads with their subjects.
    pub loads: Vec<(TeachingLoadId, Subject)>,
    /// The first version of the timetable, in force from the first day.
    pub timetable: Version,
    /// Ids of the weekly lessons with subject and room.
    pub weekly: Vec<(TimetableEntryId, Subject, Option<Room>)>,
    /// Dated lessons: id, date, index of the weekly lesson; by date and number.
    pub lessons: Vec<(LessonId, Date, usize)>,
}

/// Writes the row of the year, which a second one of the same year violates,
/// so that it waits for the first and does nothing.
pub async fn claim_year(conn: &impl ConnectionTrait, claim: Claim) -> Result<(), DbErr> {
    let import = claim.import.map(|import| import.uuid());
    let row = school_year::ActiveModel {
        school_id: Set(claim.school.uuid()),
        academic_year: Set(claim.year.to_string()),
        study_week_days: Set(column::small(claim.week.days())),
        time_zone: Set(claim.time_zone),
        regional_calendar_version: Set(i32::try_from(claim.regional_version).unwrap_or(i32::MAX)),
        // The nil id is no import's.
        school_import_id: Set(import.unwrap_or_default()),
        lesson_count: Set(i32::try_from(claim.lesson_count).unwrap_or(i32::MAX)),
        put_us: Set(claim.put_us),
    };
    school_year::Entity::insert(row)
        .exec_without_returning(conn)
        .await
        .map(|_| ())
}

/// Gives everything in the plan its id; subjects and rooms that the catalogues
/// lack are added.
pub async fn number(
    conn: &impl ConnectionTrait,
    school: School,
    (plan, now): (Plan, Timestamp),
    new_id: &mut (impl FnMut() -> Uuid + Send),
) -> Result<NumberedPlan, DbErr> {
    let titles = plan.loads.iter().map(|load| load.subject.as_str());
    let titles = titles.chain(plan.weekly.iter().map(|lesson| lesson.subject.as_str()));
    let subjects = catalogue::ensure_subjects(conn, titles, new_id).await?;
    let rooms = plan.weekly.iter().map(|lesson| lesson.room.as_str());
    let rooms = catalogue::ensure_rooms(conn, school, rooms, new_id).await?;
    let periods = plan
        .calendar
        .periods()
        .iter()
        .map(|_| PeriodId::from_uuid(new_id()))
        .collect();
    let loads = plan.loads.iter().map(|load| {
        Ok((
            TeachingLoadId::from_uuid(new_id()),
            subject(&subjects, &load.subject)?,
        ))
    });
    let loads = loads.collect::<Result<_, Corrupt>>()?;
    let weekly = plan.weekly.iter().map(|lesson| {
        let id = TimetableEntryId::from_uuid(new_id());
        Ok((
            id,
            subject(&subjects, &lesson.subject)?,
            rooms.get(&lesson.room).cloned(),
        ))
    });
    let weekly = weekly.collect::<Result<_, Corrupt>>()?;
    let dated = plan.dated_lessons().into_iter();
    let lessons = dated
        .map(|(date, index)| (LessonId::from_uuid(new_id()), date, index))
        .collect();
    let timetable = first_version(&plan, TimetableId::from_uuid(new_id()), now);
    Ok(NumberedPlan {
        school: school.id(),
        plan,
        periods,
        loads,
        timetable,
        weekly,
        lessons,
    })
}

fn first_version(plan: &Plan, id: TimetableId, now: Timestamp) -> Version {
    let approval = Approval {
        valid_from: plan.first_day(),
        by: None,
        at: now,
    };
    Version {
        id,
        year: plan.year,
        number: FIRST_VERSION,
        title: String::new(),
        cycle: Cycle::weekly(plan.first_day()),
        approval: Some(approval),
        approve_by: None,
        entry_count: u32::try_from(plan.weekly.len()).unwrap_or(u32::MAX),
        version: 1,
    }
}

fn subject(subjects: &ByTitle<Subject>, title: &str) -> Result<Subject, Corrupt> {
    subjects
        .get(title)
        .cloned()
        .ok_or_else(|| Corrupt::new("subject", "folded_title", title))
}

/// Writes everything but the row of the year.
pub async fn insert(
    conn: &impl ConnectionTrait,
    within: School,
    numbered: &NumberedPlan,
) -> Result<(), DbErr> {
    let plan = &numbered.plan;
    let (school, year) = (within.uuid(), plan.year.to_string());
    let first_day = column::date(plan.first_day());
    insert_calendar(conn, numbered, school, &year).await?;
    insert_groups(conn, numbered, school, &year).await?;
    insert_all(
        conn,
        numbered
            .loads
            .iter()
            .zip(&plan.loads)
            .map(|((id, subject), load)| teaching_load::Model {
                school_id: school,
                teaching_load_id: id.uuid(),
                academic_year: year.clone(),
                group_id: load.group.uuid(),
                subject_id: subject.id.uuid(),
                teacher_id: load.teacher.uuid(),
                weekly_hours_hundredths: i32::try_from(load.weekly_hours_hundredths)
                    .unwrap_or(i32::MAX),
                starts_on: first_day.clone(),
                ends_on: None,
            }),
    )
    .await?;
    timetables::insert(conn, within, &numbered.timetable).await?;
    insert_all(
        conn,
        numbered
            .weekly
            .iter()
            .zip(&plan.weekly)
            .map(|((id, subject, room), lesson)| timetable_entry::Model {
                school_id: school,
                timetable_entry_id: id.uuid(),
                academic_year: year.clone(),
                version_number: FIRST_VERSION,
                weekday: column::small(lesson.weekday),
                lesson_number: column::small(lesson.number),
                group_id: lesson.group.uuid(),
                subject_id: subject.id.uuid(),
                teacher_id: lesson.teacher.uuid(),
                room_id: room.as_ref().map(|room| room.id),
                week: 0,
            }),
    )
    .await?;
    let dated = numbered
        .lessons
        .iter()
        .map(|(id, date, index)| (*id, *date, numbered.weekly[*index].0));
    let dated: Vec<_> = dated.collect();
    dated_lessons::insert(conn, within, &dated).await
}

async fn insert_calendar(
    conn: &impl ConnectionTrait,
    numbered: &NumberedPlan,
    school: Uuid,
    year: &str,
) -> Result<(), DbErr> {
    let plan = &numbered.plan;
    insert_all(
        conn,
        numbered
            .periods
            .iter()
            .zip(plan.calendar.periods())
            .map(|(id, one)| period::Model {
                school_id: school,
                period_id: id.uuid(),
                academic_year: year.to_owned(),
                title: one.title.clone(),
                kind: column::period_kind(one.kind),
                starts_on: column::date(one.starts_on),
                ends_on: column::date(one.ends_on),
                grade_from: column::small(one.grade_from),
                grade_to: column::small(one.grade_to),
            }),
    )
    .await?;
    insert_all(
        conn,
        plan.calendar.days_off().iter().map(|one| day_off::Model {
            school_id: school,
            date: column::date(one.date),
            academic_year: year.to_owned(),
            title: one.title.clone(),
            source: column::source(one.source),
        }),
    )
    .await?;
    insert_all(
        conn,
        plan.bells.iter().map(|one| bell::Model {
            school_id: school,
            academic_year: year.to_owned(),
            shift: column::small(one.shift),
            lesson_number: column::small(one.number),
            starts_at: one.starts_at.to_string(),
            ends_at: one.ends_at.to_string(),
        }),
    )
    .await
}

/// Groups may be known from roster's feed already: the plan adds grade and shift.
async fn insert_groups(
    conn: &impl ConnectionTrait,
    numbered: &NumberedPlan,
    school: Uuid,
    year: &str,
) -> Result<(), DbErr> {
    use study_group::Column::{ClassId, Grade, GroupId, SchoolId as School, Shift, Title};
    for chunk in numbered.plan.groups.chunks(CHUNK) {
        let rows = chunk.iter().map(|group| {
            study_group::Model {
                school_id: school,
                group_id: group.id.uuid(),
                academic_year: year.to_owned(),
                title: group.title.clone(),
                class_id: group.class.map(|class| class.uuid()),
                grade: Some(column::small(group.grade)),
                shift: Some(column::small(group.shift)),
                ends_on: None,
            }
            .into_active_model()
        });
        let known = OnConflict::columns([School, GroupId])
            .update_columns([Title, ClassId, Grade, Shift])
            .to_owned();
        study_group::Entity::insert_many(rows)
            .on_conflict(known)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

async fn insert_all<M, A>(
    conn: &impl ConnectionTrait,
    rows: impl Iterator<Item = M>,
) -> Result<(), DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + Send,
{
    let rows: Vec<A> = rows.map(IntoActiveModel::into_active_model).collect();
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<A> = rows.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        <A::Entity as EntityTrait>::insert_many(chunk)
            .exec_without_returning(conn)
            .await?;
    }
}
