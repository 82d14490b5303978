//! Lessons behind a figure of the board, page by page.

use chassis::db::statement;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, JournalId, LessonId, PersonId};

use super::School;
use super::clock_sql::{TOLD, told_values};
use super::copies::Name;
use crate::domain::days::Days;
use crate::domain::due::Cut;

/// A figure that counts lessons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Entry overdue and nothing recorded.
    Unfilled,
    /// Recorded late.
    Late,
    /// Recorded without homework.
    WithoutHomework,
    /// Recorded without any mark.
    WithoutMarks,
}

impl Figure {
    fn column(self) -> &'static str {
        match self {
            Self::Unfilled => "unfilled",
            Self::Late => "late",
            Self::WithoutHomework => "without_homework",
            Self::WithoutMarks => "without_marks",
        }
    }
}

/// Which lessons are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Behind this figure.
    pub figure: Figure,
    /// In these days.
    pub days: Days,
    /// Only this class.
    pub class: Option<ClassId>,
    /// Only this teacher.
    pub teacher: Option<PersonId>,
}

/// Place of a lesson in the list: date, number, id.
pub type LessonKey = (String, i16, Uuid);

/// A lesson of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardLesson {
    /// Id.
    pub id: LessonId,
    /// Journal; `None` when grading has opened none yet.
    pub journal: Option<JournalId>,
    /// Date.
    pub date: String,
    /// Number.
    pub number: i16,
    /// Title of the group.
    pub group_title: String,
    /// Title of the subject.
    pub subject_title: String,
    /// Teacher, or the substitute.
    pub teacher: Option<Name>,
}

impl BoardLesson {
    /// Its place in the list.
    pub fn key(&self) -> LessonKey {
        (self.date.clone(), self.number, self.id.uuid())
    }
}

/// Lessons after `after` by date and number; at most `limit`.
pub async fn list(
    conn: &impl ConnectionTrait,
    school: School,
    wanted: &Wanted,
    cut: Cut,
    after: Option<LessonKey>,
    limit: u64,
) -> Result<Vec<BoardLesson>, DbErr> {
    let mut sql = format!(
        "{TOLD} SELECT t.lesson_id,
            COALESCE(t.journal_id, (SELECT j.journal_id FROM journal AS j WHERE j.school_id = t.school_id
                AND j.group_id = t.group_id AND j.subject_id = t.subject_id AND j.academic_year = t.academic_year
                ORDER BY j.journal_id LIMIT 1)),
            t.date, t.lesson_number, COALESCE(g.title, ''), COALESCE(s.title, ''),
            p.surname, p.given_name, p.patronymic
         FROM told AS t
         LEFT JOIN study_group AS g ON g.school_id = t.school_id AND g.group_id = t.group_id
         LEFT JOIN subject AS s ON s.school_id = t.school_id AND s.subject_id = t.subject_id
         LEFT JOIN person_card AS p ON p.school_id = t.school_id AND p.person_id = t.teacher_id
         WHERE t.{} = 1",
        wanted.figure.column()
    );
    let mut values = told_values(school, wanted.days, cut);
    if let Some(class) = wanted.class {
        sql.push_str(" AND t.class_id = ?");
        values.push(class.uuid().into());
    }
    if let Some(teacher) = wanted.teacher {
        sql.push_str(" AND t.teacher_id = ?");
        values.push(teacher.uuid().into());
    }
    if let Some((date, number, id)) = after {
        sql.push_str(" AND (t.date, t.lesson_number, t.lesson_id) > (?, ?, ?)");
        values.extend([date.into(), number.into(), id.into()]);
    }
    sql.push_str(" ORDER BY t.date, t.lesson_number, t.lesson_id LIMIT ?");
    values.push(Value::from(i64::try_from(limit).unwrap_or(i64::MAX)));
    let query = statement(conn.get_database_backend(), &sql, values);
    conn.query_all_raw(query).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<BoardLesson, DbErr> {
    let surname: Option<String> = row.try_get_by_index(6)?;
    let teacher = match surname {
        Some(surname) => Some(Name {
            surname,
            given_name: row.try_get_by_index(7)?,
            patronymic: row.try_get_by_index(8)?,
            sort_key: String::new(),
        }),
        None => None,
    };
    Ok(BoardLesson {
        id: LessonId::from_uuid(row.try_get_by_index(0)?),
        journal: row
            .try_get_by_index::<Option<Uuid>>(1)?
            .map(JournalId::from_uuid),
        date: row.try_get_by_index(2)?,
        number: row.try_get_by_index(3)?,
        group_title: row.try_get_by_index(4)?,
        subject_title: row.try_get_by_index(5)?,
        teacher,
    })
}
