//! Pupils × subjects behind a figure of the board, page by page.

use chassis::db::statement;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, PersonId};

use super::School;
use super::clock_sql::{PAIRS, pair_values};
use super::copies::Name;
use crate::domain::days::Days;
use crate::domain::due::Cut;

/// Which pairs are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// With so many marks: 0 (R89) or 1 (R90).
    pub marks: i32,
    /// In these days.
    pub days: Days,
    /// Only this class.
    pub class: Option<ClassId>,
}

/// Place of a pair in the list: grade, letter, name, pupil, subject's title, subject.
pub type PairKey = (i16, String, String, Uuid, String, Uuid);

/// A pair of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardPupil {
    /// Pupil.
    pub pupil: PersonId,
    /// Name.
    pub name: Name,
    /// Title of the class.
    pub class_title: String,
    /// Title of the subject.
    pub subject_title: String,
    /// Marks in the range.
    pub marks: u32,
    /// Its place in the list.
    pub key: PairKey,
}

/// Pairs after `after` by class, name and subject; at most `limit`.
pub async fn list(
    conn: &impl ConnectionTrait,
    school: School,
    wanted: &Wanted,
    cut: Cut,
    after: Option<PairKey>,
    limit: u64,
) -> Result<Vec<BoardPupil>, DbErr> {
    let mut sql = format!(
        "{PAIRS}, named AS (
            SELECT p.pupil_id, p.class_id, p.subject_id, CAST(p.marks AS integer) AS marks,
                CAST(COALESCE(c.grade, 0) AS smallint) AS grade, COALESCE(c.letter, '') AS letter, COALESCE(c.title, '') AS class_title,
                COALESCE(n.surname, '') AS surname, COALESCE(n.given_name, '') AS given_name,
                COALESCE(n.patronymic, '') AS patronymic, COALESCE(n.sort_key, '') AS sort_key,
                COALESCE(s.title, '') AS subject_title
            FROM pair AS p
            LEFT JOIN school_class AS c ON c.school_id = ? AND c.class_id = p.class_id
            LEFT JOIN person_card AS n ON n.school_id = ? AND n.person_id = p.pupil_id
            LEFT JOIN subject AS s ON s.school_id = ? AND s.subject_id = p.subject_id
            WHERE p.marks = ?)
         SELECT pupil_id, surname, given_name, patronymic, class_title, subject_title, marks,
            grade, letter, sort_key, subject_id
         FROM named WHERE 1 = 1"
    );
    let mut values = pair_values(school, wanted.days, cut);
    values.extend([
        school.uuid().into(),
        school.uuid().into(),
        school.uuid().into(),
        wanted.marks.into(),
    ]);
    if let Some(class) = wanted.class {
        sql.push_str(" AND class_id = ?");
        values.push(class.uuid().into());
    }
    if let Some((grade, letter, sort_key, pupil, subject_title, subject)) = after {
        sql.push_str(" AND (grade, letter, sort_key, pupil_id, subject_title, subject_id) > (?, ?, ?, ?, ?, ?)");
        let key: [Value; 6] = [
            grade.into(),
            letter.into(),
            sort_key.into(),
            pupil.into(),
            subject_title.into(),
            subject.into(),
        ];
        values.extend(key);
    }
    sql.push_str(" ORDER BY grade, letter, sort_key, pupil_id, subject_title, subject_id LIMIT ?");
    values.push(Value::from(i64::try_from(limit).unwrap_or(i64::MAX)));
    let query = statement(conn.get_database_backend(), &sql, values);
    conn.query_all_raw(query).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<BoardPupil, DbErr> {
    let pupil: Uuid = row.try_get_by_index(0)?;
    let subject_title: String = row.try_get_by_index(5)?;
    let marks: i32 = row.try_get_by_index(6)?;
    let grade: i16 = row.try_get_by_index(7)?;
    let sort_key: String = row.try_get_by_index(9)?;
    Ok(BoardPupil {
        pupil: PersonId::from_uuid(pupil),
        name: Name {
            surname: row.try_get_by_index(1)?,
            given_name: row.try_get_by_index(2)?,
            patronymic: row.try_get_by_index(3)?,
            sort_key: sort_key.clone(),
        },
        class_title: row.try_get_by_index(4)?,
        subject_title: subject_title.clone(),
        marks: marks.try_into().unwrap_or_default(),
        key: (
            grade,
            row.try_get_by_index(8)?,
            sort_key,
            pupil,
            subject_title,
            row.try_get_by_index(10)?,
        ),
    })
}
