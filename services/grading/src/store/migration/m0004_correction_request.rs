//! Correction requests: the change that is wanted, who asked, who decided.

super::migration!("grading_0004_correction_request", STATEMENTS);

const STATEMENTS: &[&str] = &[
    "CREATE TABLE correction_request (
        school_id uuid NOT NULL,
        correction_request_id uuid NOT NULL,
        academic_year smallint NOT NULL,
        journal_id uuid NOT NULL,
        grade smallint NOT NULL,
        lesson_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        part smallint NOT NULL,
        kind smallint NOT NULL,
        comment text NOT NULL,
        base_revision bigint NOT NULL,
        client_us bigint NOT NULL,
        old_value text NOT NULL,
        new_value text NOT NULL,
        reason text NOT NULL,
        author_id uuid NOT NULL,
        requested_us bigint NOT NULL,
        state text NOT NULL,
        decided_by uuid,
        decided_us bigint NOT NULL,
        note text NOT NULL,
        PRIMARY KEY (school_id, correction_request_id))",
    // One part of a cell waits for one decision at a time.
    "CREATE UNIQUE INDEX correction_request_pending ON correction_request (school_id, lesson_id, pupil_id, part)
        WHERE state = 'PENDING'",
    "CREATE INDEX correction_request_lesson ON correction_request (school_id, lesson_id)",
    "CREATE INDEX correction_request_newest ON correction_request (school_id, requested_us, correction_request_id)",
];
