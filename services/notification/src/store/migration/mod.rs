//! Schema of notification, one change per file.

mod m0001_notices;
mod m0002_cells;
mod m0003_timetable;

use chassis::db::Migrations;

/// Notification's migrations in order.
pub fn all() -> Migrations {
    vec![
        Box::new(m0001_notices::Migration),
        Box::new(m0002_cells::Migration),
        Box::new(m0003_timetable::Migration),
    ]
}
