//! What a pupil's diary is read from.

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;
use zhurnal_proto::id::{LessonId, PersonId, SchoolId, SubjectId};

use super::{all, cell_text, date, pupils::Name};
use crate::domain::cell::Cell;

/// A lesson of a diary.
#[derive(Clone, Debug)]
pub struct DiaryRow {
    /// Lesson.
    pub lesson: LessonId,
    /// Date.
    pub date: Date,
    /// Lesson number.
    pub number: i16,
    /// Start, `HH:MM`.
    pub starts_at: String,
    /// End, `HH:MM`.
    pub ends_at: String,
    /// Title of the subject.
    pub subject_title: String,
    /// Room.
    pub room: String,
    /// Cancelled by the timetable.
    pub cancelled: bool,
    /// Held remotely.
    pub remote: bool,
    /// Held by a substitute.
    pub substituted: bool,
    /// Teacher, or the substitute.
    pub teacher: Option<Name>,
    /// Topic; empty = not recorded.
    pub topic: String,
    /// Homework.
    pub homework: String,
    /// The cell, if it was ever saved.
    pub cell: Option<Cell>,
}

/// Lessons of a pupil between two days, inclusive, by day and number. One statement.
/// The date of a cell is that of its lesson: both ways to the cells are short ones.
pub async fn lessons(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    pupil: PersonId,
    from: Date,
    to: Date,
) -> Result<Vec<DiaryRow>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        lesson_id: Uuid,
        date: String,
        lesson_number: i16,
        starts_at: String,
        ends_at: String,
        subject_title: String,
        room: String,
        state: i16,
        remote: bool,
        substitute_id: Option<Uuid>,
        surname: Option<String>,
        given_name: Option<String>,
        patronymic: Option<String>,
        topic: Option<String>,
        homework: Option<String>,
        revision: Option<i64>,
        marks: Option<String>,
        attendance: Option<String>,
    }
    let sql = "SELECT l.lesson_id, l.date, l.lesson_number, l.starts_at, l.ends_at, l.subject_title, l.room, l.state, l.remote,
            l.substitute_id, t.surname, t.given_name, t.patronymic, e.topic, e.homework,
            c.revision, c.marks, c.attendance
        FROM group_membership m
        JOIN lesson l ON l.school_id = m.school_id AND l.group_id = m.group_id
            AND l.date BETWEEN ? AND ? AND l.date >= m.starts_on AND l.date <= m.ends_on
        LEFT JOIN lesson_entry e ON e.school_id = l.school_id AND e.lesson_id = l.lesson_id
        LEFT JOIN cell c ON c.school_id = l.school_id AND c.lesson_id = l.lesson_id
            AND c.pupil_id = m.pupil_id AND c.academic_year = l.academic_year AND c.date = l.date
        LEFT JOIN person_card t ON t.school_id = l.school_id
            AND t.person_id = coalesce(l.substitute_id, l.teacher_id)
        WHERE m.school_id = ? AND m.pupil_id = ?
        ORDER BY l.date, l.lesson_number, l.starts_at, l.lesson_id";
    let values = [
        from.to_string().into(),
        to.to_string().into(),
        school.uuid().into(),
        pupil.uuid().into(),
    ];
    let rows: Vec<Row> = all(conn, sql, values).await?;
    rows.into_iter()
        .map(|row| {
            let lesson = LessonId::from_uuid(row.lesson_id);
            Ok(DiaryRow {
                lesson,
                date: date("lesson", &row.date)?,
                number: row.lesson_number,
                starts_at: row.starts_at,
                ends_at: row.ends_at,
                subject_title: row.subject_title,
                room: row.room,
                cancelled: row.state == 3,
                remote: row.remote,
                substituted: row.substitute_id.is_some(),
                teacher: Name::of(row.surname, row.given_name, row.patronymic),
                topic: row.topic.unwrap_or_default(),
                homework: row.homework.unwrap_or_default(),
                cell: cell(lesson, pupil, row.revision, row.marks, row.attendance)?,
            })
        })
        .collect()
}

/// A cell of a pupil with its subject.
#[derive(Clone, Debug)]
pub struct SubjectCell {
    /// Subject.
    pub subject: SubjectId,
    /// Title of the subject.
    pub subject_title: String,
    /// Lesson.
    pub lesson: LessonId,
    /// Date.
    pub date: String,
    /// The cell.
    pub cell: Cell,
}

/// Cells of a pupil between two days, inclusive, by day and number. One statement.
pub async fn cells(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    pupil: PersonId,
    from: Date,
    to: Date,
) -> Result<Vec<SubjectCell>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        subject_id: Uuid,
        subject_title: String,
        lesson_id: Uuid,
        date: String,
        revision: i64,
        marks: String,
        attendance: String,
    }
    let sql = "SELECT l.subject_id, l.subject_title, l.lesson_id, l.date, c.revision, c.marks, c.attendance
        FROM cell c
        JOIN lesson l ON l.school_id = c.school_id AND l.lesson_id = c.lesson_id
        WHERE c.school_id = ? AND c.pupil_id = ? AND c.date BETWEEN ? AND ?
        ORDER BY l.date, l.lesson_number, l.lesson_id";
    let values = [
        school.uuid().into(),
        pupil.uuid().into(),
        from.to_string().into(),
        to.to_string().into(),
    ];
    let rows: Vec<Row> = all(conn, sql, values).await?;
    rows.into_iter()
        .map(|row| {
            let lesson = LessonId::from_uuid(row.lesson_id);
            let key = || format!("{lesson}/{pupil}");
            Ok(SubjectCell {
                subject: SubjectId::from_uuid(row.subject_id),
                subject_title: row.subject_title,
                lesson,
                date: row.date,
                cell: cell_text::read(row.revision, &row.marks, &row.attendance, key)?,
            })
        })
        .collect()
}

fn cell(
    lesson: LessonId,
    pupil: PersonId,
    revision: Option<i64>,
    marks: Option<String>,
    attendance: Option<String>,
) -> Result<Option<Cell>, DbErr> {
    let (Some(revision), Some(marks), Some(attendance)) = (revision, marks, attendance) else {
        return Ok(None);
    };
    cell_text::read(revision, &marks, &attendance, || {
        format!("{lesson}/{pupil}")
    })
    .map(Some)
}
