//! What grading keeps of roster: schools, names, classes, groups, who is where.
//!
//! An open end is stored as 9999-12-31, so that "in force on a day" is two
//! comparisons.

super::migration!("grading_0001_roster_copy", STATEMENTS);

const STATEMENTS: &[&str] = &[
    // `facts_version` grows with each change of lessons, memberships or the zone:
    // what a process has cached of them is checked by it inside the transaction.
    "CREATE TABLE school (
        school_id uuid PRIMARY KEY,
        time_zone text NOT NULL,
        academic_year smallint NOT NULL,
        facts_version bigint NOT NULL,
        roster_cursor text NOT NULL,
        schedule_cursor text NOT NULL)",
    // The one table of names; erasure clears it.
    "CREATE TABLE person_card (
        school_id uuid NOT NULL,
        person_id uuid NOT NULL,
        surname text NOT NULL,
        given_name text NOT NULL,
        patronymic text NOT NULL,
        sort_key text {bytewise} NOT NULL,
        PRIMARY KEY (school_id, person_id))",
    // A directory, not rows of a school: a family asks by the child alone.
    "CREATE TABLE pupil_school (
        pupil_id uuid PRIMARY KEY,
        school_id uuid NOT NULL)",
    "CREATE TABLE school_class (
        school_id uuid NOT NULL,
        class_id uuid NOT NULL,
        academic_year smallint NOT NULL,
        grade smallint NOT NULL,
        title text NOT NULL,
        class_teacher_id uuid,
        PRIMARY KEY (school_id, class_id))",
    "CREATE TABLE study_group (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        academic_year smallint NOT NULL,
        title text NOT NULL,
        class_id uuid,
        PRIMARY KEY (school_id, group_id))",
    "CREATE TABLE enrolment (
        school_id uuid NOT NULL,
        enrolment_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        class_id uuid,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        PRIMARY KEY (school_id, enrolment_id))",
    "CREATE INDEX enrolment_pupil ON enrolment (school_id, pupil_id)",
    "CREATE TABLE group_membership (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        PRIMARY KEY (school_id, group_id, pupil_id, starts_on))",
    "CREATE INDEX group_membership_pupil ON group_membership (school_id, pupil_id)",
    "CREATE TABLE guardian_link (
        school_id uuid NOT NULL,
        guardian_link_id uuid NOT NULL,
        guardian_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        is_representative boolean NOT NULL,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        PRIMARY KEY (school_id, guardian_link_id))",
    "CREATE INDEX guardian_link_pupil ON guardian_link (school_id, pupil_id)",
    "CREATE TABLE supervision (
        school_id uuid NOT NULL,
        supervision_id uuid NOT NULL,
        person_id uuid NOT NULL,
        grade_from smallint NOT NULL,
        grade_to smallint NOT NULL,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        PRIMARY KEY (school_id, supervision_id))",
];
