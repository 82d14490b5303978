//! Dated lessons: read by day, class and teacher, changed one by one.

use chassis::db::{Corrupt, from_micros, micros};
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, LessonId, PersonId, SubjectId};

use super::School;
use super::column;
use super::entity::{lesson, room, staff_member, study_group, subject};
use crate::domain::lesson::{Lesson, LessonState, Slot, Substitution};
use crate::domain::timesheet::Stint;

/// `lesson.state`.
pub(super) const PLANNED: i16 = 1;
pub(super) const CANCELLED: i16 = 3;
/// In no list: nobody is taught by it.
pub(super) const REMOVED: i16 = 4;

/// A lesson with what people see beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonView {
    /// The lesson.
    pub lesson: Lesson,
    /// Academic year, `2026/2027`.
    pub academic_year: String,
    /// Lesson number.
    pub number: u8,
    /// Title of the group.
    pub group_title: String,
    /// Class; `None` when of several.
    pub class: Option<ClassId>,
    /// Grade of the group.
    pub grade: u8,
    /// Title of the subject.
    pub subject_title: String,
    /// Title of the room; empty = none.
    pub room: String,
    /// When it was changed last; `None` = not since it was made.
    pub changed_at: Option<Timestamp>,
}

/// Which lessons are wanted.
#[derive(Debug, Clone)]
pub struct LessonFilter {
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub to: Date,
    /// Only this class.
    pub class: Option<ClassId>,
    /// Only these groups.
    pub groups: Option<Vec<GroupId>>,
    /// Only those in which this teacher appears, as teacher or substitute.
    pub teacher: Option<PersonId>,
    /// Only replaced and cancelled ones.
    pub only_changed: bool,
}

/// Place of a lesson in lists: date, number, id.
pub type LessonKey = (String, i16, Uuid);

/// The key of a lesson in a list.
pub fn key_of(view: &LessonView) -> LessonKey {
    (
        column::date(view.lesson.slot.date),
        column::small(view.number),
        view.lesson.id.uuid(),
    )
}

/// Lessons of a school after `after`, by date, number and id; at most `limit`.
pub async fn list(
    conn: &impl ConnectionTrait,
    school: School,
    filter: &LessonFilter,
    after: Option<LessonKey>,
    limit: u64,
) -> Result<Vec<LessonView>, DbErr> {
    use lesson::Column::{Date, LessonId, LessonNumber};
    let mut select = views(school);
    select.and_where(col(Date).gte(column::date(filter.from)));
    select.and_where(col(Date).lte(column::date(filter.to)));
    if let Some(class) = filter.class {
        select.and_where(
            Expr::col((study_group::Entity, study_group::Column::ClassId)).eq(class.uuid()),
        );
    }
    if let Some(groups) = &filter.groups {
        let groups = groups.iter().map(|group| group.uuid());
        select.and_where(col(lesson::Column::GroupId).is_in(groups));
    }
    if let Some(teacher) = filter.teacher {
        select.cond_where(teaches(teacher));
    }
    if filter.only_changed {
        let changed = Cond::any()
            .add(col(lesson::Column::SubstituteId).is_not_null())
            .add(col(lesson::Column::State).eq(CANCELLED));
        select.cond_where(changed);
    }
    if let Some((date, number, id)) = after {
        let key = Expr::tuple([col(Date), col(LessonNumber), col(LessonId)]);
        select.and_where(key.gt(Expr::tuple([date.into(), number.into(), id.into()])));
    }
    let lesson = |column| (lesson::Entity, column);
    select.order_by(lesson(Date), sea_orm::Order::Asc);
    select.order_by(lesson(LessonNumber), sea_orm::Order::Asc);
    select.order_by(lesson(LessonId), sea_orm::Order::Asc);
    select.limit(limit);
    read_views(conn.query_all(&select).await?)
}

/// Planned lessons of the days in rooms of these titles.
pub async fn in_rooms(
    conn: &impl ConnectionTrait,
    school: School,
    (from, to): (Date, Date),
    rooms: &[String],
) -> Result<Vec<LessonView>, DbErr> {
    let mut select = views(school);
    select
        .and_where(col(lesson::Column::Date).gte(column::date(from)))
        .and_where(col(lesson::Column::Date).lte(column::date(to)))
        .and_where(col(lesson::Column::State).eq(PLANNED))
        .and_where(Expr::col((room::Entity, room::Column::Title)).is_in(rooms));
    read_views(conn.query_all(&select).await?)
}

/// One lesson of the school.
pub async fn find(
    conn: &impl ConnectionTrait,
    school: School,
    id: LessonId,
) -> Result<Option<LessonView>, DbErr> {
    let mut select = views(school);
    select.and_where(col(lesson::Column::LessonId).eq(id.uuid()));
    Ok(read_views(conn.query_all(&select).await?)?.pop())
}

/// The lesson as it is now, kept from others until the transaction ends.
pub async fn lock(
    conn: &impl ConnectionTrait,
    school: School,
    id: LessonId,
) -> Result<Option<Lesson>, DbErr> {
    // SQLite has one writer: its builder leaves the lock out.
    let mut select = lessons(school);
    select
        .and_where(col(lesson::Column::LessonId).eq(id.uuid()))
        .lock(LockType::Update);
    let row = conn.query_one(&select).await?;
    let row = row
        .map(|row| lesson::Model::from_query_result(&row, ""))
        .transpose()?;
    Ok(row.map(read).transpose()?)
}

/// Lessons of a day in which the person appears as teacher or substitute. Keeps
/// the person's row from others, so that two substitutions cannot both find the
/// person free.
pub async fn lock_day_of_teacher(
    conn: &impl ConnectionTrait,
    school: School,
    teacher: PersonId,
    day: Date,
) -> Result<Vec<Lesson>, DbErr> {
    let person = Query::select()
        .column(staff_member::Column::PersonId)
        .from(staff_member::Entity)
        .and_where(Expr::col(staff_member::Column::SchoolId).eq(school.uuid()))
        .and_where(Expr::col(staff_member::Column::PersonId).eq(teacher.uuid()))
        .lock(LockType::Update)
        .take();
    conn.query_one(&person).await?;
    let mut select = lessons(school);
    select
        .and_where(col(lesson::Column::Date).eq(column::date(day)))
        .cond_where(teaches(teacher));
    read_all(conn.query_all(&select).await?)
}

/// Lessons of a group after a day.
pub async fn of_group_after(
    conn: &impl ConnectionTrait,
    school: School,
    group: GroupId,
    day: Date,
) -> Result<Vec<Lesson>, DbErr> {
    let mut select = lessons(school);
    select
        .and_where(col(lesson::Column::GroupId).eq(group.uuid()))
        .and_where(col(lesson::Column::Date).gt(column::date(day)));
    read_all(conn.query_all(&select).await?)
}

/// All lessons of a day.
pub async fn of_day(
    conn: &impl ConnectionTrait,
    school: School,
    day: Date,
) -> Result<Vec<Lesson>, DbErr> {
    let mut select = lessons(school);
    select.and_where(col(lesson::Column::Date).eq(column::date(day)));
    read_all(conn.query_all(&select).await?)
}

/// Lessons of a group in a subject that are not cancelled, by date and number: id and date.
pub async fn to_be_held(
    conn: &impl ConnectionTrait,
    school: School,
    (group, subject): (GroupId, SubjectId),
) -> Result<Vec<(LessonId, String)>, DbErr> {
    use lesson::Column::{
        Date, GroupId as Group, LessonId as Id, LessonNumber, SchoolId, SubjectId as Subject,
    };
    let rows: Vec<(Uuid, String)> = lesson::Entity::find()
        .select_only()
        .columns([Id, Date])
        .filter(SchoolId.eq(school.uuid()))
        .filter(Group.eq(group.uuid()))
        .filter(Subject.eq(subject.uuid()))
        // As the index of slots says it: a bound value would not match its condition.
        .filter(Expr::cust("state < 3"))
        .order_by_asc(Date)
        .order_by_asc(LessonNumber)
        .into_tuple()
        .all(conn)
        .await?;
    let lesson = |(id, date)| (LessonId::from_uuid(id), date);
    Ok(rows.into_iter().map(lesson).collect())
}

/// Lessons between two days, counted by what the timesheet asks of them.
pub async fn stints(
    conn: &impl ConnectionTrait,
    school: School,
    (from, to): (Date, Date),
) -> Result<Vec<Stint>, DbErr> {
    use lesson::Column::{Date, State, SubstituteId, TeacherId};
    #[derive(FromQueryResult)]
    struct Row {
        date: String,
        teacher_id: Uuid,
        substitute_id: Option<Uuid>,
        state: i16,
        lessons: i64,
    }
    let rows: Vec<Row> = lesson::Entity::find()
        .select_only()
        .columns([Date, TeacherId, SubstituteId, State])
        .column_as(lesson::Column::LessonId.count(), "lessons")
        .filter(lesson::Column::SchoolId.eq(school.uuid()))
        .filter(Date.gte(column::date(from)))
        .filter(Date.lte(column::date(to)))
        .filter(State.lt(REMOVED))
        .group_by(Date)
        .group_by(TeacherId)
        .group_by(SubstituteId)
        .group_by(State)
        .into_model()
        .all(conn)
        .await?;
    let stint = |row: Row| {
        Ok::<_, Corrupt>(Stint {
            date: column::read("lesson", "date", &row.date)?,
            teacher: PersonId::from_uuid(row.teacher_id),
            substitute: row.substitute_id.map(PersonId::from_uuid),
            cancelled: row.state == CANCELLED,
            lessons: u32::try_from(row.lessons)
                .map_err(|_| Corrupt::new("lesson", "count", row.lessons))?,
        })
    };
    rows.into_iter().map(|row| Ok(stint(row)?)).collect()
}

/// Writes the lesson's new state, changed `at`, if its version is still `version - 1`.
pub async fn save(
    conn: &impl ConnectionTrait,
    school: School,
    (changed, at): (&Lesson, Timestamp),
) -> Result<bool, DbErr> {
    use lesson::Column::{
        ChangedUs, LessonId, Remote, SchoolId as School, State, StateReason, SubstituteId, Version,
    };
    let state = match changed.state {
        LessonState::Planned { .. } => PLANNED,
        LessonState::Cancelled { .. } => CANCELLED,
        LessonState::Removed => REMOVED,
    };
    let done = lesson::Entity::update_many()
        .col_expr(State, Expr::value(state))
        .col_expr(StateReason, Expr::value(changed.reason()))
        .col_expr(
            SubstituteId,
            Expr::value(changed.substitute().map(|person| person.uuid())),
        )
        .col_expr(Remote, Expr::value(changed.remote))
        .col_expr(Version, Expr::value(changed.version))
        .col_expr(ChangedUs, Expr::value(micros(at)))
        .filter(School.eq(school.uuid()))
        .filter(LessonId.eq(changed.id.uuid()))
        .filter(Version.eq(changed.version - 1))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

fn col(column: lesson::Column) -> Expr {
    Expr::col((lesson::Entity, column))
}

fn teaches(person: PersonId) -> Condition {
    use lesson::Column::{SubstituteId, TeacherId};
    Cond::any()
        .add(col(TeacherId).eq(person.uuid()))
        .add(col(SubstituteId).eq(person.uuid()))
}

fn lessons(school: School) -> SelectStatement {
    use sea_orm::Iterable;
    Query::select()
        .columns(lesson::Column::iter().map(|column| (lesson::Entity, column)))
        .from(lesson::Entity)
        .and_where(col(lesson::Column::SchoolId).eq(school.uuid()))
        .and_where(col(lesson::Column::State).lt(REMOVED))
        .take()
}

/// Lessons with the titles of group, subject and room: one statement for a page.
fn views(school: School) -> SelectStatement {
    let group = |column| Expr::col((study_group::Entity, column));
    let room = |column| Expr::col((room::Entity, column));
    let mut select = lessons(school);
    select
        .expr_as(group(study_group::Column::Title), "group_title")
        .expr_as(group(study_group::Column::ClassId), "class_id")
        .expr_as(group(study_group::Column::Grade), "grade")
        .expr_as(
            Expr::col((subject::Entity, subject::Column::Title)),
            "subject_title",
        )
        .expr_as(room(room::Column::Title), "room_title")
        .join(
            JoinType::InnerJoin,
            study_group::Entity,
            Cond::all()
                .add(
                    group(study_group::Column::SchoolId)
                        .equals((lesson::Entity, lesson::Column::SchoolId)),
                )
                .add(
                    group(study_group::Column::GroupId)
                        .equals((lesson::Entity, lesson::Column::GroupId)),
                ),
        )
        .join(
            JoinType::InnerJoin,
            subject::Entity,
            Expr::col((subject::Entity, subject::Column::SubjectId))
                .equals((lesson::Entity, lesson::Column::SubjectId)),
        )
        .join(
            JoinType::LeftJoin,
            room::Entity,
            Cond::all()
                .add(
                    room(room::Column::SchoolId).equals((lesson::Entity, lesson::Column::SchoolId)),
                )
                .add(room(room::Column::RoomId).equals((lesson::Entity, lesson::Column::RoomId))),
        );
    select
}

fn read_all(rows: Vec<sea_orm::QueryResult>) -> Result<Vec<Lesson>, DbErr> {
    let rows = rows
        .iter()
        .map(|row| lesson::Model::from_query_result(row, ""));
    rows.map(|row| Ok(read(row?)?)).collect()
}

fn read_views(rows: Vec<sea_orm::QueryResult>) -> Result<Vec<LessonView>, DbErr> {
    rows.iter().map(read_view).collect()
}

fn read_view(row: &sea_orm::QueryResult) -> Result<LessonView, DbErr> {
    let model = lesson::Model::from_query_result(row, "")?;
    let grade: Option<i16> = row.try_get("", "grade")?;
    let grade = grade.ok_or_else(|| Corrupt::new("study_group", "grade", "NULL"))?;
    Ok(LessonView {
        academic_year: model.academic_year.clone(),
        number: column::read_small("lesson", "lesson_number", model.lesson_number)?,
        group_title: row.try_get("", "group_title")?,
        class: row
            .try_get::<Option<Uuid>>("", "class_id")?
            .map(ClassId::from_uuid),
        grade: column::read_small("study_group", "grade", grade)?,
        subject_title: row.try_get("", "subject_title")?,
        room: row
            .try_get::<Option<String>>("", "room_title")?
            .unwrap_or_default(),
        changed_at: model.changed_us.map(from_micros),
        lesson: read(model)?,
    })
}

pub(super) fn read(row: lesson::Model) -> Result<Lesson, Corrupt> {
    let substitute = row.substitute_id.map(PersonId::from_uuid);
    let state = match row.state {
        PLANNED => {
            let reason = row.state_reason;
            LessonState::Planned {
                substitution: substitute.map(|teacher| Substitution { teacher, reason }),
            }
        }
        CANCELLED => LessonState::Cancelled {
            reason: row.state_reason,
            substitute,
        },
        REMOVED => LessonState::Removed,
        other => return Err(Corrupt::new("lesson", "state", other)),
    };
    Ok(Lesson {
        id: LessonId::from_uuid(row.lesson_id),
        slot: Slot {
            date: column::read("lesson", "date", &row.date)?,
            starts_at: column::read("lesson", "starts_at", &row.starts_at)?,
            ends_at: column::read("lesson", "ends_at", &row.ends_at)?,
        },
        group: GroupId::from_uuid(row.group_id),
        subject: SubjectId::from_uuid(row.subject_id),
        teacher: PersonId::from_uuid(row.teacher_id),
        state,
        remote: row.remote,
        version: row.version,
    })
}
