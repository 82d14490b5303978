//! Versions of the timetable get ids, terms and approval; weekly lessons get their week, and
//! two of a group may stand at one time while a draft is made. Lessons that a new version
//! takes out (state 4) leave their slot. Memberships tell which groups share pupils: roster's
//! feed is read again from its beginning to know those that came before.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "schedule_0007_timetable_versions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await?;
        let copy = match manager.get_database_backend() {
            DbBackend::Postgres => copy("gen_random_uuid()", POSTGRES_MONDAY),
            _ => copy("randomblob(16)", SQLITE_MONDAY),
        };
        manager.get_connection().execute_unprepared(&copy).await?;
        super::run(manager, AFTER).await
    }
}

/// Monday of the week of the first day.
const POSTGRES_MONDAY: &str = "to_char(date_trunc('week', v.valid_from::date), 'YYYY-MM-DD')";
const SQLITE_MONDAY: &str = "date(v.valid_from, '-6 days', 'weekday 1')";

/// What was imported is approved, by nobody in particular.
fn copy(new_id: &str, monday: &str) -> String {
    format!(
        "INSERT INTO timetable (school_id, timetable_id, academic_year, number, title, cycle_weeks,
            cycle_starts_on, valid_from, approved_by, approved_us, entry_count, version)
        SELECT v.school_id, {new_id}, v.academic_year, v.number, '', 1, {monday}, v.valid_from,
            NULL, e.put_us,
            (SELECT CAST(count(*) AS integer) FROM timetable_entry t WHERE t.school_id = v.school_id
                AND t.academic_year = v.academic_year AND t.version_number = v.number), 1
        FROM timetable_version v JOIN school_year e
            ON e.school_id = v.school_id AND e.academic_year = v.academic_year"
    )
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE timetable (
        school_id uuid NOT NULL,
        timetable_id uuid NOT NULL,
        academic_year text NOT NULL,
        number integer NOT NULL,
        title text NOT NULL,
        cycle_weeks smallint NOT NULL,
        cycle_starts_on text NOT NULL,
        valid_from text,
        approved_by uuid,
        approved_us bigint,
        approve_by text,
        entry_count integer NOT NULL,
        version bigint NOT NULL,
        PRIMARY KEY (school_id, timetable_id))",
    "CREATE UNIQUE INDEX timetable_number ON timetable (school_id, academic_year, number)",
];

const AFTER: &[&str] = &[
    "DROP TABLE timetable_version",
    "DROP INDEX timetable_entry_group",
    "DROP INDEX timetable_entry_teacher",
    "ALTER TABLE timetable_entry ADD COLUMN week smallint NOT NULL DEFAULT 0",
    "CREATE INDEX timetable_entry_version ON timetable_entry (school_id, academic_year, version_number)",
    "DROP INDEX lesson_slot",
    "CREATE UNIQUE INDEX lesson_slot ON lesson (school_id, group_id, date, lesson_number) WHERE state < 3",
    "CREATE TABLE group_member (
        school_id uuid NOT NULL,
        group_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        starts_on text NOT NULL,
        ends_on text,
        PRIMARY KEY (school_id, group_id, pupil_id, starts_on))",
    "DELETE FROM feed_cursor WHERE producer = 'roster'",
];
