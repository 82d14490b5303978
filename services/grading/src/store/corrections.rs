//! Correction requests.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, Value};
use uuid::Uuid;
use zhurnal_proto::id::{CorrectionRequestId, JournalId, LessonId, PersonId, SchoolId};

use super::{all, corrupt, entity::correction_request, instant, micros};
use crate::domain::{
    attendance::Attendance,
    cell::Part,
    control_kind::ControlKind,
    correction::{CorrectionRequest, CorrectionState, Decision},
    operation::{Change, Operation},
};

type Row = correction_request::Model;

const COLUMNS: &str = "r.school_id, r.correction_request_id, r.academic_year, r.journal_id, r.grade, r.lesson_id,
    r.pupil_id, r.part, r.kind, r.comment, r.base_revision, r.client_us, r.old_value, r.new_value, r.reason,
    r.author_id, r.requested_us, r.state, r.decided_by, r.decided_us, r.note";

fn of_row(row: Row) -> Result<CorrectionRequest, DbErr> {
    let id = CorrectionRequestId::from_uuid(row.correction_request_id);
    let wrong = |what: &str| corrupt("correction_request", id, what);
    let decision = || {
        let by = row
            .decided_by
            .map(PersonId::from_uuid)
            .ok_or_else(|| wrong("decided_by"))?;
        Ok::<_, DbErr>(Decision {
            by,
            at: instant(row.decided_us),
            note: row.note.clone(),
        })
    };
    let state = match row.state.as_str() {
        "PENDING" => CorrectionState::Pending,
        "APPROVED" => CorrectionState::Approved(decision()?),
        "REFUSED" => CorrectionState::Refused(decision()?),
        _ => return Err(wrong("state")),
    };
    let change = change(&row).ok_or_else(|| wrong("change"))?;
    Ok(CorrectionRequest {
        id,
        school: SchoolId::from_uuid(row.school_id),
        academic_year: row.academic_year,
        journal: JournalId::from_uuid(row.journal_id),
        grade: u8::try_from(row.grade).map_err(|_| wrong("grade"))?,
        operation: Operation {
            lesson: LessonId::from_uuid(row.lesson_id),
            pupil: PersonId::from_uuid(row.pupil_id),
            change,
            base_revision: row.base_revision,
            client_time: (row.client_us != 0).then(|| instant(row.client_us)),
        },
        old_value: row.old_value,
        new_value: row.new_value,
        reason: row.reason,
        author: PersonId::from_uuid(row.author_id),
        requested_at: instant(row.requested_us),
        state,
    })
}

fn change(row: &Row) -> Option<Change> {
    let comment = row.comment.clone();
    Some(
        match (Part::from_number(row.part), row.new_value.as_str()) {
            (Part::Mark(slot), "") => Change::ClearMark { slot },
            (Part::Mark(slot), value) => Change::SetMark {
                slot,
                value: value.to_owned(),
                kind: ControlKind::from_number(i32::from(row.kind))?,
                comment,
            },
            (Part::Attendance, "") => Change::ClearAttendance,
            (Part::Attendance, value) => Change::SetAttendance {
                attendance: Attendance::stored(value).ok()?,
                comment,
            },
        },
    )
}

fn to_row(request: &CorrectionRequest) -> Row {
    let kind = match &request.operation.change {
        Change::SetMark { kind, .. } => kind.number(),
        _ => 0,
    };
    let decision = request.state.decision();
    Row {
        school_id: request.school.uuid(),
        correction_request_id: request.id.uuid(),
        academic_year: request.academic_year,
        journal_id: request.journal.uuid(),
        grade: i16::from(request.grade),
        lesson_id: request.lesson().uuid(),
        pupil_id: request.pupil().uuid(),
        part: request.part().number(),
        kind,
        comment: request.operation.change.comment().to_owned(),
        base_revision: request.operation.base_revision,
        client_us: request.operation.client_time.map_or(0, micros),
        old_value: request.old_value.clone(),
        new_value: request.new_value.clone(),
        reason: request.reason.clone(),
        author_id: request.author.uuid(),
        requested_us: micros(request.requested_at),
        state: request.state.word().to_owned(),
        decided_by: decision.map(|decision| decision.by.uuid()),
        decided_us: decision.map_or(0, |decision| micros(decision.at)),
        note: decision
            .map(|decision| decision.note.clone())
            .unwrap_or_default(),
    }
}

/// The request.
pub async fn find(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    id: CorrectionRequestId,
) -> Result<Option<CorrectionRequest>, DbErr> {
    let row = correction_request::Entity::find_by_id((school.uuid(), id.uuid()))
        .one(conn)
        .await?;
    row.map(of_row).transpose()
}

/// Keeps a new request. A second pending one of the same part is a unique violation.
pub async fn insert(conn: &impl ConnectionTrait, request: &CorrectionRequest) -> Result<(), DbErr> {
    let row = to_row(request).into_active_model();
    correction_request::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Writes the decision over a pending request. `Ok(false)`: it was decided before.
pub async fn decide(
    conn: &impl ConnectionTrait,
    request: &CorrectionRequest,
) -> Result<bool, DbErr> {
    let row = to_row(request);
    let sql = "UPDATE correction_request SET state = ?, decided_by = ?, decided_us = ?, note = ?
        WHERE school_id = ? AND correction_request_id = ? AND state = 'PENDING'";
    let values = [
        row.state.into(),
        row.decided_by.into(),
        row.decided_us.into(),
        row.note.into(),
        row.school_id.into(),
        row.correction_request_id.into(),
    ];
    let done = conn
        .execute_raw(chassis::db::statement(
            conn.get_database_backend(),
            sql,
            values,
        ))
        .await?;
    Ok(done.rows_affected() == 1)
}

/// A part of the cell waits for a decision; `part` none = any, but for `but`.
pub async fn is_pending(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    (lesson, pupil): (LessonId, PersonId),
    part: Option<Part>,
    but: Option<CorrectionRequestId>,
) -> Result<bool, DbErr> {
    #[derive(FromQueryResult)]
    struct Waiting {
        correction_request_id: Uuid,
        part: i16,
    }
    let sql = "SELECT correction_request_id, part FROM correction_request
        WHERE school_id = ? AND lesson_id = ? AND pupil_id = ? AND state = 'PENDING'";
    let values = [
        school.uuid().into(),
        lesson.uuid().into(),
        pupil.uuid().into(),
    ];
    let waiting: Vec<Waiting> = all(conn, sql, values).await?;
    Ok(waiting.iter().any(|row| {
        part.is_none_or(|part| part.number() == row.part)
            && but.is_none_or(|but| but.uuid() != row.correction_request_id)
    }))
}

/// Requests of lessons in (`after`, `upto`], for verification; the error of a row
/// that the service cannot have written.
pub async fn between(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    after: LessonId,
    upto: LessonId,
) -> Result<Vec<(CorrectionRequestId, Result<CorrectionRequest, DbErr>)>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM correction_request r
        WHERE r.school_id = ? AND r.lesson_id > ? AND r.lesson_id <= ?"
    );
    let rows: Vec<Row> = all(
        conn,
        &sql,
        [
            school.uuid().into(),
            after.uuid().into(),
            upto.uuid().into(),
        ],
    )
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            (
                CorrectionRequestId::from_uuid(row.correction_request_id),
                of_row(row),
            )
        })
        .collect())
}

/// Deputies in charge of a grade on a day.
pub async fn supervisors(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    grade: u8,
    day: &str,
) -> Result<Vec<PersonId>, DbErr> {
    #[derive(FromQueryResult)]
    struct Found {
        person_id: Uuid,
    }
    let sql = "SELECT DISTINCT person_id FROM supervision WHERE school_id = ?
        AND grade_from <= ? AND grade_to >= ? AND starts_on <= ? AND ends_on >= ?";
    let grade = i16::from(grade);
    let values = [
        school.uuid().into(),
        grade.into(),
        grade.into(),
        day.into(),
        day.into(),
    ];
    Ok(all::<Found>(conn, sql, values)
        .await?
        .into_iter()
        .map(|row| PersonId::from_uuid(row.person_id))
        .collect())
}

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

pub use super::pupils::Name;

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
