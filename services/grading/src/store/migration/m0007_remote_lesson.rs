//! The diary says which lessons are held remotely. Of a lesson that was made remote before, the
//! next change tells it.

super::migration!("grading_0007_remote_lesson", STATEMENTS);

const STATEMENTS: &[&str] =
    &["ALTER TABLE lesson ADD COLUMN remote boolean NOT NULL DEFAULT FALSE"];
