//! Schema of notification, one change per file.

mod m0001_notices;

use chassis::db::Migrations;

/// Notification's migrations in order.
pub fn all() -> Migrations {
    vec![Box::new(m0001_notices::Migration)]
}
