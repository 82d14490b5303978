//! The access log: one row per employee, subject, record and purpose in a quarter of an
//! hour; the first note of it makes the row, later ones move its end.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::entity::access_look::{ActiveModel, Column, Entity, Model};

/// Columns of a row are twelve; as many rows fit a statement of both databases.
const CHUNK: usize = 1_000;

/// Place of a page: first look, entry.
pub type LookKey = (i64, Uuid);

/// Writes looks; what is there already only lasts longer.
pub async fn put(conn: &impl ConnectionTrait, looks: Vec<Model>) -> Result<(), DbErr> {
    // One statement must not meet the same row twice.
    let mut unique: BTreeMap<_, Model> = BTreeMap::new();
    for look in looks {
        let key = (
            look.school_id,
            look.subject_id,
            look.window_no,
            look.account_id,
            look.record,
            look.purpose,
        );
        unique
            .entry(key)
            .and_modify(|known| known.last_us = known.last_us.max(look.last_us))
            .or_insert(look);
    }
    let rows: Vec<Model> = unique.into_values().collect();
    let later = "CASE WHEN excluded.last_us > access_look.last_us \
                 THEN excluded.last_us ELSE access_look.last_us END";
    for chunk in rows.chunks(CHUNK) {
        let same = OnConflict::columns([
            Column::SchoolId,
            Column::SubjectId,
            Column::WindowNo,
            Column::AccountId,
            Column::Record,
            Column::Purpose,
        ])
        .value(Column::LastUs, Expr::cust(later))
        .to_owned();
        Entity::insert_many(chunk.iter().cloned().map(ActiveModel::from))
            .on_conflict(same)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// Looks at one subject while it concerned somebody: `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// School.
    pub school_id: Uuid,
    /// Pupil, class or school.
    pub subject_id: Uuid,
    /// First instant, µs.
    pub from_us: i64,
    /// Instant after the last, µs.
    pub to_us: i64,
}

/// A page of the looks in any of the spans, newest first.
pub async fn of_spans(
    conn: &impl ConnectionTrait,
    spans: &[Span],
    before: Option<LookKey>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let any = spans.iter().fold(Condition::any(), |any, span| {
        any.add(
            Condition::all()
                .add(Column::SchoolId.eq(span.school_id))
                .add(Column::SubjectId.eq(span.subject_id))
                .add(Column::FirstUs.gte(span.from_us))
                .add(Column::FirstUs.lt(span.to_us)),
        )
    });
    page(conn, any, before, limit).await
}

/// Which looks of a school.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// School.
    pub school_id: Uuid,
    /// Only of this employee.
    pub person_id: Option<Uuid>,
    /// First instant, µs.
    pub from_us: i64,
    /// Instant after the last, µs.
    pub to_us: i64,
}

/// A page of the looks of a school, newest first.
pub async fn of_school(
    conn: &impl ConnectionTrait,
    wanted: Wanted,
    before: Option<LookKey>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let of = Condition::all()
        .add(Column::SchoolId.eq(wanted.school_id))
        .add(Column::FirstUs.gte(wanted.from_us))
        .add(Column::FirstUs.lt(wanted.to_us))
        .add_option(wanted.person_id.map(|person| Column::PersonId.eq(person)));
    page(conn, of, before, limit).await
}

async fn page(
    conn: &impl ConnectionTrait,
    of: Condition,
    before: Option<LookKey>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let earlier = before.map(|(first_us, look_id)| {
        Condition::any().add(Column::FirstUs.lt(first_us)).add(
            Condition::all()
                .add(Column::FirstUs.eq(first_us))
                .add(Column::LookId.lt(look_id)),
        )
    });
    Entity::find()
        .filter(Condition::all().add(of).add_option(earlier))
        .order_by_desc(Column::FirstUs)
        .order_by_desc(Column::LookId)
        .limit(limit)
        .all(conn)
        .await
}
