//! Schema of identity, one change per file.

mod m0001_accounts;
mod m0002_copies;
mod m0003_second_factor;
mod m0004_password_reset;
mod m0005_enrolment_by_pupil;
mod m0006_step_up;
mod m0007_access_log;
mod m0008_service_clients;
mod m0009_municipalities;

use chassis::db::Migrations;

/// Identity's migrations in order.
pub fn all() -> Migrations {
    vec![
        Box::new(m0001_accounts::Migration),
        Box::new(m0002_copies::Migration),
        Box::new(m0003_second_factor::Migration),
        Box::new(m0004_password_reset::Migration),
        Box::new(m0005_enrolment_by_pupil::Migration),
        Box::new(m0006_step_up::Migration),
        Box::new(m0007_access_log::Migration),
        Box::new(m0008_service_clients::Migration),
        Box::new(m0009_municipalities::Migration),
    ]
}
