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
    ConnectionTrait, DbBackend, DbErr, FromQueryResult, QueryResult, Statement, Value,
    sea_query::ArrayType,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, JournalId, LessonId, PersonId, SchoolId, SubjectId};

use super::{cell_text, corrupt, date, schools, time};
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

/// Facts of lessons, then their members, cells and waiting requests: four parts of one
/// statement, each found by its key; the texts that a part has not are empty.
fn facts_sql(lessons: &str) -> String {
    format!(
        "SELECT 0 AS part, l.lesson_id, NULL AS pupil_id, s.facts_version AS number,
            s.time_zone AS one, s.roster_cursor AS two, s.schedule_cursor AS three,
            l.date AS four, l.ends_at AS five,
            (SELECT max(o.ends_at) FROM lesson o WHERE o.school_id = l.school_id
                AND o.day_unit = l.day_unit AND o.date = l.date AND o.state <> 3) AS six,
            l.academic_year, l.grade, l.state, l.journal_id, l.class_id, l.group_id,
            l.subject_id, l.teacher_id, l.substitute_id,
            coalesce((SELECT CASE WHEN j.unmarked THEN 1 ELSE 0 END FROM journal j
                WHERE j.school_id = l.school_id AND j.journal_id = l.journal_id), 0) AS unmarked
        FROM lesson l JOIN school s ON s.school_id = l.school_id
        WHERE l.school_id = ? AND l.lesson_id IN ({lessons})
        UNION ALL SELECT 1, l.lesson_id, m.pupil_id,
            CASE WHEN EXISTS (SELECT 1 FROM paper_journal j WHERE j.school_id = m.school_id
                AND j.pupil_id = m.pupil_id AND j.starts_on <= l.date AND j.ends_on >= l.date) THEN 1 ELSE 0 END,
            '', '', '', '', '', NULL,
            CAST(0 AS smallint), CAST(0 AS smallint), CAST(0 AS smallint), NULL, NULL, NULL, NULL, NULL, NULL, 0
        FROM lesson l JOIN group_membership m ON m.school_id = l.school_id AND m.group_id = l.group_id
            AND m.starts_on <= l.date AND m.ends_on >= l.date
        WHERE l.school_id = ? AND l.lesson_id IN ({lessons})
        UNION ALL SELECT 2, c.lesson_id, c.pupil_id, c.revision, c.marks, c.attendance, '', '', '', NULL,
            c.academic_year, CAST(0 AS smallint), CAST(0 AS smallint), NULL, NULL, NULL, NULL, NULL, NULL, 0
        FROM cell c WHERE c.school_id = ? AND c.lesson_id IN ({lessons})
        UNION ALL SELECT 3, r.lesson_id, r.pupil_id, 0, '', '', '', '', '', NULL,
            CAST(0 AS smallint), CAST(0 AS smallint), CAST(0 AS smallint), NULL, NULL, NULL, NULL, NULL, NULL, 0
        FROM correction_request r WHERE r.school_id = ? AND r.lesson_id IN ({lessons})
            AND r.state = 'PENDING'
        ORDER BY 1"
    )
}

/// Columns of the lessons with all their members' cells.
pub async fn load(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    lessons: &[LessonId],
) -> Result<Loaded, DbErr> {
    let ids: Vec<Value> = lessons.iter().map(|lesson| lesson.uuid().into()).collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let part = || std::iter::once(Value::from(school.uuid())).chain(ids.iter().cloned());
    let values: Vec<Value> = (0..4).flat_map(|_| part()).collect();
    let query = chassis::db::statement(conn.get_database_backend(), &facts_sql(&marks), values);
    let mut columns: HashMap<LessonId, KnownColumn> = HashMap::new();
    let mut loaded = Loaded::default();
    for row in conn.query_all_raw(query).await? {
        let part: i32 = row.try_get_by_index(0)?;
        let id = LessonId::from_uuid(row.try_get_by_index(1)?);
        if part == 0 {
            columns.insert(id, fact(school, id, &row)?);
            continue;
        }
        let pupil = PersonId::from_uuid(row.try_get_by_index(2)?);
        let Some(known) = columns.get_mut(&id) else {
            continue;
        };
        match part {
            1 => {
                known.column.members.insert(pupil);
                let on_paper: i64 = row.try_get_by_index(3)?;
                if on_paper != 0 {
                    known.column.on_paper.insert(pupil);
                }
            }
            2 => {
                let year: i16 = row.try_get("", "academic_year")?;
                if year == known.column.lesson.academic_year {
                    let revision = row.try_get("", "number")?;
                    let texts: (String, String) =
                        (row.try_get("", "one")?, row.try_get("", "two")?);
                    let cell =
                        cell_text::read(revision, &texts.0, &texts.1, || format!("{id}/{pupil}"))?;
                    loaded.cells.insert((id, pupil), cell);
                }
            }
            _ => {
                loaded.pending.insert((id, pupil));
            }
        }
    }
    // What is decided upon are the cells of members alone.
    let of_member = |(lesson, pupil): &CellKey| {
        let known = columns.get(lesson);
        known.is_some_and(|known| known.column.members.contains(pupil))
    };
    loaded.cells.retain(|key, _| of_member(key));
    loaded.pending.retain(of_member);
    loaded.columns = columns
        .into_iter()
        .map(|(id, known)| (id, Arc::new(known)))
        .collect();
    Ok(loaded)
}

/// A row of the first part.
fn fact(school: SchoolId, id: LessonId, row: &QueryResult) -> Result<KnownColumn, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        number: i64,
        one: String,
        two: String,
        three: String,
        four: String,
        five: String,
        six: Option<String>,
        academic_year: i16,
        grade: i16,
        state: i16,
        journal_id: Uuid,
        class_id: Option<Uuid>,
        group_id: Uuid,
        subject_id: Uuid,
        teacher_id: Option<Uuid>,
        substitute_id: Option<Uuid>,
        unmarked: i32,
    }
    let row = Row::from_query_result(row, "")?;
    let lesson = Lesson {
        id,
        school,
        journal: JournalId::from_uuid(row.journal_id),
        subject: SubjectId::from_uuid(row.subject_id),
        academic_year: row.academic_year,
        date: date("lesson", &row.four)?,
        grade: u8::try_from(row.grade).map_err(|_| corrupt("lesson", id, "grade"))?,
        class: row.class_id.map(ClassId::from_uuid),
        group: GroupId::from_uuid(row.group_id),
        state: state(row.state),
        teacher: row.teacher_id.map(PersonId::from_uuid),
        substitute: row.substitute_id.map(PersonId::from_uuid),
        last_end: time("lesson", row.six.as_ref().unwrap_or(&row.five))?,
        unmarked: row.unmarked != 0,
    };
    Ok(KnownColumn {
        column: Column {
            lesson,
            members: HashSet::new(),
            on_paper: HashSet::new(),
        },
        zone: schools::zone(&row.one),
        version: row.number,
        copy_cursor: schools::copy_cursor(&row.two, &row.three),
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
    let kinds = [
        ArrayType::Uuid,
        ArrayType::SmallInt,
        ArrayType::Uuid,
        ArrayType::Uuid,
    ];
    let values = chassis::db::arrays::arrays(&kinds, wanted.iter().map(wanted_row));
    Statement::from_sql_and_values(DbBackend::Postgres, SQL, values)
}

fn wanted_row((school, year, (lesson, pupil)): &WantedCell) -> [Value; 4] {
    [
        school.uuid().into(),
        (*year).into(),
        lesson.uuid().into(),
        pupil.uuid().into(),
    ]
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
    let values = padded.iter().flat_map(wanted_row);
    chassis::db::statement(backend, &sql, values.collect::<Vec<_>>())
}
