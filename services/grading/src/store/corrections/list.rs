//! Correction requests as people see them: with names, titles, and whether the
//! viewer may decide.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;
use zhurnal_proto::id::{CorrectionRequestId, LessonId, PersonId, SchoolId};

use super::{super::pupils::Name, Row, of_row};
use crate::domain::correction::CorrectionRequest;

/// Who looks at requests.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    /// Sees own requests and those that it may decide.
    pub person: PersonId,
    /// The session is a director's.
    pub director: bool,
    /// Today in the school's zone, ISO.
    pub today: &'a str,
}

/// Which stretch of a list.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Only this state.
    pub state: Option<&'static str>,
    /// Continue after this request (newest first).
    pub after: Option<(i64, Uuid)>,
    /// Rows.
    pub limit: u64,
}

/// A request with what the list shows beside it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The request.
    pub request: CorrectionRequest,
    /// The caller may decide on it, were it pending.
    pub in_charge: bool,
    /// Date of the lesson, ISO; empty when the copy has forgotten it.
    pub date: String,
    /// Titles of subject and group.
    pub titles: (String, String),
    /// Names: pupil, author, who decided.
    pub names: [Option<Name>; 3],
}

/// Requests that the person made or is in charge of, newest first. The SQL is the
/// same rule as the access policies and [`crate::domain::correction::Deciders`].
pub async fn list(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    viewer: &Viewer<'_>,
    stretch: Stretch,
) -> Result<Vec<Listed>, DbErr> {
    let mut sql = format!("SELECT * FROM ({LISTED}) listed WHERE (author_id = ? OR in_charge)");
    let mut values = listed_values(school, viewer);
    values.push(viewer.person.uuid().into());
    if let Some(state) = stretch.state {
        sql.push_str(" AND state = ?");
        values.push(state.into());
    }
    if let Some((requested_us, id)) = stretch.after {
        sql.push_str(" AND (requested_us, correction_request_id) < (?, ?)");
        values.extend([requested_us.into(), id.into()]);
    }
    sql.push_str(" ORDER BY requested_us DESC, correction_request_id DESC LIMIT ?");
    values.push(i64::try_from(stretch.limit).unwrap_or(i64::MAX).into());
    listed(conn, &sql, values).await
}

/// One request as the list shows it.
pub async fn listed_one(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    viewer: &Viewer<'_>,
    id: CorrectionRequestId,
) -> Result<Option<Listed>, DbErr> {
    let sql = format!("SELECT * FROM ({LISTED}) listed WHERE correction_request_id = ?");
    let mut values = listed_values(school, viewer);
    values.push(id.uuid().into());
    Ok(listed(conn, &sql, values).await?.pop())
}

/// Requests of one cell as the history shows them, oldest first.
pub async fn listed_of_cell(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    viewer: &Viewer<'_>,
    lesson: LessonId,
    pupil: PersonId,
) -> Result<Vec<Listed>, DbErr> {
    let sql = format!(
        "SELECT * FROM ({LISTED}) listed WHERE lesson_id = ? AND pupil_id = ?
        ORDER BY requested_us, correction_request_id"
    );
    let mut values = listed_values(school, viewer);
    values.extend([lesson.uuid().into(), pupil.uuid().into()]);
    listed(conn, &sql, values).await
}

/// Requests of a school with everything shown beside them. A supervisor of the
/// grade is in charge; the director where there is none, or where the author is one.
const LISTED: &str = "WITH charge AS (SELECT person_id, grade_from, grade_to FROM supervision
        WHERE school_id = ? AND starts_on <= ? AND ends_on >= ?)
    SELECT r.*, coalesce(l.date, '') AS date, coalesce(l.subject_title, '') AS subject_title,
        coalesce(j.group_title, '') AS group_title,
        p.surname AS p_surname, p.given_name AS p_given_name, p.patronymic AS p_patronymic,
        a.surname AS a_surname, a.given_name AS a_given_name, a.patronymic AS a_patronymic,
        d.surname AS d_surname, d.given_name AS d_given_name, d.patronymic AS d_patronymic,
        r.author_id <> ? AND (
            EXISTS (SELECT 1 FROM charge c WHERE c.person_id = ? AND r.grade BETWEEN c.grade_from AND c.grade_to)
            OR (? AND (NOT EXISTS (SELECT 1 FROM charge c WHERE r.grade BETWEEN c.grade_from AND c.grade_to)
                OR EXISTS (SELECT 1 FROM charge c
                    WHERE c.person_id = r.author_id AND r.grade BETWEEN c.grade_from AND c.grade_to)))
        ) AS in_charge
    FROM correction_request r
    LEFT JOIN lesson l ON l.school_id = r.school_id AND l.lesson_id = r.lesson_id
    LEFT JOIN journal j ON j.school_id = r.school_id AND j.journal_id = r.journal_id
    LEFT JOIN person_card p ON p.school_id = r.school_id AND p.person_id = r.pupil_id
    LEFT JOIN person_card a ON a.school_id = r.school_id AND a.person_id = r.author_id
    LEFT JOIN person_card d ON d.school_id = r.school_id AND d.person_id = r.decided_by
    WHERE r.school_id = ?";

fn listed_values(school: SchoolId, viewer: &Viewer<'_>) -> Vec<Value> {
    let person = viewer.person.uuid();
    vec![
        school.uuid().into(),
        viewer.today.into(),
        viewer.today.into(),
        person.into(),
        person.into(),
        viewer.director.into(),
        school.uuid().into(),
    ]
}

async fn listed(
    conn: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<Listed>, DbErr> {
    let query = chassis::db::statement(conn.get_database_backend(), sql, values);
    let rows = conn.query_all_raw(query).await?;
    rows.iter()
        .map(|row| {
            let name = |prefix: &str| -> Result<Option<Name>, DbErr> { Name::of_row(row, prefix) };
            Ok(Listed {
                request: of_row(Row::from_query_result(row, "")?)?,
                in_charge: row.try_get("", "in_charge")?,
                date: row.try_get("", "date")?,
                titles: (
                    row.try_get("", "subject_title")?,
                    row.try_get("", "group_title")?,
                ),
                names: [name("p_")?, name("a_")?, name("d_")?],
            })
        })
        .collect()
}
