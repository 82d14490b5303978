//! The schema, one change per file. The text is the same for both databases but
//! for the clustered tables of SQLite.

mod m0001_calendar;
mod m0002_catalogue;
mod m0003_timetable;
mod m0004_lesson;
mod m0005_roster_copy;
mod m0006_lesson_plan;
mod m0007_timetable_versions;
mod m0008_study_document;
mod m0009_day_change;
mod m0010_school_event;
mod m0011_school_year;
mod m0013_group_end;
mod m0014_class_shift;
mod m0016_calendar_subscriptions;

use chassis::db::{Migrations, chassis_migrations};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::SchemaManager;

/// All migrations in order, chassis's own first.
pub fn migrations() -> Migrations {
    let mut all = chassis_migrations();
    all.push(Box::new(m0001_calendar::Migration));
    all.push(Box::new(m0002_catalogue::Migration));
    all.push(Box::new(m0003_timetable::Migration));
    all.push(Box::new(m0004_lesson::Migration));
    all.push(Box::new(m0005_roster_copy::Migration));
    all.push(Box::new(m0006_lesson_plan::Migration));
    all.push(Box::new(m0007_timetable_versions::Migration));
    all.push(Box::new(m0008_study_document::Migration));
    all.push(Box::new(m0009_day_change::Migration));
    all.push(Box::new(m0010_school_event::Migration));
    all.push(Box::new(m0011_school_year::Migration));
    all.push(Box::new(m0013_group_end::Migration));
    all.push(Box::new(m0014_class_shift::Migration));
    all.push(Box::new(m0016_calendar_subscriptions::Migration));
    all
}

/// Runs the statements. Tables are clustered by their key on SQLite: a school's
/// rows lie together, and there is no second index for the key.
async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    for sql in statements {
        let clustered = sqlite && sql.starts_with("CREATE TABLE");
        let sql = if clustered {
            format!("{sql} WITHOUT ROWID")
        } else {
            (*sql).to_owned()
        };
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
