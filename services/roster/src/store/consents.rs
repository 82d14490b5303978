//! Consents and applications of families.

use std::collections::HashMap;

use chassis::db::Corrupt;
use jiff::civil::Date;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, ConsentId, PersonId};

use super::entity::consent;
use super::registries::Change;
use super::{School, column, records};
use crate::domain::consent::{Consent, ConsentKind};

/// A consent and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The consent.
    pub consent: Consent,
    /// Version, from 1.
    pub version: i64,
}

/// How far a kind has been collected in a class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    /// Pupils for whom somebody has given it.
    pub given: u32,
    /// Pupils for whom it was refused and not given.
    pub refused: u32,
}

/// The consent, held against other changes until the end of the transaction.
pub async fn lock(
    conn: &impl ConnectionTrait,
    school: School,
    id: ConsentId,
) -> Result<Option<Kept>, DbErr> {
    let mut query = consent::Entity::find_by_id((school.uuid(), id.uuid()));
    if conn.get_database_backend() == DbBackend::Postgres {
        query = query.lock(LockType::Update);
    }
    Ok(query.one(conn).await?.map(read).transpose()?)
}

/// Adds a consent. A unique violation: the id is taken, or the signer has one of the
/// kind in force.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    kept: &Kept,
    change: &Change,
) -> Result<(), DbErr> {
    let row = row(school, kept, change).into_active_model();
    consent::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Replaces a consent that is locked.
pub async fn replace(
    conn: &impl ConnectionTrait,
    school: School,
    kept: &Kept,
    change: &Change,
) -> Result<(), DbErr> {
    let row = row(school, kept, change).into_active_model();
    consent::Entity::update(row.reset_all()).exec(conn).await?;
    Ok(())
}

/// Removes a consent that is locked.
pub async fn remove(
    conn: &impl ConnectionTrait,
    school: School,
    id: ConsentId,
) -> Result<(), DbErr> {
    consent::Entity::delete_by_id((school.uuid(), id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Consents about pupils, newest first.
pub async fn of_pupils(
    conn: &impl ConnectionTrait,
    school: School,
    pupils: &[PersonId],
) -> Result<Vec<Kept>, DbErr> {
    let rows = consent::Entity::find()
        .filter(consent::Column::SchoolId.eq(school.uuid()))
        .filter(consent::Column::PupilId.is_in(pupils.iter().map(|one| one.uuid())))
        .order_by_desc(consent::Column::SignedOn)
        .order_by_desc(consent::Column::ConsentId)
        .all(conn)
        .await?;
    records(rows, read)
}

#[derive(Debug, FromQueryResult)]
struct Count {
    class_id: Uuid,
    kind: i16,
    given: i64,
    decided: i64,
}

/// How far each class is on a day, by class and kind.
pub async fn collected(
    conn: &impl ConnectionTrait,
    school: School,
    day: Date,
) -> Result<HashMap<(ClassId, ConsentKind), Collected>, DbErr> {
    // 1 is a consent that was given: see `column::decision`.
    let statement = chassis::db::statement(
        conn.get_database_backend(),
        "SELECT e.class_id, c.kind,
            COUNT(DISTINCT CASE WHEN c.decision = 1 THEN c.pupil_id END) AS given,
            COUNT(DISTINCT c.pupil_id) AS decided
        FROM consent c
        JOIN enrolment e ON e.school_id = c.school_id AND e.pupil_id = c.pupil_id
            AND e.starts_on <= ? AND (e.ends_on IS NULL OR e.ends_on >= ?)
        WHERE c.school_id = ? AND c.withdrawn_on IS NULL
        GROUP BY e.class_id, c.kind",
        [
            column::date(day).into(),
            column::date(day).into(),
            school.uuid().into(),
        ],
    );
    let counts = Count::find_by_statement(statement).all(conn).await?;
    let counted = counts.into_iter().map(|count| {
        let kind = column::read_consent_kind(("consent", "kind"), count.kind)?;
        let number = |count: i64| u32::try_from(count).unwrap_or(0);
        let collected = Collected {
            given: number(count.given),
            refused: number(count.decided - count.given),
        };
        Ok(((ClassId::from_uuid(count.class_id), kind), collected))
    });
    counted.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

fn row(school: School, kept: &Kept, change: &Change) -> consent::Model {
    let Consent {
        id,
        pupil,
        signer,
        kind,
        decision,
        signed_on,
        withdrawn_on,
        note,
    } = &kept.consent;
    consent::Model {
        school_id: school.uuid(),
        consent_id: id.uuid(),
        pupil_id: pupil.uuid(),
        signer_id: signer.uuid(),
        kind: column::consent_kind(*kind),
        decision: column::decision(*decision),
        signed_on: column::date(*signed_on),
        withdrawn_on: withdrawn_on.map(column::date),
        note: note.clone(),
        version: kept.version,
        changed_us: chassis::db::micros(change.at),
        changed_by: change.by.clone(),
    }
}

fn read(row: consent::Model) -> Result<Kept, Corrupt> {
    const TABLE: &str = "consent";
    let consent = Consent {
        id: ConsentId::from_uuid(row.consent_id),
        pupil: PersonId::from_uuid(row.pupil_id),
        signer: PersonId::from_uuid(row.signer_id),
        kind: column::read_consent_kind((TABLE, "kind"), row.kind)?,
        decision: column::read_decision((TABLE, "decision"), row.decision)?,
        signed_on: column::read_date((TABLE, "signed_on"), &row.signed_on)?,
        withdrawn_on: column::read_end((TABLE, "withdrawn_on"), row.withdrawn_on.as_deref())?,
        note: row.note,
    };
    Ok(Kept {
        consent,
        version: row.version,
    })
}
