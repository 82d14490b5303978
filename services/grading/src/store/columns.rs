//! Columns of a journal with their cells: what a decision about marks rests on.
//!
//! [`load`] reads everything by one statement; [`cells`] reads the cells and the
//! version of the facts by one, for a process that has the facts cached.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::tz::TimeZone;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value, sea_query::ArrayType,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, JournalId, LessonId, PersonId, SchoolId, SubjectId};

use super::{all, cell_text, corrupt, date, schools, time};
use crate::domain::{
    cell::Cell,
    lesson::{Column, Lesson, LessonState},
};

/// Which cell: lesson and pupil.
pub type CellKey = (LessonId, PersonId);

/// A column with the version of the facts that it was made of.
#[derive(Clone, Debug)]
pub struct KnownColumn {
    /// Lesson and members.
    pub column: Column,
    /// Zone of the school.
    pub zone: TimeZone,
    /// Version of the school's facts.
    pub version: i64,
    /// Cursors of the copies at that version.
    pub copy_cursor: String,
}

/// What one read brings.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Columns by lesson; a lesson that is not there is of no school or another.
    pub columns: HashMap<LessonId, Arc<KnownColumn>>,
    /// Cells that were ever saved.
    pub cells: HashMap<CellKey, Cell>,
    /// Cells with a correction request that waits.
    pub pending: HashSet<CellKey>,
}

/// State of a lesson by its number in the schedule's contract.
pub(super) fn state(number: i16) -> LessonState {
    match number {
        2 => LessonState::Moved,
        3 => LessonState::Cancelled,
        _ => LessonState::Planned,
    }
}

/// Columns of the lessons with all their members' cells.
pub async fn load(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    lessons: &[LessonId],
) -> Result<Loaded, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        facts_version: i64,
        time_zone: String,
        roster_cursor: String,
        schedule_cursor: String,
        lesson_id: Uuid,
        journal_id: Uuid,
        academic_year: i16,
        date: String,
        ends_at: String,
        last_end: Option<String>,
        grade: i16,
        class_id: Option<Uuid>,
        group_id: Uuid,
        subject_id: Uuid,
        state: i16,
        teacher_id: Option<Uuid>,
        substitute_id: Option<Uuid>,
        member_id: Option<Uuid>,
        revision: Option<i64>,
        marks: Option<String>,
        attendance: Option<String>,
        pending: bool,
    }
    let ids: Vec<Value> = lessons.iter().map(|lesson| lesson.uuid().into()).collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let cell = match conn.get_database_backend() {
        // See `wanted_arrays`.
        DbBackend::Postgres => {
            "LEFT JOIN LATERAL (SELECT revision, marks, attendance FROM cell
                WHERE school_id = l.school_id AND lesson_id = l.lesson_id AND pupil_id = m.pupil_id
                    AND academic_year = l.academic_year LIMIT 1) c ON true"
        }
        _ => {
            "LEFT JOIN cell c ON c.school_id = l.school_id AND c.lesson_id = l.lesson_id
                AND c.pupil_id = m.pupil_id AND c.academic_year = l.academic_year"
        }
    };
    let sql = format!(
        "SELECT s.facts_version, s.time_zone, s.roster_cursor, s.schedule_cursor,
            l.lesson_id, l.journal_id, l.academic_year, l.date, l.ends_at, l.grade, l.class_id, l.group_id,
            l.subject_id, l.state, l.teacher_id, l.substitute_id,
            (SELECT max(o.ends_at) FROM lesson o WHERE o.school_id = l.school_id
                AND o.day_unit = l.day_unit AND o.date = l.date AND o.state <> 3) AS last_end,
            m.pupil_id AS member_id, c.revision, c.marks, c.attendance,
            coalesce((SELECT true FROM correction_request r WHERE r.school_id = l.school_id
                AND r.lesson_id = l.lesson_id AND r.pupil_id = m.pupil_id AND r.state = 'PENDING'
                LIMIT 1), false) AS pending
        FROM school s
        JOIN lesson l ON l.school_id = s.school_id
        LEFT JOIN group_membership m ON m.school_id = l.school_id AND m.group_id = l.group_id
            AND m.starts_on <= l.date AND m.ends_on >= l.date
        {cell}
        WHERE s.school_id = ? AND l.lesson_id IN ({marks})"
    );
    let values = std::iter::once(school.uuid().into()).chain(ids);
    let rows: Vec<Row> = all(conn, &sql, values).await?;
    let mut columns: HashMap<LessonId, KnownColumn> = HashMap::new();
    let (mut cells, mut pending) = (HashMap::new(), HashSet::new());
    for row in rows {
        let id = LessonId::from_uuid(row.lesson_id);
        let known = match columns.entry(id) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let lesson = Lesson {
                    id,
                    school,
                    journal: JournalId::from_uuid(row.journal_id),
                    subject: SubjectId::from_uuid(row.subject_id),
                    academic_year: row.academic_year,
                    date: date("lesson", &row.date)?,
                    grade: u8::try_from(row.grade).map_err(|_| corrupt("lesson", id, "grade"))?,
                    class: row.class_id.map(ClassId::from_uuid),
                    group: GroupId::from_uuid(row.group_id),
                    state: state(row.state),
                    teacher: row.teacher_id.map(PersonId::from_uuid),
                    substitute: row.substitute_id.map(PersonId::from_uuid),
                    last_end: time("lesson", row.last_end.as_ref().unwrap_or(&row.ends_at))?,
                };
                place.insert(KnownColumn {
                    column: Column {
                        lesson,
                        members: HashSet::new(),
                    },
                    zone: schools::zone(&row.time_zone),
                    version: row.facts_version,
                    copy_cursor: schools::copy_cursor(&row.roster_cursor, &row.schedule_cursor),
                })
            }
        };
        let Some(member) = row.member_id.map(PersonId::from_uuid) else {
            continue;
        };
        known.column.members.insert(member);
        if row.pending {
            pending.insert((id, member));
        }
        if let (Some(revision), Some(marks), Some(attendance)) =
            (row.revision, row.marks, row.attendance)
        {
            let cell = cell_text::read(revision, &marks, &attendance, || format!("{id}/{member}"))?;
            cells.insert((id, member), cell);
        }
    }
    let columns = columns
        .into_iter()
        .map(|(id, known)| (id, Arc::new(known)))
        .collect();
    Ok(Loaded {
        columns,
        cells,
        pending,
    })
}

/// A cell by school, academic year, lesson and pupil.
pub type WantedCell = (SchoolId, i16, CellKey);

/// What [`cells`] brings.
#[derive(Debug, Default)]
pub struct LoadedCells {
    /// Versions of the schools' facts; none of a school that no copy knows.
    pub versions: HashMap<SchoolId, i64>,
    /// Cells that were ever saved.
    pub cells: HashMap<CellKey, Cell>,
    /// Cells with a correction request that waits.
    pub pending: HashSet<CellKey>,
}

impl LoadedCells {
    /// Takes out what one of several requests has wanted.
    pub fn of(&mut self, keys: &[CellKey], columns: HashMap<LessonId, Arc<KnownColumn>>) -> Loaded {
        let cells = keys.iter().filter_map(|key| self.cells.remove_entry(key));
        let cells = cells.collect();
        let pending = keys.iter().filter_map(|key| self.pending.take(key));
        Loaded {
            columns,
            cells,
            pending: pending.collect(),
        }
    }
}

/// The wanted cells with the versions of their schools' facts.
pub async fn cells(
    conn: &impl ConnectionTrait,
    wanted: &[WantedCell],
) -> Result<LoadedCells, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        school_id: Uuid,
        facts_version: i64,
        lesson_id: Uuid,
        pupil_id: Uuid,
        revision: Option<i64>,
        marks: Option<String>,
        attendance: Option<String>,
        pending: bool,
    }
    let query = match conn.get_database_backend() {
        DbBackend::Postgres => wanted_arrays(wanted),
        backend => wanted_values(backend, wanted),
    };
    let mut loaded = LoadedCells {
        cells: HashMap::with_capacity(wanted.len()),
        ..LoadedCells::default()
    };
    for row in conn.query_all_raw(query).await? {
        let row = Row::from_query_result(&row, "")?;
        let school = SchoolId::from_uuid(row.school_id);
        loaded.versions.insert(school, row.facts_version);
        let key = (
            LessonId::from_uuid(row.lesson_id),
            PersonId::from_uuid(row.pupil_id),
        );
        if let (Some(revision), Some(marks), Some(attendance)) =
            (row.revision, row.marks, row.attendance)
        {
            let cell = cell_text::read(revision, &marks, &attendance, || {
                format!("{}/{}", key.0, key.1)
            })?;
            loaded.cells.insert(key, cell);
        }
        if row.pending {
            loaded.pending.insert(key);
        }
    }
    Ok(loaded)
}

/// One text for any number of cells.
fn wanted_arrays(wanted: &[WantedCell]) -> Statement {
    // LATERAL and scalar: cell by cell by its key. A plan that was made while the
    // year's partition was empty would else read all of it for each save.
    const SQL: &str = "SELECT w.school_id, s.facts_version, w.lesson_id, w.pupil_id, c.revision, c.marks, c.attendance,
            coalesce((SELECT true FROM correction_request r WHERE r.school_id = w.school_id
                AND r.lesson_id = w.lesson_id AND r.pupil_id = w.pupil_id AND r.state = 'PENDING'
                LIMIT 1), false) AS pending
        FROM unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::uuid[])
            AS w (school_id, academic_year, lesson_id, pupil_id)
        JOIN LATERAL (SELECT facts_version FROM school WHERE school_id = w.school_id LIMIT 1) s ON true
        LEFT JOIN LATERAL (SELECT revision, marks, attendance FROM cell WHERE school_id = w.school_id
            AND lesson_id = w.lesson_id AND pupil_id = w.pupil_id
            AND academic_year = w.academic_year LIMIT 1) c ON true";
    let array = |kind, column: fn(&WantedCell) -> Value| {
        Value::Array(kind, Some(Box::new(wanted.iter().map(column).collect())))
    };
    let values = [
        array(ArrayType::Uuid, |(school, ..)| school.uuid().into()),
        array(ArrayType::SmallInt, |(_, year, _)| (*year).into()),
        array(ArrayType::Uuid, |(.., (lesson, _))| lesson.uuid().into()),
        array(ArrayType::Uuid, |(.., (_, pupil))| pupil.uuid().into()),
    ];
    Statement::from_sql_and_values(DbBackend::Postgres, SQL, values)
}

fn wanted_values(backend: DbBackend, wanted: &[WantedCell]) -> Statement {
    let mut padded: Vec<WantedCell> = wanted.to_vec();
    if let Some(last) = wanted.last() {
        // Few texts to prepare; a repeated key is read twice into one place.
        padded.resize(wanted.len().next_power_of_two(), *last);
    }
    let rows = vec!["(?, ?, ?, ?)"; padded.len()].join(", ");
    let sql = format!(
        "WITH w (school_id, academic_year, lesson_id, pupil_id) AS (VALUES {rows})
        SELECT w.school_id, s.facts_version, w.lesson_id, w.pupil_id, c.revision, c.marks, c.attendance,
            EXISTS (SELECT 1 FROM correction_request r WHERE r.school_id = w.school_id
                AND r.lesson_id = w.lesson_id AND r.pupil_id = w.pupil_id AND r.state = 'PENDING') AS pending
        FROM w CROSS JOIN school s ON s.school_id = w.school_id
        LEFT JOIN cell c ON c.school_id = w.school_id AND c.lesson_id = w.lesson_id
            AND c.pupil_id = w.pupil_id AND c.academic_year = w.academic_year"
    );
    let values = padded.iter().flat_map(|(school, year, (lesson, pupil))| {
        [
            Value::from(school.uuid()),
            Value::from(*year),
            Value::from(lesson.uuid()),
            Value::from(pupil.uuid()),
        ]
    });
    chassis::db::statement(backend, &sql, values.collect::<Vec<_>>())
}
