//! Correction requests.

mod list;

use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel};
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

pub use self::list::{Listed, Stretch, Viewer, list, listed_of_cell, listed_one};

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
