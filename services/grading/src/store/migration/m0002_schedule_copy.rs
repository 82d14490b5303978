//! What grading keeps of schedule: calendar, loads, dated lessons.

super::migration!("grading_0002_schedule_copy", STATEMENTS);

const STATEMENTS: &[&str] = &[
    "CREATE TABLE period (
        school_id uuid NOT NULL,
        period_id uuid NOT NULL,
        academic_year smallint NOT NULL,
        title text NOT NULL,
        kind smallint NOT NULL,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        grade_from smallint NOT NULL,
        grade_to smallint NOT NULL,
        PRIMARY KEY (school_id, period_id))",
    "CREATE INDEX period_year ON period (school_id, academic_year)",
    "CREATE TABLE day_off (
        school_id uuid NOT NULL,
        date text NOT NULL,
        academic_year smallint NOT NULL,
        title text NOT NULL,
        PRIMARY KEY (school_id, date, academic_year))",
    "CREATE TABLE teaching_load (
        school_id uuid NOT NULL,
        teaching_load_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        teacher_id uuid NOT NULL,
        starts_on text NOT NULL,
        ends_on text NOT NULL,
        PRIMARY KEY (school_id, teaching_load_id))",
    "CREATE INDEX teaching_load_journal ON teaching_load (school_id, journal_id)",
    "CREATE INDEX teaching_load_teacher ON teaching_load (school_id, teacher_id)",
    // `day_unit`: the class, or the group where it is of several classes. Its last
    // lesson of the day starts the clock of the entry.
    "CREATE TABLE lesson (
        school_id uuid NOT NULL,
        lesson_id uuid NOT NULL,
        academic_year smallint NOT NULL,
        journal_id uuid NOT NULL,
        date text NOT NULL,
        lesson_number smallint NOT NULL,
        starts_at text NOT NULL,
        ends_at text NOT NULL,
        group_id uuid NOT NULL,
        class_id uuid,
        day_unit uuid NOT NULL,
        grade smallint NOT NULL,
        subject_id uuid NOT NULL,
        subject_title text NOT NULL,
        teacher_id uuid,
        substitute_id uuid,
        room text NOT NULL,
        state smallint NOT NULL,
        PRIMARY KEY (school_id, lesson_id))",
    "CREATE INDEX lesson_journal ON lesson (school_id, journal_id, date, lesson_number)",
    "CREATE INDEX lesson_group ON lesson (school_id, group_id, date)",
    "CREATE INDEX lesson_day_unit ON lesson (school_id, day_unit, date, ends_at)",
    "CREATE INDEX lesson_teacher ON lesson (school_id, teacher_id, date)",
    "CREATE INDEX lesson_substitute ON lesson (school_id, substitute_id, date) WHERE substitute_id IS NOT NULL",
];
