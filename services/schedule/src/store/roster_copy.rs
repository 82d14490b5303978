//! What schedule keeps of roster's facts. Each item of an event is the full
//! present state of its record: written over what was there.

use std::collections::HashMap;

use chassis::db::{Corrupt, upsert};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, QueryTrait,
};
use zhurnal_proto::id::{ClassId, GroupId, PersonId};

use jiff::civil::Date;

use super::School;
use super::column;
use super::entity::{
    group_member, guardian_link, school_class, staff_member, study_group, teaching_load,
    timetable_entry,
};
use crate::domain::academic_year::AcademicYear;

/// Most items of one statement.
const CHUNK: usize = 1_000;

/// A class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassFact {
    /// Class.
    pub id: ClassId,
    /// Academic year.
    pub year: AcademicYear,
    /// Title.
    pub title: String,
    /// Grade.
    pub grade: u8,
    /// Shift.
    pub shift: u8,
    /// Card of the class teacher.
    pub teacher: Option<PersonId>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupFact {
    /// Group.
    pub id: GroupId,
    /// Academic year.
    pub year: AcademicYear,
    /// Title.
    pub title: String,
    /// Class; `None` when of several.
    pub class: Option<ClassId>,
    /// Grade and shift that roster tells of a group of several classes.
    pub place: Option<(u8, u8)>,
    /// Last day; `None`: to the end of the year.
    pub ends_on: Option<Date>,
}

/// Membership of a pupil in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFact {
    /// Group.
    pub group: GroupId,
    /// Card of the pupil.
    pub pupil: PersonId,
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive.
    pub ends_on: Option<Date>,
}

/// An employee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffFact {
    /// Card.
    pub id: PersonId,
    /// Has the duty of a teacher.
    pub teaches: bool,
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive.
    pub ends_on: Option<Date>,
}

impl StaffFact {
    /// Whether the person is on the staff on the day.
    pub fn is_employed_on(&self, day: Date) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| day <= last)
    }
}

/// Takes the present state of classes.
pub async fn put_classes(
    conn: &impl ConnectionTrait,
    school: School,
    classes: &[ClassFact],
) -> Result<(), DbErr> {
    use school_class::Column::{
        AcademicYear, ClassId, ClassTeacherId, Grade, SchoolId as School, Shift, Title,
    };
    for chunk in classes.chunks(CHUNK) {
        let rows = chunk.iter().map(|class| {
            school_class::Model {
                school_id: school.uuid(),
                class_id: class.id.uuid(),
                academic_year: class.year.to_string(),
                title: class.title.clone(),
                grade: column::small(class.grade),
                shift: column::small(class.shift),
                class_teacher_id: class.teacher.map(|card| card.uuid()),
            }
            .into_active_model()
        });
        let known = OnConflict::columns([School, ClassId])
            .update_columns([AcademicYear, Title, Grade, Shift, ClassTeacherId])
            .to_owned();
        school_class::Entity::insert_many(rows)
            .on_conflict(known)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// Titles of the classes of a year.
pub async fn class_titles(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<HashMap<ClassId, String>, DbErr> {
    let rows = school_class::Entity::find()
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .filter(school_class::Column::AcademicYear.eq(year.to_string()))
        .all(conn)
        .await?;
    let title = |row: school_class::Model| (ClassId::from_uuid(row.class_id), row.title);
    Ok(rows.into_iter().map(title).collect())
}

/// Takes the present state of groups; grade and shift stay the plan's, but for groups of
/// several classes, which have their own.
pub async fn put_groups(
    conn: &impl ConnectionTrait,
    school: School,
    groups: &[GroupFact],
) -> Result<(), DbErr> {
    let (placed, of_classes): (Vec<_>, Vec<_>) =
        groups.iter().partition(|group| group.place.is_some());
    put_some(conn, school, &of_classes, false).await?;
    put_some(conn, school, &placed, true).await
}

async fn put_some(
    conn: &impl ConnectionTrait,
    school: School,
    groups: &[&GroupFact],
    placed: bool,
) -> Result<(), DbErr> {
    use study_group::Column::{
        AcademicYear, ClassId, EndsOn, Grade, GroupId, SchoolId as School, Shift, Title,
    };
    let told = [AcademicYear, Title, ClassId, EndsOn];
    let place = [Grade, Shift].into_iter().filter(|_| placed);
    for chunk in groups.chunks(CHUNK) {
        let rows = chunk.iter().map(|group| {
            study_group::Model {
                school_id: school.uuid(),
                group_id: group.id.uuid(),
                academic_year: group.year.to_string(),
                title: group.title.clone(),
                class_id: group.class.map(|class| class.uuid()),
                grade: group.place.map(|(grade, _)| column::small(grade)),
                shift: group.place.map(|(_, shift)| column::small(shift)),
                ends_on: group.ends_on.map(column::date),
            }
            .into_active_model()
        });
        let known = OnConflict::columns([School, GroupId])
            .update_columns(told.into_iter().chain(place.clone()))
            .to_owned();
        study_group::Entity::insert_many(rows)
            .on_conflict(known)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// Classes that are there no more.
pub async fn remove_classes(
    conn: &impl ConnectionTrait,
    school: School,
    classes: &[ClassId],
) -> Result<(), DbErr> {
    if classes.is_empty() {
        return Ok(());
    }
    school_class::Entity::delete_many()
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .filter(school_class::Column::ClassId.is_in(classes.iter().map(|id| id.uuid())))
        .exec(conn)
        .await?;
    Ok(())
}

/// The last day of a group; `None`: it meets to the end of the year, or is not known.
pub async fn last_day(
    conn: &impl ConnectionTrait,
    school: School,
    group: GroupId,
) -> Result<Option<Date>, DbErr> {
    let found = study_group::Entity::find_by_id((school.uuid(), group.uuid()))
        .one(conn)
        .await?;
    let last = found.and_then(|row| row.ends_on);
    Ok(column::read_optional(
        "study_group",
        "ends_on",
        last.as_deref(),
    )?)
}

/// Groups that are there no more; those that have a load or a place in a timetable stay.
pub async fn remove_groups(
    conn: &impl ConnectionTrait,
    school: School,
    groups: &[GroupId],
) -> Result<(), DbErr> {
    if groups.is_empty() {
        return Ok(());
    }
    study_group::Entity::delete_many()
        .filter(study_group::Column::SchoolId.eq(school.uuid()))
        .filter(study_group::Column::GroupId.is_in(groups.iter().map(|id| id.uuid())))
        .filter(unused(Some(school)))
        .exec(conn)
        .await?;
    Ok(())
}

/// Groups, of one school or of all, that have never had a load or a place in a timetable:
/// nothing stands on them.
fn unused(school: Option<School>) -> Condition {
    use study_group::Column::GroupId;
    let (mut taught, mut placed) = (
        teaching_load::Entity::find(),
        timetable_entry::Entity::find(),
    );
    if let Some(school) = school {
        taught = taught.filter(teaching_load::Column::SchoolId.eq(school.uuid()));
        placed = placed.filter(timetable_entry::Column::SchoolId.eq(school.uuid()));
    }
    let taught = taught.select_only().column(teaching_load::Column::GroupId);
    let placed = placed
        .select_only()
        .column(timetable_entry::Column::GroupId);
    Condition::all()
        .add(GroupId.not_in_subquery(taught.into_query()))
        .add(GroupId.not_in_subquery(placed.into_query()))
}

/// Takes the present state of memberships.
pub async fn put_members(
    conn: &impl ConnectionTrait,
    school: School,
    members: &[MemberFact],
) -> Result<(), DbErr> {
    let rows = members.iter().map(|member| group_member::Model {
        school_id: school.uuid(),
        group_id: member.group.uuid(),
        pupil_id: member.pupil.uuid(),
        starts_on: column::date(member.starts_on),
        ends_on: member.ends_on.map(column::date),
    });
    upsert::<group_member::Entity, _>(conn, rows.collect()).await
}

/// Takes the present state of employees.
pub async fn put_staff(
    conn: &impl ConnectionTrait,
    school: School,
    staff: &[StaffFact],
) -> Result<(), DbErr> {
    use staff_member::Column::{EndsOn, PersonId, SchoolId as School, StartsOn, Teaches};
    for chunk in staff.chunks(CHUNK) {
        let rows = chunk.iter().map(|person| {
            staff_member::Model {
                school_id: school.uuid(),
                person_id: person.id.uuid(),
                teaches: person.teaches,
                starts_on: column::date(person.starts_on),
                ends_on: person.ends_on.map(column::date),
            }
            .into_active_model()
        });
        let known = OnConflict::columns([School, PersonId])
            .update_columns([Teaches, StartsOn, EndsOn])
            .to_owned();
        staff_member::Entity::insert_many(rows)
            .on_conflict(known)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// An employee of the school.
pub async fn staff_member(
    conn: &impl ConnectionTrait,
    school: School,
    person: PersonId,
) -> Result<Option<StaffFact>, DbErr> {
    let row = staff_member::Entity::find_by_id((school.uuid(), person.uuid()))
        .one(conn)
        .await?;
    Ok(row.map(read_staff).transpose()?)
}

/// Everybody on the staff of the school on a day.
pub async fn staff_on(
    conn: &impl ConnectionTrait,
    school: School,
    day: Date,
) -> Result<Vec<StaffFact>, DbErr> {
    let rows = staff_member::Entity::find()
        .filter(staff_member::Column::SchoolId.eq(school.uuid()))
        .all(conn)
        .await?;
    let mut staff = rows
        .into_iter()
        .map(read_staff)
        .collect::<Result<Vec<_>, _>>()?;
    staff.retain(|one| one.is_employed_on(day));
    Ok(staff)
}

fn read_staff(row: staff_member::Model) -> Result<StaffFact, Corrupt> {
    let ends_on = row
        .ends_on
        .as_deref()
        .map(|day| column::read("staff_member", "ends_on", day))
        .transpose()?;
    Ok(StaffFact {
        id: PersonId::from_uuid(row.person_id),
        teaches: row.teaches,
        starts_on: column::read("staff_member", "starts_on", &row.starts_on)?,
        ends_on,
    })
}

/// Forgets the copy. Groups with loads or places in a timetable stay.
pub async fn forget(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    school_class::Entity::delete_many().exec(conn).await?;
    staff_member::Entity::delete_many().exec(conn).await?;
    group_member::Entity::delete_many().exec(conn).await?;
    guardian_link::Entity::delete_many().exec(conn).await?;
    study_group::Entity::delete_many()
        .filter(unused(None))
        .exec(conn)
        .await?;
    Ok(())
}
