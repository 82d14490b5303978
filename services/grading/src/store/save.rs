//! Writes what a change left behind: cells and ledger rows, by statements whose
//! number does not grow with the number of cells.
//!
//! A cell is written only over the version that the decision saw; the number of
//! cells written tells whether all were.

use std::fmt::Write;

use chassis::db::arrays::{Column, arrays, names, unnest};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value, sea_query::ArrayType,
};
use uuid::Uuid;
use zhurnal_proto::id::{CorrectionRequestId, PersonId, SchoolId, SessionId};

use super::{cell_text, columns::CellKey, micros};
use crate::domain::{cell::Cell, ledger::entry::Entry};

/// SQLite binds at most 32,766 values; a ledger row has 25.
const SQLITE_ROWS: usize = 1_000;

/// A cell to write; its revision is already the new one.
#[derive(Debug)]
pub struct ChangedCell<'a> {
    /// School.
    pub school: SchoolId,
    /// Lesson and pupil.
    pub key: CellKey,
    /// First calendar year of the academic year.
    pub academic_year: i16,
    /// Date of the lesson, ISO.
    pub date: String,
    /// What the cell holds now.
    pub cell: &'a Cell,
}

/// A ledger row to write.
#[derive(Debug)]
pub struct SealedEntry {
    /// Facts.
    pub entry: Entry,
    /// Seal of this service.
    pub seal: Vec<u8>,
}

/// Writes distinct cells and ledger rows, of one change or of many. `Ok(false)`: a
/// cell was changed by somebody else since it was read; roll back and decide again.
pub async fn save(
    tx: &DatabaseTransaction,
    mut cells: Vec<ChangedCell<'_>>,
    entries: impl IntoIterator<Item = &SealedEntry>,
) -> Result<bool, DbErr> {
    // Locks are taken in one order by everybody.
    cells.sort_by_key(|changed| (changed.school, changed.key));
    let rows = cells.iter().map(cell_row).collect::<Result<Vec<_>, _>>()?;
    let ledger: Vec<[Value; LEDGER.len()]> = entries.into_iter().map(ledger_row).collect();
    let wanted = rows.len();
    let written = match tx.get_database_backend() {
        DbBackend::Postgres => by_arrays(tx, rows, ledger).await?,
        backend => by_values(tx, backend, &rows, &ledger).await?,
    };
    Ok(written == wanted)
}

/// Columns of `cell` with their array types.
const CELL: [Column; 8] = [
    ("school_id", ArrayType::Uuid),
    ("lesson_id", ArrayType::Uuid),
    ("pupil_id", ArrayType::Uuid),
    ("academic_year", ArrayType::SmallInt),
    ("date", ArrayType::String),
    ("revision", ArrayType::BigInt),
    ("marks", ArrayType::String),
    ("attendance", ArrayType::String),
];

fn cell_row(changed: &ChangedCell<'_>) -> Result<[Value; CELL.len()], DbErr> {
    let (marks, attendance) = cell_text::write(changed.cell)?;
    Ok([
        changed.school.uuid().into(),
        changed.key.0.uuid().into(),
        changed.key.1.uuid().into(),
        changed.academic_year.into(),
        changed.date.clone().into(),
        changed.cell.revision.into(),
        marks.into(),
        attendance.into(),
    ])
}

/// Columns of `ledger_entry`.
const LEDGER: [Column; 25] = [
    ("school_id", ArrayType::Uuid),
    ("lesson_id", ArrayType::Uuid),
    ("change_id", ArrayType::Uuid),
    ("nth", ArrayType::SmallInt),
    ("academic_year", ArrayType::SmallInt),
    ("day", ArrayType::String),
    ("subject", ArrayType::SmallInt),
    ("pupil_id", ArrayType::Uuid),
    ("slot", ArrayType::SmallInt),
    ("old_value", ArrayType::String),
    ("new_value", ArrayType::String),
    ("kind", ArrayType::SmallInt),
    ("revision", ArrayType::BigInt),
    ("commitment", ArrayType::Bytes),
    ("salt", ArrayType::Bytes),
    ("personal_text", ArrayType::String),
    ("author_id", ArrayType::Uuid),
    ("recorded_us", ArrayType::BigInt),
    ("client_us", ArrayType::BigInt),
    ("late", ArrayType::Bool),
    ("correction_request_id", ArrayType::Uuid),
    ("session_id", ArrayType::Uuid),
    ("policy_id", ArrayType::String),
    ("copy_cursor", ArrayType::String),
    ("seal", ArrayType::Bytes),
];

fn ledger_row(sealed: &SealedEntry) -> [Value; LEDGER.len()] {
    let Entry {
        school,
        academic_year,
        key,
        day,
        subject,
        pupil,
        slot,
        old_value,
        new_value,
        kind,
        revision,
        personal,
        author,
        recorded_at,
        client_time,
        late,
        correction,
        session,
        policy,
        copy_cursor,
    } = &sealed.entry;
    [
        school.uuid().into(),
        key.lesson.uuid().into(),
        key.change.into(),
        key.nth.into(),
        (*academic_year).into(),
        day.to_string().into(),
        (*subject as i16).into(),
        pupil.map_or(Uuid::nil(), PersonId::uuid).into(),
        (*slot).into(),
        old_value.clone().into(),
        new_value.clone().into(),
        (*kind).into(),
        (*revision).into(),
        personal.commitment().to_vec().into(),
        personal.salt().to_vec().into(),
        personal.text().into(),
        author.uuid().into(),
        micros(*recorded_at).into(),
        client_time.map_or(0, micros).into(),
        (*late).into(),
        correction
            .map_or(Uuid::nil(), CorrectionRequestId::uuid)
            .into(),
        session.map_or(Uuid::nil(), SessionId::uuid).into(),
        policy.clone().into(),
        copy_cursor.clone().into(),
        sealed.seal.clone().into(),
    ]
}

/// What happens to a cell that is there already.
const GUARDED: &str = "ON CONFLICT (school_id, lesson_id, pupil_id, academic_year) DO UPDATE
    SET revision = excluded.revision, marks = excluded.marks, attendance = excluded.attendance
    WHERE cell.revision = excluded.revision - 1";

/// One statement for everything, one text for any number of rows.
async fn by_arrays(
    tx: &DatabaseTransaction,
    cells: Vec<[Value; CELL.len()]>,
    ledger: Vec<[Value; LEDGER.len()]>,
) -> Result<usize, DbErr> {
    let mut values = arrays(kinds(&CELL), cells.into_iter());
    values.extend(arrays(kinds(&LEDGER), ledger.into_iter()));
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, array_sql(), values);
    let row = tx.query_one_raw(statement).await?;
    let written: i64 = row
        .map(|row| row.try_get_by_index(0))
        .transpose()?
        .unwrap_or(0);
    Ok(usize::try_from(written).unwrap_or(0))
}

fn array_sql() -> &'static str {
    static SQL: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    SQL.get_or_init(|| {
        let cell = unnest(kinds(&CELL), 1);
        let ledger = unnest(kinds(&LEDGER), CELL.len() + 1);
        format!(
            "WITH logged AS (INSERT INTO ledger_entry ({ledger_names}) SELECT * FROM {ledger}),
            written AS (INSERT INTO cell ({cell_names}) SELECT * FROM {cell} {GUARDED} RETURNING 1)
            SELECT count(*) FROM written",
            cell_names = names(&CELL),
            ledger_names = names(&LEDGER),
        )
    })
}

fn kinds(columns: &[Column]) -> impl Iterator<Item = &ArrayType> {
    columns.iter().map(|(_, kind)| kind)
}

/// One statement for the cells and one for the ledger, per thousand rows.
async fn by_values(
    tx: &DatabaseTransaction,
    backend: DbBackend,
    cells: &[[Value; CELL.len()]],
    ledger: &[[Value; LEDGER.len()]],
) -> Result<usize, DbErr> {
    let mut written = 0;
    for chunk in cells.chunks(SQLITE_ROWS) {
        let done = tx
            .execute_raw(insert(backend, "cell", &CELL, chunk, GUARDED))
            .await?;
        written += usize::try_from(done.rows_affected()).unwrap_or(0);
    }
    if written == cells.len() {
        for chunk in ledger.chunks(SQLITE_ROWS) {
            tx.execute_raw(insert(backend, "ledger_entry", &LEDGER, chunk, ""))
                .await?;
        }
    }
    Ok(written)
}

fn insert<const N: usize>(
    backend: DbBackend,
    table: &str,
    columns: &[Column; N],
    rows: &[[Value; N]],
    then: &str,
) -> Statement {
    let row = format!("({})", ["?"; N].join(", "));
    let mut sql = format!("INSERT INTO {table} ({}) VALUES ", names(columns));
    for at in 0..rows.len() {
        let _ = write!(sql, "{}{row}", if at > 0 { ", " } else { "" });
    }
    let _ = write!(sql, " {then}");
    chassis::db::statement(
        backend,
        &sql,
        rows.iter().flatten().cloned().collect::<Vec<_>>(),
    )
}
