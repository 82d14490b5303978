//! The board's sums: the same few statements whatever the size of the school.

use std::collections::BTreeSet;
use std::ops::AddAssign;

use chassis::db::statement;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, PersonId};

use super::School;
use super::clock_sql::{TOLD, told_values};
use super::column::count;
use super::study::{self, Lessons};
use crate::domain::days::Days;
use crate::domain::due::Cut;
use crate::domain::pairs::{self, Pair};

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

/// Pupils × subjects of the pupils of the latest day, all or of a class: not those
/// taught in the family or on paper (R34), and only subjects that had a lesson by then.
pub async fn pairs(
    conn: &impl ConnectionTrait,
    school: School,
    class: Option<ClassId>,
    days: Days,
    cut: Cut,
) -> Result<Vec<Pair>, DbErr> {
    let day = days.latest(cut.today);
    let mut enrolled = study::enrolled(conn, school, class, day).await?;
    enrolled.retain(|one| !one.family && !one.on_paper);
    let pupils: Vec<(PersonId, ClassId)> =
        enrolled.iter().map(|one| (one.pupil, one.class)).collect();
    let ids: Vec<PersonId> = pupils.iter().map(|(pupil, _)| *pupil).collect();
    let memberships = study::memberships(conn, school, &ids, Days::day(day)).await?;
    let groups: BTreeSet<GroupId> = memberships.iter().map(|(group, _)| *group).collect();
    let groups: Vec<GroupId> = groups.into_iter().collect();
    let taught = study::taught(conn, school, &groups, days, Lessons::Held(cut)).await?;
    let marks = study::marks(conn, school, &ids, days).await?;
    let marks = marks.into_iter().collect();
    Ok(pairs::pairs(&pupils, &memberships, &taught, &marks))
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
