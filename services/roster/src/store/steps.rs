//! Steps of an import that other services take. A step is done once; of several
//! processes the one that holds its lease works on it.

use chassis::db::{statement, unix_now};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    UpdateMany,
};
use uuid::Uuid;
use zhurnal_proto::id::SchoolImportId;

use super::entity::{import_step, school_import};
use super::{column, insert};
use crate::domain::school_import_state::ImportState;

/// Schedule's step: the plan of the year.
pub const SCHEDULE: &str = "schedule.PutSchoolPlan";

/// A step that is leased.
#[derive(Debug, Clone)]
pub struct Leased {
    /// The request, encoded by `import`.
    pub request: Vec<u8>,
    /// How often it was tried, this time included.
    pub attempts: u32,
}

/// Adds a step.
pub async fn add(
    conn: &impl ConnectionTrait,
    id: SchoolImportId,
    step: &str,
    request: Vec<u8>,
) -> Result<(), DbErr> {
    let row = import_step::Model {
        school_import_id: id.uuid(),
        step: step.to_owned(),
        done: false,
        attempts: 0,
        last_error: String::new(),
        leased_until: 0,
        leased_by: None,
        request,
    };
    insert::all(conn, vec![row]).await
}

/// Imports that are under way and have this step to take, oldest first.
pub async fn waiting(
    conn: &impl ConnectionTrait,
    step: &str,
) -> Result<Vec<SchoolImportId>, DbErr> {
    let under_way = Query::select()
        .column(school_import::Column::SchoolImportId)
        .from(school_import::Entity)
        .and_where(
            Expr::col(school_import::Column::State).eq(column::import_state(ImportState::Applying)),
        )
        .to_owned();
    let ids: Vec<Uuid> = import_step::Entity::find()
        .select_only()
        .column(import_step::Column::SchoolImportId)
        .filter(import_step::Column::Done.eq(false))
        .filter(import_step::Column::Step.eq(step))
        .filter(import_step::Column::SchoolImportId.in_subquery(under_way))
        .order_by_asc(import_step::Column::SchoolImportId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().map(SchoolImportId::from_uuid).collect())
}

/// Leases a step for so many seconds; `None` when it is done or another holds it.
pub async fn lease(
    conn: &impl ConnectionTrait,
    (id, step): (SchoolImportId, &str),
    owner: Uuid,
    seconds: i64,
) -> Result<Option<Leased>, DbErr> {
    let backend = conn.get_database_backend();
    let now = unix_now(backend);
    let sql = [
        "UPDATE import_step SET attempts = attempts + 1, leased_by = ?, leased_until = ? + ",
        now,
        " WHERE school_import_id = ? AND step = ? AND NOT done AND (leased_by = ? OR leased_until < ",
        now,
        ")",
    ]
    .concat();
    let values = [
        owner.into(),
        seconds.into(),
        id.uuid().into(),
        step.into(),
        owner.into(),
    ];
    let taken = conn
        .execute_raw(statement(backend, &sql, values))
        .await?
        .rows_affected();
    if taken != 1 {
        return Ok(None);
    }
    let row = import_step::Entity::find_by_id((id.uuid(), step.to_owned()))
        .one(conn)
        .await?;
    Ok(row.map(|row| Leased {
        request: row.request,
        attempts: column::read_count(row.attempts),
    }))
}

/// Gives a step back with what went wrong.
pub async fn give_back(
    conn: &impl ConnectionTrait,
    (id, step): (SchoolImportId, &str),
    owner: Uuid,
    error: &str,
) -> Result<(), DbErr> {
    one(id, step)
        .col_expr(import_step::Column::LeasedUntil, Expr::value(0i64))
        .col_expr(import_step::Column::LastError, Expr::value(error))
        .filter(import_step::Column::LeasedBy.eq(owner))
        .exec(conn)
        .await?;
    Ok(())
}

/// The step is done: true for the one caller that made it so. Its request is forgotten.
pub async fn complete(
    conn: &impl ConnectionTrait,
    (id, step): (SchoolImportId, &str),
) -> Result<bool, DbErr> {
    let done = one(id, step)
        .col_expr(import_step::Column::Done, Expr::value(true))
        .col_expr(import_step::Column::Request, Expr::value(Vec::<u8>::new()))
        .col_expr(import_step::Column::LastError, Expr::value(""))
        .filter(import_step::Column::Done.eq(false))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

fn one(id: SchoolImportId, step: &str) -> UpdateMany<import_step::Entity> {
    import_step::Entity::update_many()
        .filter(import_step::Column::SchoolImportId.eq(id.uuid()))
        .filter(import_step::Column::Step.eq(step))
}
