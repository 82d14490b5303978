//! Days on which a pupil's journal is kept on paper, of roster's decisions (R34).

super::migration!("grading_0008_paper_journal", STATEMENTS);

const STATEMENTS: &[&str] = &[
    "CREATE TABLE paper_journal (
        school_id uuid NOT NULL,
        mode_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        PRIMARY KEY (school_id, mode_id))",
    "CREATE INDEX paper_journal_pupil ON paper_journal (school_id, pupil_id)",
];
