//! Who studies what, and what they have in it. Each question reads one table by its
//! index and is put together in memory: no planner has to guess how many rows of a
//! school there are, with statistics or without.

use chassis::db::statement;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SubjectId};

use super::School;
use super::column::{self, count};
use crate::domain::days::Days;
use crate::domain::due::Cut;
use crate::domain::tally::{Absences, Tally};

/// Ids of one list: far above any school, far below what a statement may bind.
const CHUNK: usize = 20_000;

/// A pupil of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolled {
    /// Pupil.
    pub pupil: PersonId,
    /// Class.
    pub class: ClassId,
    /// Taught in the family: no marks are owed.
    pub family: bool,
    /// The journal is kept on paper that day (R34): no marks are owed here.
    pub on_paper: bool,
}

/// Pupils enrolled on the day, all or of a class.
pub async fn enrolled(
    conn: &impl ConnectionTrait,
    school: School,
    class: Option<ClassId>,
    day: Date,
) -> Result<Vec<Enrolled>, DbErr> {
    let mut query = Query::new(
        "SELECT DISTINCT pupil_id, class_id, education_form,
            CASE WHEN EXISTS (SELECT 1 FROM paper_journal j WHERE j.school_id = enrolment.school_id
                AND j.pupil_id = enrolment.pupil_id AND j.starts_on <= ?
                AND (j.ends_on IS NULL OR j.ends_on >= ?)) THEN 1 ELSE 0 END
         FROM enrolment
         WHERE school_id = ? AND starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?)",
        [
            day.to_string().into(),
            day.to_string().into(),
            school.uuid().into(),
            day.to_string().into(),
            day.to_string().into(),
        ],
    );
    if let Some(class) = class {
        query.and("class_id = ?", class.uuid());
    }
    let read = |row: &QueryResult| {
        Ok(Enrolled {
            pupil: PersonId::from_uuid(row.try_get_by_index(0)?),
            class: ClassId::from_uuid(row.try_get_by_index(1)?),
            family: row.try_get_by_index::<i16>(2)? == 3,
            on_paper: row.try_get_by_index::<i32>(3)? == 1,
        })
    };
    query.all(conn, read).await
}

/// Which of the pupils are in which groups on any of the days.
pub async fn memberships(
    conn: &impl ConnectionTrait,
    school: School,
    pupils: &[PersonId],
    days: Days,
) -> Result<Vec<(GroupId, PersonId)>, DbErr> {
    let ids: Vec<Uuid> = pupils.iter().map(|pupil| pupil.uuid()).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let mut query = Query::new(
            "SELECT DISTINCT group_id, pupil_id FROM group_membership
             WHERE school_id = ? AND starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?)",
            [
                school.uuid().into(),
                days.to().to_string().into(),
                days.from().to_string().into(),
            ],
        );
        query.among("pupil_id", chunk);
        let read = |row: &QueryResult| {
            Ok((
                GroupId::from_uuid(row.try_get_by_index(0)?),
                PersonId::from_uuid(row.try_get_by_index(1)?),
            ))
        };
        found.extend(query.all(conn, read).await?);
    }
    Ok(found)
}

/// Which lessons make a subject one that is studied.
#[derive(Debug, Clone, Copy)]
pub enum Lessons {
    /// All of the days that were not cancelled.
    Planned,
    /// Those that are over by now and give marks: not in grade 1.
    Held(Cut),
}

/// Which of the groups have lessons of which subjects in the days. Clubs and extended
/// day are no lessons, and a journal without marks has no subject to be marked in.
pub async fn taught(
    conn: &impl ConnectionTrait,
    school: School,
    groups: &[GroupId],
    days: Days,
    lessons: Lessons,
) -> Result<Vec<(GroupId, SubjectId)>, DbErr> {
    let ids: Vec<Uuid> = groups.iter().map(|group| group.uuid()).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let mut query = Query::new(
            "SELECT DISTINCT group_id, subject_id FROM lesson
             WHERE school_id = ? AND date >= ? AND date <= ? AND state <> 3
                AND NOT EXISTS (SELECT 1 FROM study_group AS g
                    WHERE g.school_id = lesson.school_id AND g.group_id = lesson.group_id AND g.kind IN (4, 5))
                AND NOT EXISTS (SELECT 1 FROM journal AS j
                    WHERE j.school_id = lesson.school_id AND j.group_id = lesson.group_id
                        AND j.subject_id = lesson.subject_id AND j.unmarked)",
            [school.uuid().into(), days.from().to_string().into(), days.to().to_string().into()],
        );
        if let Lessons::Held(cut) = lessons {
            query
                .sql
                .push_str(" AND grade > 1 AND (date < ? OR (date = ? AND ends_at <= ?))");
            let (today, by) = (cut.today.to_string(), column::time(cut.over_by));
            query
                .values
                .extend([today.clone().into(), today.into(), by.into()]);
        }
        query.among("group_id", chunk);
        let read = |row: &QueryResult| {
            Ok((
                GroupId::from_uuid(row.try_get_by_index(0)?),
                SubjectId::from_uuid(row.try_get_by_index(1)?),
            ))
        };
        found.extend(query.all(conn, read).await?);
    }
    Ok(found)
}

/// How many marks the pupils have in the days, by subject; none is left out.
pub async fn marks(
    conn: &impl ConnectionTrait,
    school: School,
    pupils: &[PersonId],
    days: Days,
) -> Result<Vec<((PersonId, SubjectId), u32)>, DbErr> {
    let ids: Vec<Uuid> = pupils.iter().map(|pupil| pupil.uuid()).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let mut query = Query::new(
            "SELECT pupil_id, subject_id, SUM(marks) FROM cell_fact
             WHERE school_id = ? AND date >= ? AND date <= ? AND marks > 0",
            [
                school.uuid().into(),
                days.from().to_string().into(),
                days.to().to_string().into(),
            ],
        );
        query.among("pupil_id", chunk);
        query.sql.push_str(" GROUP BY pupil_id, subject_id");
        let read = |row: &QueryResult| {
            let marks = count("cell_fact", "marks", row.try_get_by_index(2)?)?;
            Ok((key(row)?, marks))
        };
        found.extend(query.all(conn, read).await?);
    }
    Ok(found)
}

/// What the pupils have in the days, by subject.
pub async fn tallies(
    conn: &impl ConnectionTrait,
    school: School,
    pupils: &[PersonId],
    days: Days,
) -> Result<Vec<((PersonId, SubjectId), Tally)>, DbErr> {
    let ids: Vec<Uuid> = pupils.iter().map(|pupil| pupil.uuid()).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let mut query = Query::new(
            "SELECT pupil_id, subject_id, SUM(marks), SUM(graded), SUM(halves),
                SUM(CASE WHEN attendance = 1 THEN 1 ELSE 0 END), SUM(CASE WHEN attendance = 2 THEN 1 ELSE 0 END),
                SUM(CASE WHEN attendance = 3 THEN 1 ELSE 0 END), SUM(CASE WHEN attendance = 4 THEN 1 ELSE 0 END)
             FROM cell_fact WHERE school_id = ? AND date >= ? AND date <= ?",
            [school.uuid().into(), days.from().to_string().into(), days.to().to_string().into()],
        );
        query.among("pupil_id", chunk);
        query.sql.push_str(" GROUP BY pupil_id, subject_id");
        found.extend(query.all(conn, tally).await?);
    }
    Ok(found)
}

/// Titles of subjects, where schedule has told of them.
pub async fn subjects(
    conn: &impl ConnectionTrait,
    school: School,
) -> Result<Vec<(SubjectId, String)>, DbErr> {
    let query = Query::new(
        "SELECT subject_id, title FROM subject WHERE school_id = ?",
        [school.uuid().into()],
    );
    let read = |row: &QueryResult| {
        Ok((
            SubjectId::from_uuid(row.try_get_by_index(0)?),
            row.try_get_by_index(1)?,
        ))
    };
    query.all(conn, read).await
}

fn key(row: &QueryResult) -> Result<(PersonId, SubjectId), DbErr> {
    Ok((
        PersonId::from_uuid(row.try_get_by_index(0)?),
        SubjectId::from_uuid(row.try_get_by_index(1)?),
    ))
}

fn tally(row: &QueryResult) -> Result<((PersonId, SubjectId), Tally), DbErr> {
    let sum = |at: usize| Ok::<_, DbErr>(count("cell_fact", "sums", row.try_get_by_index(at)?)?);
    let absences = Absences {
        absent: sum(5)?,
        ill: sum(6)?,
        excused: sum(7)?,
        late: sum(8)?,
    };
    Ok((
        key(row)?,
        Tally {
            marks: sum(2)?,
            graded: sum(3)?,
            halves: sum(4)?,
            absences,
        },
    ))
}

/// A statement in the making.
struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    fn new(sql: &str, values: impl IntoIterator<Item = Value>) -> Self {
        Self {
            sql: sql.to_owned(),
            values: values.into_iter().collect(),
        }
    }

    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.push(value.into());
    }

    fn among(&mut self, column: &str, ids: &[Uuid]) {
        let list = vec!["?"; ids.len()].join(", ");
        self.sql.push_str(&format!(" AND {column} IN ({list})"));
        self.values.extend(ids.iter().map(|id| Value::from(*id)));
    }

    async fn all<T>(
        self,
        conn: &impl ConnectionTrait,
        read: impl Fn(&QueryResult) -> Result<T, DbErr>,
    ) -> Result<Vec<T>, DbErr> {
        let query = statement(conn.get_database_backend(), &self.sql, self.values);
        conn.query_all_raw(query).await?.iter().map(read).collect()
    }
}
