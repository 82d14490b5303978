//! Versions of the weekly timetable and their lessons.

use chassis::db::{Corrupt, from_micros, micros, upsert};
use jiff::civil::Date;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, LockType, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType, QueryFilter,
    QueryOrder, QueryResult, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SubjectId, TimetableEntryId, TimetableId};

use super::School;
use super::column;
use super::entity::{
    room, school_class, staff_member, study_group, subject, timetable, timetable_entry,
};
use crate::domain::academic_year::AcademicYear;
use crate::domain::subject::fold_title;
use crate::domain::timetable::cycle::{Cycle, Week};
use crate::domain::timetable::{Approval, Entry, Version};

/// Most ids of one statement.
const CHUNK: usize = 1_000;

/// A weekly lesson with what people see beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryView {
    /// The lesson.
    pub entry: Entry,
    /// Title of the group.
    pub group_title: String,
    /// Class; `None` when of several.
    pub class: Option<ClassId>,
    /// Title of the subject.
    pub subject_title: String,
    /// Title of the room; empty = none.
    pub room: String,
}

/// Whose timetable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// A class with its subgroups.
    Class(ClassId),
    /// A teacher.
    Teacher(PersonId),
    /// A room, by its title.
    Room(String),
}

/// Which lessons of a version are wanted.
#[derive(Debug, Clone)]
pub enum Wanted<'a> {
    /// All.
    All,
    /// Of a class, teacher or room.
    Of(&'a Whose),
    /// These.
    Entries(&'a [TimetableEntryId]),
}

/// All versions of a school's year, by number.
pub async fn of_year(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<Vec<Version>, DbErr> {
    let rows = timetable::Entity::find()
        .filter(timetable::Column::SchoolId.eq(school.uuid()))
        .filter(timetable::Column::AcademicYear.eq(year.to_string()))
        .order_by_asc(timetable::Column::Number)
        .all(conn)
        .await?;
    rows.into_iter().map(|row| Ok(read(row)?)).collect()
}

/// One version.
pub async fn find(
    conn: &impl ConnectionTrait,
    school: School,
    id: TimetableId,
) -> Result<Option<Version>, DbErr> {
    let row = timetable::Entity::find_by_id((school.uuid(), id.uuid()))
        .one(conn)
        .await?;
    Ok(row.map(read).transpose()?)
}

/// The version as it is now, kept from others until the transaction ends.
pub async fn lock(
    conn: &impl ConnectionTrait,
    school: School,
    id: TimetableId,
) -> Result<Option<Version>, DbErr> {
    // SQLite has one writer: its builder leaves the lock out.
    let row = timetable::Entity::find_by_id((school.uuid(), id.uuid()))
        .lock(LockType::Update)
        .one(conn)
        .await?;
    Ok(row.map(read).transpose()?)
}

/// Writes a new version; its lessons are put apart.
pub async fn insert(
    conn: &impl ConnectionTrait,
    school: School,
    version: &Version,
) -> Result<(), DbErr> {
    timetable::Entity::insert(row(school, version).into_active_model())
        .exec_without_returning(conn)
        .await
        .map(|_| ())
}

/// Writes the version's new state if nobody has since; `false`: somebody has.
pub async fn save(
    conn: &impl ConnectionTrait,
    school: School,
    changed: &Version,
) -> Result<bool, DbErr> {
    use sea_orm::ActiveModelTrait;
    let done = timetable::Entity::update_many()
        .set(row(school, changed).into_active_model().reset_all())
        .filter(timetable::Column::SchoolId.eq(school.uuid()))
        .filter(timetable::Column::TimetableId.eq(changed.id.uuid()))
        .filter(timetable::Column::Version.eq(changed.version - 1))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Throws a version and its lessons away.
pub async fn discard(
    conn: &impl ConnectionTrait,
    school: School,
    version: &Version,
) -> Result<(), DbErr> {
    use timetable_entry::Column::{AcademicYear, SchoolId, VersionNumber};
    timetable_entry::Entity::delete_many()
        .filter(SchoolId.eq(school.uuid()))
        .filter(AcademicYear.eq(version.year.to_string()))
        .filter(VersionNumber.eq(version.number))
        .exec(conn)
        .await?;
    timetable::Entity::delete_by_id((school.uuid(), version.id.uuid()))
        .exec(conn)
        .await
        .map(|_| ())
}

/// Writes lessons of a version, over those of the same id.
pub async fn put_entries(
    conn: &impl ConnectionTrait,
    school: School,
    version: &Version,
    entries: &[Entry],
) -> Result<(), DbErr> {
    let year = version.year.to_string();
    let rows = entries.iter().map(|entry| timetable_entry::Model {
        school_id: school.uuid(),
        timetable_entry_id: entry.id.uuid(),
        academic_year: year.clone(),
        version_number: version.number,
        weekday: column::small(entry.weekday),
        lesson_number: column::small(entry.number),
        group_id: entry.group.uuid(),
        subject_id: entry.subject.uuid(),
        teacher_id: entry.teacher.uuid(),
        room_id: entry.room,
        week: column::small(entry.week.number()),
    });
    upsert::<timetable_entry::Entity, _>(conn, rows.collect()).await
}

/// Takes lessons out.
pub async fn remove_entries(
    conn: &impl ConnectionTrait,
    school: School,
    ids: &[TimetableEntryId],
) -> Result<(), DbErr> {
    for chunk in ids.chunks(CHUNK) {
        timetable_entry::Entity::delete_many()
            .filter(timetable_entry::Column::SchoolId.eq(school.uuid()))
            .filter(
                timetable_entry::Column::TimetableEntryId.is_in(chunk.iter().map(|id| id.uuid())),
            )
            .exec(conn)
            .await?;
    }
    Ok(())
}

/// Lessons of a version by day, number and title of the group.
pub async fn entries(
    conn: &impl ConnectionTrait,
    school: School,
    version: &Version,
    wanted: Wanted<'_>,
) -> Result<Vec<EntryView>, DbErr> {
    use timetable_entry::Column as E;
    let entry = |column| Expr::col((timetable_entry::Entity, column));
    let mut select = views(school);
    select
        .and_where(entry(E::AcademicYear).eq(version.year.to_string()))
        .and_where(entry(E::VersionNumber).eq(version.number));
    match wanted {
        Wanted::All => {}
        Wanted::Of(Whose::Class(class)) => {
            let of = Expr::col((study_group::Entity, study_group::Column::ClassId));
            select.and_where(of.eq(class.uuid()));
        }
        Wanted::Of(Whose::Teacher(teacher)) => {
            select.and_where(entry(E::TeacherId).eq(teacher.uuid()));
        }
        Wanted::Of(Whose::Room(title)) => {
            let of = Expr::col((room::Entity, room::Column::FoldedTitle));
            select.and_where(of.eq(fold_title(title)));
        }
        Wanted::Entries(ids) => {
            let ids = ids.iter().map(|id| id.uuid());
            select.and_where(entry(E::TimetableEntryId).is_in(ids));
        }
    }
    let asc = sea_orm::Order::Asc;
    for column in [E::Weekday, E::LessonNumber] {
        select.order_by((timetable_entry::Entity, column), asc.clone());
    }
    select.order_by(
        (study_group::Entity, study_group::Column::Title),
        asc.clone(),
    );
    select.order_by((timetable_entry::Entity, E::Week), asc.clone());
    select.order_by((timetable_entry::Entity, E::TimetableEntryId), asc);
    conn.query_all(&select)
        .await?
        .iter()
        .map(read_view)
        .collect()
}

/// Weekly lessons with the titles of group, subject and room.
fn views(school: School) -> sea_orm::sea_query::SelectStatement {
    use timetable_entry::Column as E;
    let entry = |column| Expr::col((timetable_entry::Entity, column));
    let group = |column| Expr::col((study_group::Entity, column));
    let room = |column| Expr::col((room::Entity, column));
    let subject = |column| Expr::col((subject::Entity, column));
    let columns = [
        E::TimetableEntryId,
        E::Weekday,
        E::LessonNumber,
        E::Week,
        E::GroupId,
        E::SubjectId,
        E::TeacherId,
        E::RoomId,
    ];
    Query::select()
        .columns(columns.map(|c| (timetable_entry::Entity, c)))
        .expr_as(group(study_group::Column::Title), "group_title")
        .expr_as(group(study_group::Column::ClassId), "class_id")
        .expr_as(subject(subject::Column::Title), "subject_title")
        .expr_as(room(room::Column::Title), "room_title")
        .from(timetable_entry::Entity)
        .join(
            JoinType::InnerJoin,
            study_group::Entity,
            Cond::all()
                .add(
                    group(study_group::Column::SchoolId)
                        .equals((timetable_entry::Entity, E::SchoolId)),
                )
                .add(
                    group(study_group::Column::GroupId)
                        .equals((timetable_entry::Entity, E::GroupId)),
                ),
        )
        .join(
            JoinType::InnerJoin,
            subject::Entity,
            subject(subject::Column::SubjectId).equals((timetable_entry::Entity, E::SubjectId)),
        )
        .join(
            JoinType::LeftJoin,
            room::Entity,
            Cond::all()
                .add(room(room::Column::SchoolId).equals((timetable_entry::Entity, E::SchoolId)))
                .add(room(room::Column::RoomId).equals((timetable_entry::Entity, E::RoomId))),
        )
        .and_where(entry(E::SchoolId).eq(school.uuid()))
        .take()
}

/// Whether the school has the class, the teacher or the room, by the plan or by roster.
pub async fn is_known(
    conn: &impl ConnectionTrait,
    school: School,
    whose: &Whose,
) -> Result<bool, DbErr> {
    match whose {
        Whose::Class(class) => {
            let known = school_class::Entity::find_by_id((school.uuid(), class.uuid()))
                .one(conn)
                .await?;
            let planned = study_group::Entity::find()
                .filter(study_group::Column::SchoolId.eq(school.uuid()))
                .filter(study_group::Column::ClassId.eq(class.uuid()));
            Ok(known.is_some() || planned.one(conn).await?.is_some())
        }
        Whose::Teacher(teacher) => {
            let known = staff_member::Entity::find_by_id((school.uuid(), teacher.uuid()))
                .one(conn)
                .await?;
            let planned = timetable_entry::Entity::find()
                .filter(timetable_entry::Column::SchoolId.eq(school.uuid()))
                .filter(timetable_entry::Column::TeacherId.eq(teacher.uuid()));
            Ok(known.is_some() || planned.one(conn).await?.is_some())
        }
        Whose::Room(title) => {
            let known = room::Entity::find()
                .filter(room::Column::SchoolId.eq(school.uuid()))
                .filter(room::Column::FoldedTitle.eq(fold_title(title)));
            Ok(known.one(conn).await?.is_some())
        }
    }
}

fn row(school: School, version: &Version) -> timetable::Model {
    timetable::Model {
        school_id: school.uuid(),
        timetable_id: version.id.uuid(),
        academic_year: version.year.to_string(),
        number: version.number,
        title: version.title.clone(),
        cycle_weeks: column::small(version.cycle.weeks()),
        cycle_starts_on: column::date(version.cycle.starts_on()),
        valid_from: version.approval.map(|it| column::date(it.valid_from)),
        approved_by: version.approval.and_then(|it| it.by).map(|by| by.uuid()),
        approved_us: version.approval.map(|it| micros(it.at)),
        approve_by: version.approve_by.map(column::date),
        entry_count: i32::try_from(version.entry_count).unwrap_or(i32::MAX),
        version: version.version,
    }
}

fn read(row: timetable::Model) -> Result<Version, Corrupt> {
    let table = "timetable";
    let starts_on: Date = column::read(table, "cycle_starts_on", &row.cycle_starts_on)?;
    let weeks = column::read_small(table, "cycle_weeks", row.cycle_weeks)?;
    let cycle =
        Cycle::new(weeks, starts_on).ok_or_else(|| Corrupt::new(table, "cycle_weeks", weeks))?;
    let approval = match (row.valid_from, row.approved_us) {
        (Some(valid_from), Some(at)) => Some(Approval {
            valid_from: column::read(table, "valid_from", &valid_from)?,
            by: row.approved_by.map(PersonId::from_uuid),
            at: from_micros(at),
        }),
        (None, _) => None,
        (Some(_), None) => return Err(Corrupt::new(table, "approved_us", "NULL")),
    };
    Ok(Version {
        id: TimetableId::from_uuid(row.timetable_id),
        year: column::read(table, "academic_year", &row.academic_year)?,
        number: row.number,
        title: row.title,
        cycle,
        approval,
        approve_by: row
            .approve_by
            .map(|day| column::read(table, "approve_by", &day))
            .transpose()?,
        entry_count: u32::try_from(row.entry_count)
            .map_err(|_| Corrupt::new(table, "entry_count", row.entry_count))?,
        version: row.version,
    })
}

fn read_view(row: &QueryResult) -> Result<EntryView, DbErr> {
    let uuid = |column| row.try_get::<Uuid>("", column);
    let small = |column: &'static str| -> Result<u8, DbErr> {
        Ok(column::read_small(
            "timetable_entry",
            column,
            row.try_get("", column)?,
        )?)
    };
    let week = small("week")?;
    let entry = Entry {
        id: TimetableEntryId::from_uuid(uuid("timetable_entry_id")?),
        weekday: small("weekday")?,
        number: small("lesson_number")?,
        week: Week::of_number(week.into())
            .ok_or_else(|| Corrupt::new("timetable_entry", "week", week))?,
        group: GroupId::from_uuid(uuid("group_id")?),
        subject: SubjectId::from_uuid(uuid("subject_id")?),
        teacher: PersonId::from_uuid(uuid("teacher_id")?),
        room: row.try_get("", "room_id")?,
    };
    let class: Option<Uuid> = row.try_get("", "class_id")?;
    let room: Option<String> = row.try_get("", "room_title")?;
    Ok(EntryView {
        entry,
        group_title: row.try_get("", "group_title")?,
        class: class.map(ClassId::from_uuid),
        subject_title: row.try_get("", "subject_title")?,
        room: room.unwrap_or_default(),
    })
}
