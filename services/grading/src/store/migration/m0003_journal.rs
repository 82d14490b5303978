//! Journals, what was done at lessons, and the cells.
//!
//! A cell is one row: attendance and marks of a pupil at a lesson change together
//! (R32), events tell the whole cell, and one row version guards it.

super::migration!("grading_0003_journal", STATEMENTS, partition "cell");

const STATEMENTS: &[&str] = &[
    "CREATE TABLE journal (
        school_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        academic_year smallint NOT NULL,
        group_id uuid NOT NULL,
        group_title text NOT NULL,
        class_id uuid,
        grade smallint NOT NULL,
        subject_id uuid NOT NULL,
        subject_title text NOT NULL,
        sort_key text {bytewise} NOT NULL,
        PRIMARY KEY (school_id, journal_id))",
    "CREATE UNIQUE INDEX journal_of ON journal (school_id, academic_year, group_id, subject_id)",
    "CREATE INDEX journal_order ON journal (school_id, sort_key, journal_id)",
    "CREATE TABLE lesson_entry (
        school_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        academic_year smallint NOT NULL,
        topic text NOT NULL,
        homework text NOT NULL,
        homework_minutes smallint NOT NULL,
        control_kind smallint NOT NULL,
        recorded_late boolean NOT NULL,
        version bigint NOT NULL,
        set_us bigint NOT NULL,
        set_by uuid NOT NULL,
        first_us bigint NOT NULL,
        late boolean NOT NULL,
        before text NOT NULL,
        PRIMARY KEY (school_id, lesson_id))",
    // `marks`: JSON array of slots; `attendance`: JSON object, or empty when never taken.
    "CREATE TABLE cell (
        school_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        academic_year smallint NOT NULL,
        date text NOT NULL,
        revision bigint NOT NULL,
        marks text NOT NULL,
        attendance text NOT NULL,
        PRIMARY KEY (school_id, lesson_id, pupil_id, academic_year)) {by_year}",
    "CREATE INDEX cell_pupil ON cell (school_id, pupil_id, date)",
];
