//! Roster's database: municipalities, schools, people, classes, orders, registries, consents, imports, witnessed
//! checkpoints. Every query on school rows takes the school.

mod column;
#[cfg(test)]
pub(crate) mod dump;
mod entity;
mod insert;
mod migration;
mod order_pupils;
mod school;

pub mod arrivals;
pub mod cards;
pub mod checkpoints;
pub mod classes;
pub mod consents;
pub mod groups;
pub mod guardians;
pub mod imports;
pub mod journal_modes;
pub mod municipalities;
pub mod order_effects;
pub mod orders;
pub mod people;
pub mod profiles;
pub mod pupils;
pub mod registries;
pub mod rollouts;
pub mod rollovers;
pub mod schools;
pub mod staff;
pub mod steps;
pub mod supervisions;

use chassis::db::Corrupt;
use sea_orm::DbErr;

pub use migration::migrations;
pub use school::{Owner, School};

/// Rows as records of the domain; one that cannot be one is named.
fn records<R, T>(rows: Vec<R>, read: impl FnMut(R) -> Result<T, Corrupt>) -> Result<Vec<T>, DbErr> {
    let read: Result<_, Corrupt> = rows.into_iter().map(read).collect();
    read.map_err(DbErr::from)
}

/// Present on the day: started, not ended.
macro_rules! present_on {
    ($table:ident, $day:expr) => {{
        use sea_orm::sea_query::ExprTrait as _;
        let starts_on = sea_orm::sea_query::Expr::col(($table::Entity, $table::Column::StartsOn));
        let ends_on = || sea_orm::sea_query::Expr::col(($table::Entity, $table::Column::EndsOn));
        let open = sea_orm::Condition::any()
            .add(ends_on().is_null())
            .add(ends_on().gte($day.to_string()));
        sea_orm::Condition::all()
            .add(starts_on.lte($day.to_string()))
            .add(open)
    }};
}
use present_on;
