//! Lesson plans with their themes. A save writes all themes anew: a plan is small, and
//! its order is what is edited most.

use std::collections::HashMap;

use chassis::db::{Corrupt, from_micros, micros};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, PersonId, SubjectId, ThemeId};

use super::School;
use super::entity::{lesson_plan, lesson_plan_theme};
use crate::domain::academic_year::AcademicYear;
use crate::domain::lesson_plan::control_kind::ControlKind;
use crate::domain::lesson_plan::{Decision, Head, LessonPlan, State, Theme, ThemeText};

/// `lesson_plan.state`.
const DRAFT: i16 = 1;
const RETURNED: i16 = 2;
const APPROVED: i16 = 3;

/// Whose plan it is.
pub type PlanKey = (GroupId, SubjectId);

/// A plan as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// All but the themes.
    pub head: Head,
    /// Hours of all themes.
    pub hours: u32,
    /// How many themes there are.
    pub theme_count: u32,
}

impl Summary {
    /// Of a plan.
    pub fn of(plan: &LessonPlan) -> Self {
        Self {
            head: plan.head.clone(),
            hours: plan.hours(),
            theme_count: u32::try_from(plan.themes.len()).unwrap_or(u32::MAX),
        }
    }
}

/// The plan of a group in a subject.
pub async fn find(
    conn: &impl ConnectionTrait,
    school: School,
    key: PlanKey,
) -> Result<Option<LessonPlan>, DbErr> {
    let head = heads(school, key).one(conn).await?;
    with_themes(conn, school, key, head).await
}

/// The plan as it is now, kept from others until the transaction ends.
pub async fn lock(
    conn: &impl ConnectionTrait,
    school: School,
    key: PlanKey,
) -> Result<Option<LessonPlan>, DbErr> {
    // SQLite has one writer: its builder leaves the lock out.
    let head = heads(school, key).lock(LockType::Update).one(conn).await?;
    with_themes(conn, school, key, head).await
}

/// The saved plans of a school's year.
pub async fn summaries(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<HashMap<PlanKey, Summary>, DbErr> {
    let rows = lesson_plan::Entity::find()
        .filter(lesson_plan::Column::SchoolId.eq(school.uuid()))
        .filter(lesson_plan::Column::AcademicYear.eq(year.to_string()))
        .all(conn)
        .await?;
    let summary = |row: lesson_plan::Model| {
        let key = (
            GroupId::from_uuid(row.group_id),
            SubjectId::from_uuid(row.subject_id),
        );
        let count = |column, number: i32| {
            u32::try_from(number).map_err(|_| Corrupt::new("lesson_plan", column, number))
        };
        let (hours, theme_count) = (
            count("hours", row.hours)?,
            count("theme_count", row.theme_count)?,
        );
        let head = read_head(row)?;
        Ok((
            key,
            Summary {
                head,
                hours,
                theme_count,
            },
        ))
    };
    rows.into_iter().map(summary).collect()
}

/// Writes a plan: a first version where there is none yet, a later one over the version
/// before. `false`: somebody else was first.
pub async fn save(
    conn: &impl ConnectionTrait,
    school: School,
    (key, year): (PlanKey, AcademicYear),
    plan: &LessonPlan,
) -> Result<bool, DbErr> {
    use lesson_plan::Column::{GroupId as Group, SchoolId, SubjectId as Subject, Version};
    let row = row(school, key, year, plan).into_active_model();
    let written = if plan.head.version == 1 {
        let there = OnConflict::columns([SchoolId, Group, Subject])
            .do_nothing()
            .to_owned();
        lesson_plan::Entity::insert(row)
            .on_conflict(there)
            .exec_without_returning(conn)
            .await?
    } else {
        lesson_plan::Entity::update_many()
            .set(row.reset_all())
            .filter(SchoolId.eq(school.uuid()))
            .filter(Group.eq(key.0.uuid()))
            .filter(Subject.eq(key.1.uuid()))
            .filter(Version.eq(plan.head.version - 1))
            .exec(conn)
            .await?
            .rows_affected
    };
    if written != 1 {
        return Ok(false);
    }
    write_themes(conn, school, key, &plan.themes).await?;
    Ok(true)
}

async fn write_themes(
    conn: &impl ConnectionTrait,
    school: School,
    key: PlanKey,
    themes: &[Theme],
) -> Result<(), DbErr> {
    use lesson_plan_theme::Column::{GroupId as Group, SchoolId, SubjectId as Subject};
    lesson_plan_theme::Entity::delete_many()
        .filter(SchoolId.eq(school.uuid()))
        .filter(Group.eq(key.0.uuid()))
        .filter(Subject.eq(key.1.uuid()))
        .exec(conn)
        .await?;
    if themes.is_empty() {
        return Ok(());
    }
    let rows = themes.iter().zip(1..).map(|(theme, number)| {
        lesson_plan_theme::Model {
            school_id: school.uuid(),
            group_id: key.0.uuid(),
            subject_id: key.1.uuid(),
            number,
            theme_id: theme.id.uuid(),
            section: theme.text.section.clone(),
            title: theme.text.title.clone(),
            hours: i16::try_from(theme.text.hours).unwrap_or(i16::MAX),
            control_kind: theme.text.control.number(),
            homework: theme.text.homework.clone(),
        }
        .into_active_model()
    });
    lesson_plan_theme::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await
        .map(|_| ())
}

fn heads(school: School, (group, subject): PlanKey) -> sea_orm::Select<lesson_plan::Entity> {
    lesson_plan::Entity::find_by_id((school.uuid(), group.uuid(), subject.uuid()))
}

async fn with_themes(
    conn: &impl ConnectionTrait,
    school: School,
    key: PlanKey,
    head: Option<lesson_plan::Model>,
) -> Result<Option<LessonPlan>, DbErr> {
    use lesson_plan_theme::Column::{GroupId as Group, Number, SchoolId, SubjectId as Subject};
    let Some(head) = head else {
        return Ok(None);
    };
    let rows = lesson_plan_theme::Entity::find()
        .filter(SchoolId.eq(school.uuid()))
        .filter(Group.eq(key.0.uuid()))
        .filter(Subject.eq(key.1.uuid()))
        .order_by_asc(Number)
        .all(conn)
        .await?;
    let themes = rows.into_iter().map(read_theme).collect::<Result<_, _>>()?;
    let head = read_head(head)?;
    Ok(Some(LessonPlan { head, themes }))
}

fn row(
    school: School,
    (group, subject): PlanKey,
    year: AcademicYear,
    plan: &LessonPlan,
) -> lesson_plan::Model {
    let Summary {
        head,
        hours,
        theme_count,
    } = Summary::of(plan);
    let (state, decision, remark) = match head.state {
        State::Draft => (DRAFT, None, String::new()),
        State::Returned { decision, remark } => (RETURNED, Some(decision), remark),
        State::Approved { decision } => (APPROVED, Some(decision), String::new()),
    };
    lesson_plan::Model {
        school_id: school.uuid(),
        group_id: group.uuid(),
        subject_id: subject.uuid(),
        academic_year: year.to_string(),
        title: head.title,
        state,
        remark,
        decided_by: decision.and_then(|one| one.by).map(|person| person.uuid()),
        decided_us: decision.map(|one| micros(one.at)),
        saved_us: micros(head.saved_at),
        hours: i32::try_from(hours).unwrap_or(i32::MAX),
        theme_count: i32::try_from(theme_count).unwrap_or(i32::MAX),
        version: head.version,
    }
}

fn read_head(row: lesson_plan::Model) -> Result<Head, Corrupt> {
    let decision = |us: Option<i64>, by: Option<Uuid>| {
        let at = us.ok_or_else(|| Corrupt::new("lesson_plan", "decided_us", "NULL"))?;
        Ok::<_, Corrupt>(Decision {
            by: by.map(PersonId::from_uuid),
            at: from_micros(at),
        })
    };
    let state = match row.state {
        DRAFT => State::Draft,
        RETURNED => State::Returned {
            decision: decision(row.decided_us, row.decided_by)?,
            remark: row.remark,
        },
        APPROVED => State::Approved {
            decision: decision(row.decided_us, row.decided_by)?,
        },
        other => return Err(Corrupt::new("lesson_plan", "state", other)),
    };
    Ok(Head {
        title: row.title,
        state,
        saved_at: from_micros(row.saved_us),
        version: row.version,
    })
}

fn read_theme(row: lesson_plan_theme::Model) -> Result<Theme, Corrupt> {
    let table = "lesson_plan_theme";
    let control = ControlKind::from_number(row.control_kind.into())
        .ok_or_else(|| Corrupt::new(table, "control_kind", row.control_kind))?;
    let hours = u16::try_from(row.hours).map_err(|_| Corrupt::new(table, "hours", row.hours))?;
    Ok(Theme {
        id: ThemeId::from_uuid(row.theme_id),
        text: ThemeText {
            section: row.section,
            title: row.title,
            hours,
            control,
            homework: row.homework,
        },
    })
}
