//! Schema of notification, one change per file.

mod m0001_notices;
mod m0002_cells;

use chassis::db::Migrations;

/// Notification's migrations in order.
pub fn all() -> Migrations {
    vec![
        Box::new(m0001_notices::Migration),
        Box::new(m0002_cells::Migration),
    ]
}
