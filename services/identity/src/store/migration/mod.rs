//! Schema of identity, one change per file.

mod m0001_accounts;
mod m0002_copies;

use chassis::db::Migrations;

/// Identity's migrations in order.
pub fn all() -> Migrations {
    vec![
        Box::new(m0001_accounts::Migration),
        Box::new(m0002_copies::Migration),
    ]
}
