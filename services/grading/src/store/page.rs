//! Rows of a journal page: pupils, their cells, what waits for a decision. One
//! statement whatever the size.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;
use zhurnal_proto::id::{JournalId, LessonId, PersonId, SchoolId};

use super::{all, cell_text, pupils::Name};
use crate::domain::cell::Cell;

/// A pupil who is or was in the group on days of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Pupil.
    pub pupil: PersonId,
    /// Name, unless erased.
    pub name: Option<Name>,
    /// First day in the group within the page.
    pub from: String,
    /// Last day in the group within the page.
    pub to: String,
}

/// What the rows of a page hold.
#[derive(Clone, Debug, Default)]
pub struct PageRows {
    /// Pupils in Russian alphabetical order.
    pub members: Vec<Member>,
    /// Cells that were ever saved, by pupil.
    pub cells: HashMap<PersonId, Vec<(LessonId, Cell)>>,
    /// Cells with a request that waits.
    pub pending: Vec<(LessonId, PersonId)>,
    /// First and last days of the page on which journals of pupils are kept on paper.
    pub paper: HashMap<PersonId, Vec<(String, String)>>,
}

/// Members, cells and pending requests have different columns; those that a part
/// has not are NULL.
const SQL: &str = "SELECT 0 AS part, m.pupil_id, CAST(NULL AS uuid) AS lesson_id,
        CAST(0 AS bigint) AS revision, m.starts_on AS one, m.ends_on AS two,
        p.surname, p.given_name, p.patronymic, p.sort_key AS place
    FROM group_membership m
    LEFT JOIN person_card p ON p.school_id = m.school_id AND p.person_id = m.pupil_id
    WHERE m.school_id = ? AND m.group_id = ? AND m.starts_on <= ? AND m.ends_on >= ?
    UNION ALL SELECT 1, c.pupil_id, c.lesson_id, c.revision, c.marks, c.attendance, NULL, NULL, NULL, l.date
    FROM lesson l
    JOIN cell c ON c.school_id = l.school_id AND c.lesson_id = l.lesson_id AND c.academic_year = ?
    WHERE l.school_id = ? AND l.journal_id = ? AND l.date BETWEEN ? AND ?
    UNION ALL SELECT 2, r.pupil_id, r.lesson_id, 0, '', '', NULL, NULL, NULL, l.date
    FROM lesson l
    JOIN correction_request r ON r.school_id = l.school_id AND r.lesson_id = l.lesson_id AND r.state = 'PENDING'
    WHERE l.school_id = ? AND l.journal_id = ? AND l.date BETWEEN ? AND ?
    UNION ALL SELECT 3, j.pupil_id, NULL, 0, j.starts_on, j.ends_on, NULL, NULL, NULL, j.starts_on
    FROM paper_journal j
    WHERE j.school_id = ? AND j.starts_on <= ? AND j.ends_on >= ?
        AND j.pupil_id IN (SELECT m.pupil_id FROM group_membership m WHERE m.school_id = ? AND m.group_id = ?)
    ORDER BY 1, 10, 2";

/// Reads the rows of a page between two days, inclusive.
pub async fn rows(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    journal: (JournalId, Uuid, i16),
    days: (&str, &str),
) -> Result<PageRows, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        part: i32,
        pupil_id: Uuid,
        lesson_id: Option<Uuid>,
        revision: i64,
        one: String,
        two: String,
        surname: Option<String>,
        given_name: Option<String>,
        patronymic: Option<String>,
    }
    let (journal, group, academic_year) = journal;
    let (from, to) = days;
    let stretch = || -> [Value; 4] {
        [
            school.uuid().into(),
            journal.uuid().into(),
            from.into(),
            to.into(),
        ]
    };
    let mut values: Vec<Value> = vec![
        school.uuid().into(),
        group.into(),
        to.into(),
        from.into(),
        academic_year.into(),
    ];
    values.extend(stretch());
    values.extend(stretch());
    values.extend::<[Value; 5]>([
        school.uuid().into(),
        to.into(),
        from.into(),
        school.uuid().into(),
        group.into(),
    ]);
    let mut page = PageRows::default();
    for row in all::<Row>(conn, SQL, values).await? {
        let pupil = PersonId::from_uuid(row.pupil_id);
        match (row.part, row.lesson_id.map(LessonId::from_uuid)) {
            (0, _) => {
                let name = Name::of(row.surname, row.given_name, row.patronymic);
                member(
                    &mut page.members,
                    pupil,
                    name,
                    row.one.as_str().max(from),
                    row.two.as_str().min(to),
                );
            }
            (1, Some(lesson)) => {
                let cell = cell_text::read(row.revision, &row.one, &row.two, || {
                    format!("{lesson}/{pupil}")
                })?;
                page.cells.entry(pupil).or_default().push((lesson, cell));
            }
            (3, _) => {
                let days = (row.one.as_str().max(from), row.two.as_str().min(to));
                let of_pupil = page.paper.entry(pupil).or_default();
                of_pupil.push((days.0.to_owned(), days.1.to_owned()));
            }
            (_, Some(lesson)) => page.pending.push((lesson, pupil)),
            (_, None) => {}
        }
    }
    Ok(page)
}

/// Adds a stretch of membership; a pupil who left and came back has one row.
fn member(members: &mut Vec<Member>, pupil: PersonId, name: Option<Name>, from: &str, to: &str) {
    match members.iter_mut().find(|member| member.pupil == pupil) {
        Some(member) => {
            member.from = member.from.as_str().min(from).to_owned();
            member.to = member.to.as_str().max(to).to_owned();
        }
        None => members.push(Member {
            pupil,
            name,
            from: from.to_owned(),
            to: to.to_owned(),
        }),
    }
}

/// Cells of lessons that were ever saved, for counting.
pub async fn cells_of_lessons(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    lessons: &[LessonId],
) -> Result<Vec<(LessonId, PersonId, Cell)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        lesson_id: Uuid,
        pupil_id: Uuid,
        revision: i64,
        marks: String,
        attendance: String,
    }
    let ids: Vec<Value> = lessons.iter().map(|lesson| lesson.uuid().into()).collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let sql = format!(
        "SELECT c.lesson_id, c.pupil_id, c.revision, c.marks, c.attendance FROM cell c
        WHERE c.school_id = ? AND c.lesson_id IN ({marks})"
    );
    let rows: Vec<Row> = all(conn, &sql, std::iter::once(school.uuid().into()).chain(ids)).await?;
    rows.into_iter()
        .map(|row| {
            let (lesson, pupil) = (
                LessonId::from_uuid(row.lesson_id),
                PersonId::from_uuid(row.pupil_id),
            );
            let cell = cell_text::read(row.revision, &row.marks, &row.attendance, || {
                format!("{lesson}/{pupil}")
            })?;
            Ok((lesson, pupil, cell))
        })
        .collect()
}

/// Cells of lessons in (`after`, `upto`], for verification.
pub async fn cells_between(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    after: LessonId,
    upto: LessonId,
) -> Result<Vec<(LessonId, PersonId, Result<Cell, DbErr>)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        lesson_id: Uuid,
        pupil_id: Uuid,
        revision: i64,
        marks: String,
        attendance: String,
    }
    let sql = "SELECT lesson_id, pupil_id, revision, marks, attendance FROM cell
        WHERE school_id = ? AND lesson_id > ? AND lesson_id <= ?";
    let rows: Vec<Row> = all(
        conn,
        sql,
        [
            school.uuid().into(),
            after.uuid().into(),
            upto.uuid().into(),
        ],
    )
    .await?;
    let read = |row: Row| {
        let (lesson, pupil) = (
            LessonId::from_uuid(row.lesson_id),
            PersonId::from_uuid(row.pupil_id),
        );
        let key = || format!("{lesson}/{pupil}");
        (
            lesson,
            pupil,
            cell_text::read(row.revision, &row.marks, &row.attendance, key),
        )
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Pupils in the groups of lessons on their dates.
pub async fn member_counts(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    lessons: &[LessonId],
) -> Result<HashMap<LessonId, u32>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        lesson_id: Uuid,
        pupils: i64,
    }
    let ids: Vec<Value> = lessons.iter().map(|lesson| lesson.uuid().into()).collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let sql = format!(
        "SELECT l.lesson_id, count(*) AS pupils FROM lesson l
        JOIN group_membership m ON m.school_id = l.school_id AND m.group_id = l.group_id
            AND m.starts_on <= l.date AND m.ends_on >= l.date
        WHERE l.school_id = ? AND l.lesson_id IN ({marks}) GROUP BY l.lesson_id"
    );
    let rows: Vec<Row> = all(conn, &sql, std::iter::once(school.uuid().into()).chain(ids)).await?;
    let count = |row: Row| {
        (
            LessonId::from_uuid(row.lesson_id),
            u32::try_from(row.pupils).unwrap_or(u32::MAX),
        )
    };
    Ok(rows.into_iter().map(count).collect())
}
