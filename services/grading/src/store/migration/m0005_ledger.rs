//! The ledger. Its rows are only ever inserted (erasure clears `salt` and
//! `personal_text`, which no hash depends on), so that a database role without
//! UPDATE and DELETE can run the service.
//!
//! The checkpoint holds the keys and leaves of the entries that it added to its
//! day's tree: numbering an entry writes no row of its own.

super::migration!("grading_0005_ledger", STATEMENTS, partition "ledger_entry");

const STATEMENTS: &[&str] = &[
    "CREATE TABLE ledger_entry (
        school_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        change_id uuid NOT NULL,
        nth smallint NOT NULL,
        academic_year smallint NOT NULL,
        day text NOT NULL,
        subject smallint NOT NULL,
        pupil_id uuid NOT NULL,
        slot smallint NOT NULL,
        old_value text NOT NULL,
        new_value text NOT NULL,
        kind smallint NOT NULL,
        revision bigint NOT NULL,
        commitment {bytes} NOT NULL,
        salt {bytes} NOT NULL,
        personal_text text NOT NULL,
        author_id uuid NOT NULL,
        recorded_us bigint NOT NULL,
        client_us bigint NOT NULL,
        late boolean NOT NULL,
        correction_request_id uuid NOT NULL,
        session_id uuid NOT NULL,
        policy_id text NOT NULL,
        copy_cursor text NOT NULL,
        seal {bytes} NOT NULL,
        PRIMARY KEY (school_id, lesson_id, change_id, nth, academic_year)) {by_year}",
    // `entries`: 34 bytes each (lesson, change, nth); `leaves`: 32 bytes each;
    // `frontier`: roots of the complete subtrees after them.
    "CREATE TABLE ledger_checkpoint (
        school_id uuid NOT NULL,
        day text NOT NULL,
        tree_size bigint NOT NULL,
        first_sequence bigint NOT NULL,
        root {bytes} NOT NULL,
        note text NOT NULL,
        signed_us bigint NOT NULL,
        entries {bytes} NOT NULL,
        leaves {bytes} NOT NULL,
        frontier {bytes} NOT NULL,
        PRIMARY KEY (school_id, day, tree_size))",
    // How far the own feed has been taken into checkpoints.
    "CREATE TABLE ledger_progress (
        one smallint PRIMARY KEY CHECK (one = 1),
        position bigint NOT NULL)",
    "INSERT INTO ledger_progress (one, position) VALUES (1, 0)",
];
