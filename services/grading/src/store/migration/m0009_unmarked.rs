//! Journals without marks: of a group without marks, or of a subject that has none. Of journals
//! that were open before, the next change of group, load or lessons tells it.

super::migration!("grading_0009_unmarked", STATEMENTS);

const STATEMENTS: &[&str] = &[
    "ALTER TABLE study_group ADD COLUMN grade smallint NOT NULL DEFAULT 0",
    "ALTER TABLE study_group ADD COLUMN unmarked boolean NOT NULL DEFAULT FALSE",
    "ALTER TABLE journal ADD COLUMN unmarked boolean NOT NULL DEFAULT FALSE",
];
