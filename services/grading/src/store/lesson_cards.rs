//! Lessons with everything that is shown of them: entry, clocks' basis, room.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, JournalId, LessonId, PersonId, SchoolId, SubjectId};

use super::{all, columns::state, corrupt, date, time};
use crate::domain::{control_kind::ControlKind, lesson::Lesson};

/// A lesson as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonCard {
    /// What decisions rest on.
    pub lesson: Lesson,
    /// Lesson number.
    pub number: i16,
    /// Start, `HH:MM`.
    pub starts_at: String,
    /// End, `HH:MM`.
    pub ends_at: String,
    /// Room.
    pub room: String,
    /// Held remotely.
    pub remote: bool,
    /// What was done, once it was recorded.
    pub entry: Option<EntryCard>,
}

/// A lesson entry as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryCard {
    /// Topic.
    pub topic: String,
    /// Homework.
    pub homework: String,
    /// Minutes.
    pub homework_minutes: i16,
    /// Kind of control.
    pub control_kind: ControlKind,
    /// Recorded after it was due.
    pub recorded_late: bool,
    /// Version.
    pub version: i64,
}

/// The statement up to its WHERE.
const SELECT: &str = "SELECT l.lesson_id, l.journal_id, l.academic_year, l.date, l.lesson_number, l.starts_at, l.ends_at,
        l.group_id, l.class_id, l.subject_id, l.grade, l.teacher_id, l.substitute_id, l.room, l.state, l.remote,
        (SELECT max(o.ends_at) FROM lesson o WHERE o.school_id = l.school_id
            AND o.day_unit = l.day_unit AND o.date = l.date AND o.state <> 3) AS last_end,
        COALESCE((SELECT j.unmarked FROM journal j
            WHERE j.school_id = l.school_id AND j.journal_id = l.journal_id), FALSE) AS unmarked,
        e.topic, e.homework, e.homework_minutes, e.control_kind, e.recorded_late, e.version
    FROM lesson l
    LEFT JOIN lesson_entry e ON e.school_id = l.school_id AND e.lesson_id = l.lesson_id
    WHERE l.school_id = ?";

#[derive(FromQueryResult)]
struct Row {
    lesson_id: Uuid,
    journal_id: Uuid,
    academic_year: i16,
    date: String,
    lesson_number: i16,
    starts_at: String,
    ends_at: String,
    group_id: Uuid,
    class_id: Option<Uuid>,
    subject_id: Uuid,
    grade: i16,
    teacher_id: Option<Uuid>,
    substitute_id: Option<Uuid>,
    room: String,
    state: i16,
    remote: bool,
    last_end: Option<String>,
    unmarked: bool,
    topic: Option<String>,
    homework: Option<String>,
    homework_minutes: Option<i16>,
    control_kind: Option<i16>,
    recorded_late: Option<bool>,
    version: Option<i64>,
}

impl Row {
    fn into_card(self, school: SchoolId) -> Result<LessonCard, DbErr> {
        let id = LessonId::from_uuid(self.lesson_id);
        let entry = match (self.topic, self.homework, self.version) {
            (Some(topic), Some(homework), Some(version)) => Some(EntryCard {
                topic,
                homework,
                homework_minutes: self.homework_minutes.unwrap_or(0),
                control_kind: ControlKind::from_number(i32::from(self.control_kind.unwrap_or(0)))
                    .ok_or_else(|| corrupt("lesson_entry", id, "control_kind"))?,
                recorded_late: self.recorded_late.unwrap_or(false),
                version,
            }),
            _ => None,
        };
        let lesson = Lesson {
            id,
            school,
            journal: JournalId::from_uuid(self.journal_id),
            subject: SubjectId::from_uuid(self.subject_id),
            academic_year: self.academic_year,
            date: date("lesson", &self.date)?,
            grade: u8::try_from(self.grade).map_err(|_| corrupt("lesson", id, "grade"))?,
            class: self.class_id.map(ClassId::from_uuid),
            group: GroupId::from_uuid(self.group_id),
            state: state(self.state),
            teacher: self.teacher_id.map(PersonId::from_uuid),
            substitute: self.substitute_id.map(PersonId::from_uuid),
            last_end: time("lesson", self.last_end.as_ref().unwrap_or(&self.ends_at))?,
            unmarked: self.unmarked,
        };
        Ok(LessonCard {
            lesson,
            number: self.lesson_number,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            room: self.room,
            remote: self.remote,
            entry,
        })
    }
}

async fn read(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    condition: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<LessonCard>, DbErr> {
    let sql = format!("{SELECT} AND {condition} ORDER BY l.date, l.lesson_number, l.lesson_id");
    let values = std::iter::once(school.uuid().into()).chain(values);
    let rows: Vec<Row> = all(conn, &sql, values).await?;
    rows.into_iter().map(|row| row.into_card(school)).collect()
}

/// Lessons of a journal between two days, inclusive; with `of_substitute`, only
/// those that this person holds in another's place.
pub async fn of_journal(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    journal: JournalId,
    days: (&str, &str),
    of_substitute: Option<PersonId>,
) -> Result<Vec<LessonCard>, DbErr> {
    let mut values: Vec<Value> = vec![journal.uuid().into(), days.0.into(), days.1.into()];
    let mut condition = "l.journal_id = ? AND l.date BETWEEN ? AND ?".to_owned();
    if let Some(substitute) = of_substitute {
        condition.push_str(" AND l.substitute_id = ?");
        values.push(substitute.uuid().into());
    }
    read(conn, school, &condition, values).await
}

/// Lessons that a person holds on a day: own ones without a substitute, and those
/// in another's place.
pub async fn of_person(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    person: PersonId,
    day: &str,
) -> Result<Vec<LessonCard>, DbErr> {
    let condition = "l.lesson_id IN (
        SELECT o.lesson_id FROM lesson o
            WHERE o.school_id = ? AND o.teacher_id = ? AND o.date = ? AND o.substitute_id IS NULL
        UNION ALL SELECT o.lesson_id FROM lesson o
            WHERE o.school_id = ? AND o.substitute_id = ? AND o.date = ?)";
    let own: [Value; 3] = [school.uuid().into(), person.uuid().into(), day.into()];
    read(conn, school, condition, own.clone().into_iter().chain(own)).await
}

/// One lesson.
pub async fn find(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    lesson: LessonId,
) -> Result<Option<LessonCard>, DbErr> {
    Ok(
        read(conn, school, "l.lesson_id = ?", [lesson.uuid().into()])
            .await?
            .pop(),
    )
}
