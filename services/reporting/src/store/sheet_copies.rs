//! Facts that come one by one: records that are gone, codes and accounts.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;
use zhurnal_proto::id::PersonId;

use super::School;
use super::entity::{access_fact, paper_journal, registry_record};

/// Forgets records of the registries.
pub async fn remove_records(
    conn: &impl ConnectionTrait,
    school: School,
    records: &[Uuid],
) -> Result<(), DbErr> {
    if records.is_empty() {
        return Ok(());
    }
    registry_record::Entity::delete_many()
        .filter(registry_record::Column::SchoolId.eq(school.uuid()))
        .filter(registry_record::Column::RecordId.is_in(records.iter().copied()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Forgets decisions on paper journals that count on no day any more.
pub async fn remove_paper(
    conn: &impl ConnectionTrait,
    school: School,
    modes: &[Uuid],
) -> Result<(), DbErr> {
    if modes.is_empty() {
        return Ok(());
    }
    paper_journal::Entity::delete_many()
        .filter(paper_journal::Column::SchoolId.eq(school.uuid()))
        .filter(paper_journal::Column::ModeId.is_in(modes.iter().copied()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Keeps that a person has an account.
pub async fn registered(
    conn: &impl ConnectionTrait,
    school: School,
    person: PersonId,
) -> Result<(), DbErr> {
    put(
        conn,
        &[fact(school, person, false, true)],
        access_fact::Column::Registered,
    )
    .await
}

/// Keeps that people got a code.
pub async fn issued(
    conn: &impl ConnectionTrait,
    school: School,
    people: &[PersonId],
) -> Result<(), DbErr> {
    let facts: Vec<_> = people
        .iter()
        .map(|person| fact(school, *person, true, false))
        .collect();
    put(conn, &facts, access_fact::Column::Issued).await
}

fn fact(school: School, person: PersonId, issued: bool, registered: bool) -> access_fact::Model {
    access_fact::Model {
        school_id: school.uuid(),
        person_id: person.uuid(),
        issued,
        registered,
    }
}

/// Adds facts; of one that is there only the column changes.
async fn put(
    conn: &impl ConnectionTrait,
    facts: &[access_fact::Model],
    column: access_fact::Column,
) -> Result<(), DbErr> {
    use access_fact::Column as A;
    if facts.is_empty() {
        return Ok(());
    }
    let known = OnConflict::columns([A::SchoolId, A::PersonId])
        .update_column(column)
        .to_owned();
    access_fact::Entity::insert_many(
        facts
            .iter()
            .cloned()
            .map(IntoActiveModel::into_active_model),
    )
    .on_conflict(known)
    .exec_without_returning(conn)
    .await?;
    Ok(())
}
