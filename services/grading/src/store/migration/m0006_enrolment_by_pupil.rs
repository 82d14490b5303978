//! A pupil may have been in several schools of the region.

super::migration!("grading_0006_enrolment_by_pupil", STATEMENTS);

const STATEMENTS: &[&str] = &["CREATE INDEX enrolment_pupil_anywhere ON enrolment (pupil_id)"];
