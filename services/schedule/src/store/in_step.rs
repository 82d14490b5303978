//! Dated lessons of many days at once, brought in step with a version of the timetable.

use std::collections::{BTreeMap, HashMap};

use chassis::db::{Corrupt, from_micros, micros, upsert};
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, LessonId, PersonId, SubjectId};

use super::School;
use super::column;
use super::entity::lesson;
use super::ground::Titles;
use super::lessons::{self, CANCELLED, LessonView, PLANNED, REMOVED};
use crate::domain::academic_year::AcademicYear;
use crate::domain::timetable::conflicts::Ground;
use crate::domain::timetable::in_step::{Held, Key, Shape, Standing, Step, Wanted};

/// Most ids of one statement.
const CHUNK: usize = 1_000;

/// The dated lessons of some days as they are stored.
#[derive(Debug, Default)]
pub struct Dated {
    rows: HashMap<LessonId, lesson::Model>,
}

/// Lessons of a school's year from a day to a day, both inclusive, those that were taken
/// out included. `keep` keeps them from others until the transaction ends.
pub async fn read(
    conn: &impl ConnectionTrait,
    (school, year): (School, AcademicYear),
    (from, to): (Date, Date),
    keep: bool,
) -> Result<Dated, DbErr> {
    let mut query = lesson::Entity::find()
        .filter(lesson::Column::SchoolId.eq(school.uuid()))
        .filter(lesson::Column::AcademicYear.eq(year.to_string()))
        .filter(lesson::Column::Date.gte(column::date(from)))
        .filter(lesson::Column::Date.lte(column::date(to)));
    if keep {
        query = query.lock(LockType::Update);
    }
    let rows = query.all(conn).await?.into_iter();
    Ok(Dated {
        rows: rows
            .map(|row| (LessonId::from_uuid(row.lesson_id), row))
            .collect(),
    })
}

impl Dated {
    /// As the domain sees them.
    pub fn held(&self) -> Result<BTreeMap<Key, Vec<Held>>, DbErr> {
        let mut held: BTreeMap<Key, Vec<Held>> = BTreeMap::new();
        for row in self.rows.values() {
            let key = (
                column::read("lesson", "date", &row.date)?,
                GroupId::from_uuid(row.group_id),
                SubjectId::from_uuid(row.subject_id),
            );
            held.entry(key).or_default().push(read_held(row)?);
        }
        Ok(held)
    }

    /// Takes the steps `at` an instant; the lessons that changed, by date and number.
    pub async fn take(
        mut self,
        conn: &impl ConnectionTrait,
        (school, year): (School, AcademicYear),
        (steps, at): (&[Step], Timestamp),
        new_id: &mut (impl FnMut() -> LessonId + Send),
    ) -> Result<Changed, DbErr> {
        let mut rows = Vec::with_capacity(steps.len());
        let mut known = Vec::new();
        for step in steps {
            let row = match *step {
                Step::Add((date, group, subject), wanted) => {
                    let place = (date, group, subject);
                    shaped(blank(school, year, new_id(), place), wanted)
                }
                Step::Change(id, wanted, substitute) => {
                    let row = self.known(id)?;
                    known.push(id.uuid());
                    changed(row, wanted, substitute)
                }
                Step::Remove(id) => {
                    let row = self.known(id)?;
                    known.push(id.uuid());
                    lesson::Model {
                        state: REMOVED,
                        version: row.version + 1,
                        ..row
                    }
                }
            };
            rows.push(lesson::Model {
                changed_us: Some(micros(at)),
                ..row
            });
        }
        leave_slots(conn, school, &known).await?;
        upsert::<lesson::Entity, _>(conn, rows.clone()).await?;
        rows.sort_by(|a, b| (&a.date, a.lesson_number).cmp(&(&b.date, b.lesson_number)));
        Ok(Changed { rows })
    }

    fn known(&mut self, id: LessonId) -> Result<lesson::Model, Corrupt> {
        let row = self.rows.remove(&id);
        row.ok_or_else(|| Corrupt::new("lesson", "lesson_id", id))
    }
}

/// Lessons after the steps.
#[derive(Debug)]
pub struct Changed {
    rows: Vec<lesson::Model>,
}

impl Changed {
    /// As people see them.
    pub fn views(self, ground: &Ground, titles: &Titles) -> Result<Vec<LessonView>, DbErr> {
        let view = |row: lesson::Model| {
            let group = GroupId::from_uuid(row.group_id);
            let known = ground.groups.get(&group);
            let known = known.ok_or_else(|| Corrupt::new("lesson", "group_id", group))?;
            let (group_title, class) = titles.groups.get(&group).cloned().unwrap_or_default();
            let subject = titles.subjects.get(&SubjectId::from_uuid(row.subject_id));
            Ok(LessonView {
                academic_year: row.academic_year.clone(),
                number: column::read_small("lesson", "lesson_number", row.lesson_number)?,
                group_title,
                class,
                grade: known.grade,
                subject_title: subject.cloned().unwrap_or_default(),
                room: titles.room(row.room_id),
                changed_at: row.changed_us.map(from_micros),
                lesson: lessons::read(row)?,
            })
        };
        self.rows.into_iter().map(view).collect()
    }
}

/// A group has one lesson in a slot: lessons that change places leave theirs first.
async fn leave_slots(
    conn: &impl ConnectionTrait,
    school: School,
    ids: &[Uuid],
) -> Result<(), DbErr> {
    for chunk in ids.chunks(CHUNK) {
        lesson::Entity::update_many()
            .col_expr(lesson::Column::State, Expr::value(REMOVED))
            .filter(lesson::Column::SchoolId.eq(school.uuid()))
            .filter(lesson::Column::LessonId.is_in(chunk.iter().copied()))
            .exec(conn)
            .await?;
    }
    Ok(())
}

fn blank(
    school: School,
    year: AcademicYear,
    id: LessonId,
    (date, group, subject): Key,
) -> lesson::Model {
    lesson::Model {
        school_id: school.uuid(),
        lesson_id: id.uuid(),
        academic_year: year.to_string(),
        date: column::date(date),
        lesson_number: 0,
        starts_at: String::new(),
        ends_at: String::new(),
        group_id: group.uuid(),
        subject_id: subject.uuid(),
        teacher_id: Uuid::nil(),
        substitute_id: None,
        room_id: None,
        timetable_entry_id: None,
        state: PLANNED,
        state_reason: String::new(),
        version: 1,
        remote: false,
        changed_us: None,
    }
}

fn changed(row: lesson::Model, wanted: Wanted, substitute: Option<PersonId>) -> lesson::Model {
    let state_reason = match substitute {
        Some(_) => row.state_reason.clone(),
        None => String::new(),
    };
    lesson::Model {
        substitute_id: substitute.map(|person| person.uuid()),
        state: PLANNED,
        state_reason,
        version: row.version + 1,
        ..shaped(row, wanted)
    }
}

fn shaped(row: lesson::Model, wanted: Wanted) -> lesson::Model {
    let shape = wanted.shape;
    lesson::Model {
        lesson_number: column::small(shape.number),
        starts_at: shape.starts_at.to_string(),
        ends_at: shape.ends_at.to_string(),
        teacher_id: shape.teacher.uuid(),
        room_id: shape.room,
        timetable_entry_id: Some(wanted.entry.uuid()),
        ..row
    }
}

fn read_held(row: &lesson::Model) -> Result<Held, Corrupt> {
    let standing = match row.state {
        PLANNED => Standing::Planned(row.substitute_id.map(PersonId::from_uuid)),
        CANCELLED => Standing::Cancelled,
        REMOVED => Standing::Removed,
        other => return Err(Corrupt::new("lesson", "state", other)),
    };
    Ok(Held {
        id: LessonId::from_uuid(row.lesson_id),
        shape: Shape {
            number: column::read_small("lesson", "lesson_number", row.lesson_number)?,
            starts_at: column::read("lesson", "starts_at", &row.starts_at)?,
            ends_at: column::read("lesson", "ends_at", &row.ends_at)?,
            teacher: PersonId::from_uuid(row.teacher_id),
            room: row.room_id,
        },
        standing,
    })
}
