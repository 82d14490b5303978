//! Pupils who have left one school of the region for another and wait there.

use chassis::db::Corrupt;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, LockType, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, OrderId, PersonId, SchoolId};

use super::entity::{arrival, person, school, school_class};
use super::people::name;
use super::pupils::by_name;
use super::{School, column, insert};
use crate::domain::orders::Arrival;
use crate::domain::record::{Name, Sex};

/// An arrival with the words of the school that the pupil has left.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The arrival.
    pub arrival: Arrival,
    /// Name.
    pub name: Name,
    /// Sex.
    pub sex: Option<Sex>,
    /// Birth date.
    pub birth_date: Option<jiff::civil::Date>,
    /// Title of the other school.
    pub from_title: String,
    /// Title and grade of the class there.
    pub from_class: (String, u8),
    /// Place in the list.
    pub sort_key: String,
}

/// Pupils leave `arrival.from_school` for this school.
pub async fn open(conn: &impl ConnectionTrait, to: School, arrival: &Arrival) -> Result<(), DbErr> {
    let row = arrival::Model {
        school_id: to.uuid(),
        order_id: arrival.order.uuid(),
        pupil_id: arrival.pupil.uuid(),
        from_school_id: arrival.from_school.uuid(),
        from_class_id: arrival.from_class.uuid(),
        last_day: column::date(arrival.last_day),
        accepted_by_id: None,
    };
    insert::all(conn, vec![row]).await
}

/// Arrivals of some pupils that wait in whatever school, with it; `hold` them against
/// other changes until the end of the transaction.
pub async fn waiting(
    conn: &impl ConnectionTrait,
    pupils: &[PersonId],
    hold: bool,
) -> Result<Vec<(SchoolId, Arrival)>, DbErr> {
    use sea_orm::QuerySelect;
    let mut query = arrival::Entity::find()
        .filter(arrival::Column::PupilId.is_in(pupils.iter().map(|one| one.uuid())))
        .filter(arrival::Column::AcceptedById.is_null());
    if hold && conn.get_database_backend() == DbBackend::Postgres {
        query = query.lock(LockType::Update);
    }
    let rows = query.all(conn).await?;
    let waiting = rows.into_iter().map(|row| {
        let school = SchoolId::from_uuid(row.school_id);
        Ok((school, read(row)?))
    });
    waiting.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

/// An arrival is accepted by an order of this school, or waits again.
pub async fn set_accepted(
    conn: &impl ConnectionTrait,
    to: School,
    arrival: (OrderId, PersonId),
    by: Option<OrderId>,
) -> Result<(), DbErr> {
    arrival::Entity::update_many()
        .col_expr(
            arrival::Column::AcceptedById,
            Expr::value(by.map(OrderId::uuid)),
        )
        .filter(arrival::Column::SchoolId.eq(to.uuid()))
        .filter(arrival::Column::OrderId.eq(arrival.0.uuid()))
        .filter(arrival::Column::PupilId.eq(arrival.1.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Arrivals that an order of this school accepted wait again.
pub async fn wait_again(
    conn: &impl ConnectionTrait,
    to: School,
    order: OrderId,
) -> Result<(), DbErr> {
    arrival::Entity::update_many()
        .col_expr(
            arrival::Column::AcceptedById,
            Expr::value(Option::<Uuid>::None),
        )
        .filter(arrival::Column::SchoolId.eq(to.uuid()))
        .filter(arrival::Column::AcceptedById.eq(order.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Takes the arrivals of a departure away: how many had been accepted, and stay.
pub async fn withdraw(conn: &impl ConnectionTrait, departure: OrderId) -> Result<u64, DbErr> {
    use sea_orm::PaginatorTrait;
    let of_order = || arrival::Column::OrderId.eq(departure.uuid());
    arrival::Entity::delete_many()
        .filter(of_order())
        .filter(arrival::Column::AcceptedById.is_null())
        .exec(conn)
        .await?;
    arrival::Entity::find().filter(of_order()).count(conn).await
}

/// Arrivals that wait in the school, in the order of the Russian alphabet, after a key;
/// `only`: of this pupil.
pub async fn page(
    conn: &impl ConnectionTrait,
    to: School,
    only: Option<&[PersonId]>,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Listed>, DbErr> {
    use arrival::Column as A;
    use person::Column as P;
    #[derive(FromQueryResult)]
    struct Row {
        pupil_id: Uuid,
        order_id: Uuid,
        from_school_id: Uuid,
        from_class_id: Uuid,
        last_day: String,
        surname: String,
        given_name: String,
        patronymic: String,
        sort_key: String,
        sex: i16,
        birth_date: Option<String>,
        school_title: String,
        class_title: String,
        grade: i16,
    }
    let own = |column: A| Expr::col((arrival::Entity, column));
    let card = |column: P| Expr::col((person::Entity, column));
    let class = |column: school_class::Column| Expr::col((school_class::Entity, column));
    let mut query = Query::select();
    query
        .columns(
            [
                A::PupilId,
                A::OrderId,
                A::FromSchoolId,
                A::FromClassId,
                A::LastDay,
            ]
            .map(|c| (arrival::Entity, c)),
        )
        .columns(
            [
                P::Surname,
                P::GivenName,
                P::Patronymic,
                P::SortKey,
                P::Sex,
                P::BirthDate,
            ]
            .map(|c| (person::Entity, c)),
        )
        .expr_as(
            Expr::col((school::Entity, school::Column::Title)),
            "school_title",
        )
        .expr_as(class(school_class::Column::Title), "class_title")
        .expr_as(class(school_class::Column::Grade), "grade")
        .from(arrival::Entity)
        .inner_join(
            person::Entity,
            Condition::all()
                .add(card(P::SchoolId).equals((arrival::Entity, A::FromSchoolId)))
                .add(card(P::PersonId).equals((arrival::Entity, A::PupilId))),
        )
        .inner_join(
            school::Entity,
            Expr::col((school::Entity, school::Column::SchoolId))
                .equals((arrival::Entity, A::FromSchoolId)),
        )
        .inner_join(
            school_class::Entity,
            Condition::all()
                .add(
                    class(school_class::Column::SchoolId)
                        .equals((arrival::Entity, A::FromSchoolId)),
                )
                .add(
                    class(school_class::Column::ClassId).equals((arrival::Entity, A::FromClassId)),
                ),
        )
        .and_where(own(A::SchoolId).eq(to.uuid()))
        .and_where(own(A::AcceptedById).is_null());
    if let Some(only) = only {
        query.and_where(own(A::PupilId).is_in(only.iter().map(|one| one.uuid())));
    }
    by_name(&mut query, after, limit);
    let rows = Row::find_by_statement(conn.get_database_backend().build(&query))
        .all(conn)
        .await?;
    let listed = rows.into_iter().map(|row| {
        Ok(Listed {
            arrival: Arrival {
                order: OrderId::from_uuid(row.order_id),
                pupil: PersonId::from_uuid(row.pupil_id),
                from_school: SchoolId::from_uuid(row.from_school_id),
                from_class: ClassId::from_uuid(row.from_class_id),
                last_day: column::read_date(("arrival", "last_day"), &row.last_day)?,
            },
            name: name(row.surname, row.given_name, row.patronymic),
            sex: column::read_sex(("person", "sex"), row.sex)?,
            birth_date: column::read_end(("person", "birth_date"), row.birth_date.as_deref())?,
            from_title: row.school_title,
            from_class: (
                row.class_title,
                column::read_small(("school_class", "grade"), row.grade)?,
            ),
            sort_key: row.sort_key,
        })
    });
    listed.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

fn read(row: arrival::Model) -> Result<Arrival, Corrupt> {
    Ok(Arrival {
        order: OrderId::from_uuid(row.order_id),
        pupil: PersonId::from_uuid(row.pupil_id),
        from_school: SchoolId::from_uuid(row.from_school_id),
        from_class: ClassId::from_uuid(row.from_class_id),
        last_day: column::read_date(("arrival", "last_day"), &row.last_day)?,
    })
}
