//! For tests: what orders may change, row by row.

use std::fmt::Debug;

use sea_orm::{ConnectionTrait, EntityTrait, Iterable, PrimaryKeyToColumn, QueryOrder};

use super::entity::{
    arrival, enrolment, group_membership, guardian_link, person, school_class, study_group,
};

/// Every row of the tables that orders and rollovers write, in the order of the keys.
pub(crate) async fn dump(conn: &impl ConnectionTrait) -> Vec<String> {
    let mut rows = all::<person::Entity>(conn).await;
    rows.extend(all::<enrolment::Entity>(conn).await);
    rows.extend(all::<group_membership::Entity>(conn).await);
    rows.extend(all::<guardian_link::Entity>(conn).await);
    rows.extend(all::<arrival::Entity>(conn).await);
    rows.extend(all::<school_class::Entity>(conn).await);
    rows.extend(all::<study_group::Entity>(conn).await);
    rows
}

async fn all<E: EntityTrait<Model: Debug>>(conn: &impl ConnectionTrait) -> Vec<String> {
    let mut query = E::find();
    for key in E::PrimaryKey::iter() {
        query = query.order_by_asc(key.into_column());
    }
    let rows = query.all(conn).await.unwrap();
    rows.iter().map(|row| format!("{row:?}")).collect()
}
