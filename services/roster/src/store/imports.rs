//! Imports: what was uploaded, what was found, where it stands.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    UpdateMany,
};
use uuid::Uuid;
use zhurnal_proto::id::{SchoolId, SchoolImportId};

use super::entity::{import_row, import_workbook, school_import};
use super::{School, column, insert};
use crate::domain::school_import_state::{ImportCounts, ImportState};

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Id.
    pub id: SchoolImportId,
    /// Where it stands.
    pub state: ImportState,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub content_hash: Vec<u8>,
    /// School that it made.
    pub school_id: Option<SchoolId>,
    /// Title of the school in the workbook.
    pub school_title: String,
    /// Counts.
    pub counts: ImportCounts,
    /// Findings, encoded by `import`.
    pub findings: Vec<u8>,
    /// Why it failed.
    pub failure: String,
    /// Who uploaded it.
    pub actor: String,
    /// When, microseconds.
    pub uploaded_us: i64,
}

/// A row of the workbook with its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Place in the file, from 0.
    pub position: u32,
    /// Sheet title.
    pub sheet: String,
    /// Verdict as the contract numbers it.
    pub verdict: i16,
    /// The row, encoded by `import`.
    pub content: Vec<u8>,
}

/// Which rows.
#[derive(Debug, Clone, Copy, Default)]
pub struct WantedRows<'a> {
    /// Only this sheet.
    pub sheet: Option<&'a str>,
    /// Only this verdict.
    pub verdict: Option<i16>,
}

/// Adds an import with its rows.
pub async fn add(
    conn: &impl ConnectionTrait,
    import: &Import,
    rows: Vec<Row>,
) -> Result<(), DbErr> {
    let ImportCounts {
        staff,
        classes,
        pupils,
        guardians,
        loads,
        weekly_lessons,
        lessons,
    } = import.counts;
    let id = import.id.uuid();
    let row = school_import::Model {
        school_import_id: id,
        state: column::import_state(import.state),
        file_name: import.file_name.clone(),
        content_hash: import.content_hash.clone(),
        school_id: import.school_id.map(SchoolId::uuid),
        school_title: import.school_title.clone(),
        staff: column::count(staff),
        classes: column::count(classes),
        pupils: column::count(pupils),
        guardians: column::count(guardians),
        loads: column::count(loads),
        weekly_lessons: column::count(weekly_lessons),
        lessons: column::count(lessons),
        findings: import.findings.clone(),
        forgotten: false,
        failure: import.failure.clone(),
        actor: import.actor.clone(),
        uploaded_us: import.uploaded_us,
    };
    insert::all(conn, vec![row]).await?;
    let rows = rows.into_iter().map(|row| import_row::Model {
        school_import_id: id,
        position: column::count(row.position),
        sheet: row.sheet,
        verdict: row.verdict,
        content: row.content,
    });
    insert::all(conn, rows.collect()).await
}

/// Keeps the sealed workbook until the import is done.
pub async fn keep_workbook(
    conn: &impl ConnectionTrait,
    id: SchoolImportId,
    sealed: Vec<u8>,
) -> Result<(), DbErr> {
    insert::all(
        conn,
        vec![import_workbook::Model {
            school_import_id: id.uuid(),
            sealed,
        }],
    )
    .await
}

/// The sealed workbook; `None` when it is not needed any more.
pub async fn workbook(
    conn: &impl ConnectionTrait,
    id: SchoolImportId,
) -> Result<Option<Vec<u8>>, DbErr> {
    Ok(import_workbook::Entity::find_by_id(id.uuid())
        .one(conn)
        .await?
        .map(|row| row.sealed))
}

/// The import.
pub async fn get(conn: &impl ConnectionTrait, id: SchoolImportId) -> Result<Option<Import>, DbErr> {
    school_import::Entity::find_by_id(id.uuid())
        .one(conn)
        .await?
        .map(read)
        .transpose()
}

/// An import of exactly this file that has begun and is not done.
pub async fn unfinished_of(
    conn: &impl ConnectionTrait,
    content_hash: &[u8],
) -> Result<Option<Import>, DbErr> {
    let begun = [ImportState::Applying, ImportState::Failed].map(column::import_state);
    let row = school_import::Entity::find()
        .filter(school_import::Column::ContentHash.eq(content_hash.to_vec()))
        .filter(school_import::Column::State.is_in(begun))
        .order_by_desc(school_import::Column::UploadedUs)
        .one(conn)
        .await?;
    row.map(read).transpose()
}

/// The import that made a school.
pub async fn of_school(
    conn: &impl ConnectionTrait,
    school: School,
) -> Result<Option<Import>, DbErr> {
    let found =
        school_import::Entity::find().filter(school_import::Column::SchoolId.eq(school.uuid()));
    found.one(conn).await?.map(read).transpose()
}

/// Rows in the order of the file, after a position.
pub async fn rows(
    conn: &impl ConnectionTrait,
    id: SchoolImportId,
    wanted: WantedRows<'_>,
    after: Option<i32>,
    limit: u64,
) -> Result<Vec<Row>, DbErr> {
    use import_row::Column as R;
    let mut query = import_row::Entity::find().filter(R::SchoolImportId.eq(id.uuid()));
    if let Some(sheet) = wanted.sheet {
        query = query.filter(R::Sheet.eq(sheet));
    }
    if let Some(verdict) = wanted.verdict {
        query = query.filter(R::Verdict.eq(verdict));
    }
    if let Some(after) = after {
        query = query.filter(R::Position.gt(after));
    }
    let rows = query
        .order_by_asc(R::Position)
        .limit(limit)
        .all(conn)
        .await?;
    let read = |row: import_row::Model| Row {
        position: column::read_count(row.position),
        sheet: row.sheet,
        verdict: row.verdict,
        content: row.content,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Roster's part goes in: true for the one caller that may write it.
pub async fn begin(
    conn: &impl ConnectionTrait,
    id: SchoolImportId,
    school: School,
    counts: ImportCounts,
) -> Result<bool, DbErr> {
    use school_import::Column as I;
    let not_begun = [ImportState::Checked, ImportState::Refused];
    let update = moved(id, &not_begun, ImportState::Applying)
        .col_expr(I::SchoolId, Expr::value(school.uuid()))
        .col_expr(I::Staff, Expr::value(column::count(counts.staff)))
        .col_expr(I::Classes, Expr::value(column::count(counts.classes)))
        .col_expr(I::Pupils, Expr::value(column::count(counts.pupils)))
        .col_expr(I::Guardians, Expr::value(column::count(counts.guardians)))
        .col_expr(I::Loads, Expr::value(column::count(counts.loads)))
        .col_expr(
            I::WeeklyLessons,
            Expr::value(column::count(counts.weekly_lessons)),
        )
        .col_expr(I::Lessons, Expr::value(column::count(counts.lessons)));
    Ok(update.exec(conn).await?.rows_affected == 1)
}

/// A failed import tries again: true for the one caller that made it so.
pub async fn resume(conn: &impl ConnectionTrait, id: SchoolImportId) -> Result<bool, DbErr> {
    let update = moved(id, &[ImportState::Failed], ImportState::Applying);
    let update = update.col_expr(school_import::Column::Failure, Expr::value(""));
    Ok(update.exec(conn).await?.rows_affected == 1)
}

/// Another service refused its part for good.
pub async fn fail(
    conn: &impl ConnectionTrait,
    id: SchoolImportId,
    failure: &str,
) -> Result<bool, DbErr> {
    let update = moved(id, &[ImportState::Applying], ImportState::Failed);
    let update = update.col_expr(school_import::Column::Failure, Expr::value(failure));
    Ok(update.exec(conn).await?.rows_affected == 1)
}

/// All is done: true for the one caller that made it so. The workbook is not needed any more.
pub async fn finish(
    conn: &impl ConnectionTrait,
    id: SchoolImportId,
    lessons: u32,
) -> Result<bool, DbErr> {
    let update = moved(id, &[ImportState::Applying], ImportState::Applied);
    let update = update.col_expr(
        school_import::Column::Lessons,
        Expr::value(column::count(lessons)),
    );
    if update.exec(conn).await?.rows_affected != 1 {
        return Ok(false);
    }
    import_workbook::Entity::delete_by_id(id.uuid())
        .exec(conn)
        .await?;
    Ok(true)
}

fn moved(
    id: SchoolImportId,
    from: &[ImportState],
    to: ImportState,
) -> UpdateMany<school_import::Entity> {
    use school_import::Column as I;
    school_import::Entity::update_many()
        .col_expr(I::State, Expr::value(column::import_state(to)))
        .filter(I::SchoolImportId.eq(id.uuid()))
        .filter(I::State.is_in(from.iter().copied().map(column::import_state)))
}

/// Forgets the personal part of old imports: rows, findings, workbooks. An import that
/// nobody applied goes as a whole. At most `limit` imports; how many there were.
pub async fn forget_older(
    conn: &impl ConnectionTrait,
    before_us: i64,
    limit: u64,
) -> Result<usize, DbErr> {
    use school_import::Column as I;
    let unused = [ImportState::Checked, ImportState::Refused].map(column::import_state);
    let old: Vec<(Uuid, i16)> = school_import::Entity::find()
        .select_only()
        .column(I::SchoolImportId)
        .column(I::State)
        .filter(
            I::State.is_in(
                unused
                    .into_iter()
                    .chain([column::import_state(ImportState::Applied)]),
            ),
        )
        .filter(I::UploadedUs.lt(before_us))
        .filter(I::Forgotten.eq(false))
        .order_by_asc(I::UploadedUs)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?;
    let all: Vec<Uuid> = old.iter().map(|(id, _)| *id).collect();
    let (gone, kept): (Vec<_>, Vec<_>) = old
        .into_iter()
        .partition(|(_, state)| unused.contains(state));
    let ids = |list: Vec<(Uuid, i16)>| list.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    import_row::Entity::delete_many()
        .filter(import_row::Column::SchoolImportId.is_in(all.clone()))
        .exec(conn)
        .await?;
    let workbooks = import_workbook::Entity::delete_many();
    workbooks
        .filter(import_workbook::Column::SchoolImportId.is_in(all.clone()))
        .exec(conn)
        .await?;
    school_import::Entity::delete_many()
        .filter(I::SchoolImportId.is_in(ids(gone)))
        .exec(conn)
        .await?;
    school_import::Entity::update_many()
        .col_expr(I::Findings, Expr::value(Vec::<u8>::new()))
        .col_expr(I::Forgotten, Expr::value(true))
        .filter(I::SchoolImportId.is_in(ids(kept)))
        .exec(conn)
        .await?;
    Ok(all.len())
}

fn read(row: school_import::Model) -> Result<Import, DbErr> {
    let count = column::read_count;
    Ok(Import {
        id: SchoolImportId::from_uuid(row.school_import_id),
        state: column::read_import_state(("school_import", "state"), row.state)?,
        file_name: row.file_name,
        content_hash: row.content_hash,
        school_id: row.school_id.map(SchoolId::from_uuid),
        school_title: row.school_title,
        counts: ImportCounts {
            staff: count(row.staff),
            classes: count(row.classes),
            pupils: count(row.pupils),
            guardians: count(row.guardians),
            loads: count(row.loads),
            weekly_lessons: count(row.weekly_lessons),
            lessons: count(row.lessons),
        },
        findings: row.findings,
        failure: row.failure,
        actor: row.actor,
        uploaded_us: row.uploaded_us,
    })
}
