//! What a class's summary sheet is made of: pupils of the last day, what they study,
//! sums per pupil × subject. Reads the class's rows only.

use std::collections::{HashMap, HashSet};

use chassis::db::statement;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use zhurnal_proto::id::{ClassId, PersonId, SubjectId};

use super::School;
use super::column::count;
use crate::domain::class_summary::Facts;
use crate::domain::days::Days;
use crate::domain::tally::{Absences, Tally};

/// Pupils enrolled in the class on the day: `e` with three values, class, day, day.
const ENROLLED: &str =
    "e.class_id = ? AND e.starts_on <= ? AND (e.ends_on IS NULL OR e.ends_on >= ?)";

const PUPILS: &str =
    "SELECT DISTINCT e.pupil_id, COALESCE(n.surname, ''), COALESCE(n.given_name, ''),
        COALESCE(n.patronymic, ''), COALESCE(n.sort_key, '') AS sort_key
    FROM enrolment AS e
    LEFT JOIN person_card AS n ON n.school_id = e.school_id AND n.person_id = e.pupil_id
    WHERE e.school_id = ? AND {enrolled}
    ORDER BY sort_key, e.pupil_id";

/// Who studies what: members of a group within the range that has a lesson of the
/// subject in it; clubs and extended day are no lessons.
const STUDIED: &str = "WITH pupil AS (
        SELECT DISTINCT e.pupil_id FROM enrolment AS e WHERE e.school_id = ? AND {enrolled}),
    member AS (
        SELECT DISTINCT m.pupil_id, m.group_id FROM pupil AS p
        JOIN group_membership AS m ON m.school_id = ? AND m.pupil_id = p.pupil_id
        WHERE m.starts_on <= ? AND (m.ends_on IS NULL OR m.ends_on >= ?)),
    study AS (
        SELECT DISTINCT l.group_id, l.subject_id FROM (SELECT DISTINCT group_id FROM member) AS g
        JOIN lesson AS l ON l.school_id = ? AND l.group_id = g.group_id AND l.date >= ? AND l.date <= ?
        LEFT JOIN study_group AS k ON k.school_id = l.school_id AND k.group_id = l.group_id
        WHERE l.state <> 3 AND COALESCE(k.kind, 1) NOT IN (4, 5))
    SELECT DISTINCT m.pupil_id, s.subject_id, COALESCE(t.title, '')
    FROM study AS s
    JOIN member AS m ON m.group_id = s.group_id
    LEFT JOIN subject AS t ON t.school_id = ? AND t.subject_id = s.subject_id";

const TALLIES: &str = "WITH pupil AS (
        SELECT DISTINCT e.pupil_id FROM enrolment AS e WHERE e.school_id = ? AND {enrolled}),
    got AS (
        SELECT c.pupil_id, c.subject_id, SUM(c.marks) AS marks, SUM(c.graded) AS graded, SUM(c.halves) AS halves,
            SUM(CASE WHEN c.attendance = 1 THEN 1 ELSE 0 END) AS absent,
            SUM(CASE WHEN c.attendance = 2 THEN 1 ELSE 0 END) AS ill,
            SUM(CASE WHEN c.attendance = 3 THEN 1 ELSE 0 END) AS excused,
            SUM(CASE WHEN c.attendance = 4 THEN 1 ELSE 0 END) AS late
        FROM pupil AS p
        JOIN cell_fact AS c ON c.school_id = ? AND c.pupil_id = p.pupil_id AND c.date >= ? AND c.date <= ?
        GROUP BY c.pupil_id, c.subject_id)
    SELECT g.pupil_id, g.subject_id, COALESCE(t.title, ''), g.marks, g.graded, g.halves,
        g.absent, g.ill, g.excused, g.late
    FROM got AS g LEFT JOIN subject AS t ON t.school_id = ? AND t.subject_id = g.subject_id";

/// Reads the facts; `day` is the day whose pupils are listed.
pub async fn read(
    conn: &impl ConnectionTrait,
    school: School,
    class: ClassId,
    days: Days,
    day: jiff::civil::Date,
) -> Result<Facts, DbErr> {
    let id = || Value::from(school.uuid());
    let (from, to, day) = (
        days.from().to_string(),
        days.to().to_string(),
        day.to_string(),
    );
    let enrolled = || {
        [
            id(),
            class.uuid().into(),
            day.clone().into(),
            day.clone().into(),
        ]
    };
    let range = || [Value::from(from.clone()), to.clone().into()];
    let rows = async |sql: &str, values: Vec<Value>| {
        let sql = sql.replace("{enrolled}", ENROLLED);
        conn.query_all_raw(statement(conn.get_database_backend(), &sql, values))
            .await
    };

    let pupils = rows(PUPILS, enrolled().into()).await?;
    let mut values: Vec<Value> = enrolled().into();
    values.extend([id(), to.clone().into(), from.clone().into(), id()]);
    values.extend(range());
    values.push(id());
    let studied = rows(STUDIED, values).await?;
    let mut values: Vec<Value> = enrolled().into();
    values.push(id());
    values.extend(range());
    values.push(id());
    let tallies = rows(TALLIES, values).await?;

    let mut titles: HashMap<SubjectId, String> = HashMap::new();
    let mut facts = Facts {
        pupils: pupils.iter().map(pupil).collect::<Result<_, _>>()?,
        studied: HashSet::new(),
        tallies: HashMap::new(),
        subjects: Vec::new(),
    };
    for row in &studied {
        let key = pair(row)?;
        facts.studied.insert(key);
        titles.insert(key.1, row.try_get_by_index(2)?);
    }
    for row in &tallies {
        let key = pair(row)?;
        facts.tallies.insert(key, tally(row)?);
        titles.insert(key.1, row.try_get_by_index(2)?);
    }
    // What nobody of the class studies and nobody has a mark in, such as a club, is no column.
    let counts = |subject: &SubjectId| {
        facts.studied.iter().any(|(_, studied)| studied == subject)
            || facts
                .tallies
                .iter()
                .any(|((_, other), tally)| other == subject && tally.marks > 0)
    };
    facts.subjects = titles
        .into_iter()
        .filter(|(subject, _)| counts(subject))
        .collect();
    facts
        .subjects
        .sort_by(|(a, one), (b, other)| (one, a).cmp(&(other, b)));
    Ok(facts)
}

fn pupil(row: &QueryResult) -> Result<(PersonId, String), DbErr> {
    let part = |at: usize| row.try_get_by_index::<String>(at);
    let name = format!("{} {} {}", part(1)?, part(2)?, part(3)?);
    Ok((
        PersonId::from_uuid(row.try_get_by_index(0)?),
        name.trim().to_owned(),
    ))
}

fn pair(row: &QueryResult) -> Result<(PersonId, SubjectId), DbErr> {
    Ok((
        PersonId::from_uuid(row.try_get_by_index(0)?),
        SubjectId::from_uuid(row.try_get_by_index(1)?),
    ))
}

fn tally(row: &QueryResult) -> Result<Tally, DbErr> {
    let sum = |at: usize| Ok::<_, DbErr>(count("cell_fact", "sums", row.try_get_by_index(at)?)?);
    Ok(Tally {
        marks: sum(3)?,
        graded: sum(4)?,
        halves: sum(5)?,
        absences: Absences {
            absent: sum(6)?,
            ill: sum(7)?,
            excused: sum(8)?,
            late: sum(9)?,
        },
    })
}
