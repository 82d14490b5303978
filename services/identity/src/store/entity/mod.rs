//! Plain columns; nothing outside `store` sees them.

pub mod access_look;
pub mod account;
pub mod account_card;
pub mod challenge;
pub mod class_copy;
pub mod client_secret;
pub mod enrolment_copy;
pub mod guardian_copy;
pub mod invitation;
pub mod known_device;
pub mod login_attempt;
pub mod municipality_copy;
pub mod password_reset;
pub mod person_card;
pub mod recovery_code;
pub mod role_grant;
pub mod school_copy;
pub mod second_factor;
pub mod security_entry;
pub mod service_client;
pub mod session;
pub mod staff_copy;
