//! The weekly timetable in force.

use jiff::civil::Date;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QueryResult,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SubjectId, TimetableEntryId};

use super::School;
use super::column;
use super::entity::{
    room, school_class, staff_member, study_group, subject, timetable_entry, timetable_version,
};

/// A weekly lesson with what people see beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryView {
    /// Id.
    pub id: TimetableEntryId,
    /// Weekday, 1 = Monday.
    pub weekday: u8,
    /// Lesson number.
    pub number: u8,
    /// Group.
    pub group: GroupId,
    /// Title of the group.
    pub group_title: String,
    /// Class; `None` when of several.
    pub class: Option<ClassId>,
    /// Subject.
    pub subject: SubjectId,
    /// Title of the subject.
    pub subject_title: String,
    /// Teacher.
    pub teacher: PersonId,
    /// Title of the room; empty = none.
    pub room: String,
}

/// Whose timetable.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// A class with its subgroups.
    Class(ClassId),
    /// A teacher.
    Teacher(PersonId),
}

/// Weekly lessons by day, number and group title, of the version in force on
/// the day (before the first version: of the first).
pub async fn entries(
    conn: &impl ConnectionTrait,
    (school, year): (School, &str),
    whose: Whose,
    day: Date,
) -> Result<Vec<EntryView>, DbErr> {
    use timetable_entry::Column as E;
    let Some(version) = version_on(conn, school, year, day).await? else {
        return Ok(Vec::new());
    };
    let entry = |column| Expr::col((timetable_entry::Entity, column));
    let group = |column| Expr::col((study_group::Entity, column));
    let room = |column| Expr::col((room::Entity, column));
    let mut select = Query::select();
    select
        .columns(
            [
                E::TimetableEntryId,
                E::Weekday,
                E::LessonNumber,
                E::GroupId,
                E::SubjectId,
                E::TeacherId,
            ]
            .map(|c| (timetable_entry::Entity, c)),
        )
        .expr_as(group(study_group::Column::Title), "group_title")
        .expr_as(group(study_group::Column::ClassId), "class_id")
        .expr_as(
            Expr::col((subject::Entity, subject::Column::Title)),
            "subject_title",
        )
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
            Expr::col((subject::Entity, subject::Column::SubjectId))
                .equals((timetable_entry::Entity, E::SubjectId)),
        )
        .join(
            JoinType::LeftJoin,
            room::Entity,
            Cond::all()
                .add(room(room::Column::SchoolId).equals((timetable_entry::Entity, E::SchoolId)))
                .add(room(room::Column::RoomId).equals((timetable_entry::Entity, E::RoomId))),
        )
        .and_where(entry(E::SchoolId).eq(school.uuid()))
        .and_where(entry(E::AcademicYear).eq(year))
        .and_where(entry(E::VersionNumber).eq(version))
        .and_where(match whose {
            Whose::Class(class) => group(study_group::Column::ClassId).eq(class.uuid()),
            Whose::Teacher(teacher) => entry(E::TeacherId).eq(teacher.uuid()),
        })
        .order_by((timetable_entry::Entity, E::Weekday), sea_orm::Order::Asc)
        .order_by(
            (timetable_entry::Entity, E::LessonNumber),
            sea_orm::Order::Asc,
        )
        .order_by(
            (study_group::Entity, study_group::Column::Title),
            sea_orm::Order::Asc,
        );
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Whether the school has the class or the teacher, by the plan or by roster.
pub async fn is_known(
    conn: &impl ConnectionTrait,
    school: School,
    whose: Whose,
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
    }
}

async fn version_on(
    conn: &impl ConnectionTrait,
    school: School,
    year: &str,
    day: Date,
) -> Result<Option<i32>, DbErr> {
    let versions = timetable_version::Entity::find()
        .filter(timetable_version::Column::SchoolId.eq(school.uuid()))
        .filter(timetable_version::Column::AcademicYear.eq(year))
        .order_by_asc(timetable_version::Column::ValidFrom)
        .all(conn)
        .await?;
    let day = column::date(day);
    let in_force = versions
        .iter()
        .rfind(|version| version.valid_from <= day)
        .or(versions.first());
    Ok(in_force.map(|version| version.number))
}

fn read(row: &QueryResult) -> Result<EntryView, DbErr> {
    let uuid = |column| row.try_get::<Uuid>("", column);
    Ok(EntryView {
        id: TimetableEntryId::from_uuid(uuid("timetable_entry_id")?),
        weekday: column::read_small("timetable_entry", "weekday", row.try_get("", "weekday")?)?,
        number: column::read_small(
            "timetable_entry",
            "lesson_number",
            row.try_get("", "lesson_number")?,
        )?,
        group: GroupId::from_uuid(uuid("group_id")?),
        group_title: row.try_get("", "group_title")?,
        class: row
            .try_get::<Option<Uuid>>("", "class_id")?
            .map(ClassId::from_uuid),
        subject: SubjectId::from_uuid(uuid("subject_id")?),
        subject_title: row.try_get("", "subject_title")?,
        teacher: PersonId::from_uuid(uuid("teacher_id")?),
        room: row
            .try_get::<Option<String>>("", "room_title")?
            .unwrap_or_default(),
    })
}
