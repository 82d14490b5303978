//! Appointments.

use std::collections::HashSet;

use chassis::db::Corrupt;
use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::PersonId;

use super::column;
use super::entity::{person, staff_member};
use super::people::name;
use super::{School, insert, records};
use crate::domain::duty::Duty;
use crate::domain::record::{Name, StaffMember};

/// An employee as lists show one.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The appointment.
    pub member: StaffMember,
    /// Name.
    pub name: Name,
    /// Phone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Place in the list.
    pub sort_key: String,
}

/// Adds appointments.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    staff: &[StaffMember],
) -> Result<(), DbErr> {
    let rows = staff.iter().map(|member| staff_member::Model {
        school_id: school.uuid(),
        person_id: member.person_id.uuid(),
        post: member.post.clone(),
        duties: column::duties(&member.duties),
        starts_on: column::date(member.starts_on),
        ends_on: member.ends_on.map(column::date),
    });
    insert::all(conn, rows.collect()).await
}

/// Cards of those who are on the staff on the day.
pub async fn cards(
    conn: &impl ConnectionTrait,
    school: School,
    day: Date,
) -> Result<HashSet<PersonId>, DbErr> {
    let ids: Vec<Uuid> = staff_member::Entity::find()
        .select_only()
        .column(staff_member::Column::PersonId)
        .filter(staff_member::Column::SchoolId.eq(school.uuid()))
        .filter(super::present_on!(staff_member, day))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().map(PersonId::from_uuid).collect())
}

/// Appointments of those who are on the staff on the day, the longest first.
pub async fn present(
    conn: &impl ConnectionTrait,
    school: School,
    day: Date,
) -> Result<Vec<StaffMember>, DbErr> {
    let rows = staff_member::Entity::find()
        .filter(staff_member::Column::SchoolId.eq(school.uuid()))
        .filter(super::present_on!(staff_member, day))
        .order_by_asc(staff_member::Column::StartsOn)
        .order_by_asc(staff_member::Column::PersonId)
        .all(conn)
        .await?;
    records(rows, appointment)
}

/// The name of who has had a duty for longest, of those on the staff on the day.
pub async fn first_with(
    conn: &impl ConnectionTrait,
    school: School,
    (duty, day): (Duty, Date),
) -> Result<Option<Name>, DbErr> {
    let staff = present(conn, school, day).await?;
    let Some(first) = staff.iter().find(|one| one.duties.contains(&duty)) else {
        return Ok(None);
    };
    let mut names = super::people::names(conn, school, vec![first.person_id]).await?;
    Ok(names.remove(&first.person_id))
}

#[derive(Debug, FromQueryResult)]
struct Row {
    school_id: Uuid,
    person_id: Uuid,
    post: String,
    duties: String,
    starts_on: String,
    ends_on: Option<String>,
    surname: String,
    given_name: String,
    patronymic: String,
    phone: String,
    email: String,
    sort_key: String,
}

/// Staff in the order of the Russian alphabet, after a key.
pub async fn page(
    conn: &impl ConnectionTrait,
    school: School,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Listed>, DbErr> {
    use person::Column as P;
    use staff_member::Column as S;
    let mut query = Query::select();
    query
        .columns(
            [
                S::SchoolId,
                S::PersonId,
                S::Post,
                S::Duties,
                S::StartsOn,
                S::EndsOn,
            ]
            .map(|c| (staff_member::Entity, c)),
        )
        .columns(
            [
                P::Surname,
                P::GivenName,
                P::Patronymic,
                P::Phone,
                P::Email,
                P::SortKey,
            ]
            .map(|c| (person::Entity, c)),
        )
        .from(staff_member::Entity)
        .inner_join(
            person::Entity,
            Condition::all()
                .add(
                    Expr::col((person::Entity, P::SchoolId))
                        .equals((staff_member::Entity, S::SchoolId)),
                )
                .add(
                    Expr::col((person::Entity, P::PersonId))
                        .equals((staff_member::Entity, S::PersonId)),
                ),
        )
        .and_where(Expr::col((staff_member::Entity, S::SchoolId)).eq(school.uuid()));
    super::pupils::by_name(&mut query, after, limit);
    let rows = Row::find_by_statement(conn.get_database_backend().build(&query))
        .all(conn)
        .await?;
    records(rows, read)
}

fn appointment(row: staff_member::Model) -> Result<StaffMember, Corrupt> {
    Ok(StaffMember {
        person_id: PersonId::from_uuid(row.person_id),
        post: row.post,
        duties: column::read_duties(("staff_member", "duties"), &row.duties)?,
        starts_on: column::read_date(("staff_member", "starts_on"), &row.starts_on)?,
        ends_on: column::read_end(("staff_member", "ends_on"), row.ends_on.as_deref())?,
    })
}

fn read(row: Row) -> Result<Listed, Corrupt> {
    let member = staff_member::Model {
        school_id: row.school_id,
        person_id: row.person_id,
        post: row.post,
        duties: row.duties,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
    };
    Ok(Listed {
        member: appointment(member)?,
        name: name(row.surname, row.given_name, row.patronymic),
        phone: row.phone,
        email: row.email,
        sort_key: row.sort_key,
    })
}
