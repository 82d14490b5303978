//! The board's sums: one statement for lessons, one for pupils × subjects, whatever
//! the size of the school.

use std::ops::AddAssign;

use chassis::db::statement;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, PersonId};

use super::School;
use super::clock_sql::{PAIRS, TOLD, pair_values, told_values};
use super::column::count;
use crate::domain::days::Days;
use crate::domain::due::Cut;

/// Figures of lessons.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LessonFigures {
    /// Should have been held by now.
    pub due: u32,
    /// Of them recorded.
    pub recorded: u32,
    /// Entry overdue and nothing recorded.
    pub unfilled: u32,
    /// Recorded late.
    pub late: u32,
    /// Recorded without homework.
    pub without_homework: u32,
    /// Marks set.
    pub marks: u32,
    /// Absences recorded.
    pub absences: u32,
}

impl AddAssign for LessonFigures {
    fn add_assign(&mut self, other: Self) {
        self.due += other.due;
        self.recorded += other.recorded;
        self.unfilled += other.unfilled;
        self.late += other.late;
        self.without_homework += other.without_homework;
        self.marks += other.marks;
        self.absences += other.absences;
    }
}

/// Figures of the lessons that a teacher has with a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Class; `None`: groups of several.
    pub class: Option<ClassId>,
    /// Teacher, or the substitute.
    pub teacher: Option<PersonId>,
    /// Figures.
    pub figures: LessonFigures,
}

/// Figures of the pupils × subjects of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairFigures {
    /// Class.
    pub class: ClassId,
    /// Pairs.
    pub pairs: u32,
    /// Without a mark (R89).
    pub without_marks: u32,
    /// With one mark (R90).
    pub with_one_mark: u32,
}

/// Lessons by class and teacher.
pub async fn lessons(
    conn: &impl ConnectionTrait,
    school: School,
    days: Days,
    cut: Cut,
) -> Result<Vec<Share>, DbErr> {
    let sql = format!(
        "{TOLD} SELECT class_id, teacher_id, SUM(due), SUM(due * recorded), SUM(unfilled), SUM(late),
            SUM(without_homework), SUM(marks), SUM(absences)
         FROM told GROUP BY class_id, teacher_id"
    );
    let query = statement(
        conn.get_database_backend(),
        &sql,
        told_values(school, days, cut),
    );
    conn.query_all_raw(query).await?.iter().map(share).collect()
}

/// Pupils × subjects by class.
pub async fn pairs(
    conn: &impl ConnectionTrait,
    school: School,
    days: Days,
    cut: Cut,
) -> Result<Vec<PairFigures>, DbErr> {
    let sql = format!(
        "{PAIRS} SELECT class_id, COUNT(*), SUM(CASE WHEN marks = 0 THEN 1 ELSE 0 END),
            SUM(CASE WHEN marks = 1 THEN 1 ELSE 0 END)
         FROM pair GROUP BY class_id"
    );
    let query = statement(
        conn.get_database_backend(),
        &sql,
        pair_values(school, days, cut),
    );
    conn.query_all_raw(query)
        .await?
        .iter()
        .map(pair_figures)
        .collect()
}

fn share(row: &QueryResult) -> Result<Share, DbErr> {
    let figure = |at: usize| Ok::<_, DbErr>(count("lesson", "figures", row.try_get_by_index(at)?)?);
    Ok(Share {
        class: row
            .try_get_by_index::<Option<Uuid>>(0)?
            .map(ClassId::from_uuid),
        teacher: row
            .try_get_by_index::<Option<Uuid>>(1)?
            .map(PersonId::from_uuid),
        figures: LessonFigures {
            due: figure(2)?,
            recorded: figure(3)?,
            unfilled: figure(4)?,
            late: figure(5)?,
            without_homework: figure(6)?,
            marks: figure(7)?,
            absences: figure(8)?,
        },
    })
}

fn pair_figures(row: &QueryResult) -> Result<PairFigures, DbErr> {
    let figure =
        |at: usize| Ok::<_, DbErr>(count("cell_fact", "figures", row.try_get_by_index(at)?)?);
    Ok(PairFigures {
        class: ClassId::from_uuid(row.try_get_by_index(0)?),
        pairs: figure(1)?,
        without_marks: figure(2)?,
        with_one_mark: figure(3)?,
    })
}
