//! Classes.

use std::collections::HashMap;

use chassis::db::Corrupt;
use jiff::civil::Date;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, PersonId};

use super::column;
use super::entity::{enrolment, school_class};
use super::{School, insert, present_on, records};
use crate::domain::record::SchoolClass;
use crate::domain::text::sort_key;

/// Adds classes.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    classes: &[SchoolClass],
) -> Result<(), DbErr> {
    let rows = classes.iter().map(|class| school_class::Model {
        school_id: school.uuid(),
        class_id: class.id.uuid(),
        academic_year: class.academic_year.clone(),
        grade: i16::from(class.grade),
        letter: class.letter.clone(),
        title: class.title.clone(),
        sort_key: sort_key(&class.title),
        shift: i16::from(class.shift),
        class_teacher_id: class.class_teacher_id.map(PersonId::uuid),
    });
    insert::all(conn, rows.collect()).await
}

/// Classes of a year by grade and letter.
pub async fn of_year(
    conn: &impl ConnectionTrait,
    school: School,
    academic_year: &str,
) -> Result<Vec<SchoolClass>, DbErr> {
    let rows = school_class::Entity::find()
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .filter(school_class::Column::AcademicYear.eq(academic_year))
        .order_by_asc(school_class::Column::Grade)
        .order_by_asc(school_class::Column::SortKey)
        .all(conn)
        .await?;
    records(rows, read)
}

/// Every class of the school, of all years.
pub async fn all(conn: &impl ConnectionTrait, school: School) -> Result<Vec<SchoolClass>, DbErr> {
    let rows = school_class::Entity::find()
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .all(conn)
        .await?;
    records(rows, read)
}

/// A class.
pub async fn get(
    conn: &impl ConnectionTrait,
    school: School,
    id: ClassId,
) -> Result<Option<SchoolClass>, DbErr> {
    let found = school_class::Entity::find_by_id((school.uuid(), id.uuid()));
    Ok(found.one(conn).await?.map(read).transpose()?)
}

/// Classes are taken away.
pub async fn remove(
    conn: &impl ConnectionTrait,
    school: School,
    classes: &[ClassId],
) -> Result<(), DbErr> {
    school_class::Entity::delete_many()
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .filter(school_class::Column::ClassId.is_in(classes.iter().map(|one| one.uuid())))
        .exec(conn)
        .await?;
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct Count {
    class_id: Uuid,
    pupils: i64,
}

/// Pupils of each class on the day.
pub async fn sizes(
    conn: &impl ConnectionTrait,
    school: School,
    day: Date,
) -> Result<HashMap<ClassId, u32>, DbErr> {
    let counts = enrolment::Entity::find()
        .select_only()
        .column(enrolment::Column::ClassId)
        .column_as(enrolment::Column::EnrolmentId.count(), "pupils")
        .filter(enrolment::Column::SchoolId.eq(school.uuid()))
        .filter(present_on!(enrolment, day))
        .group_by(enrolment::Column::ClassId)
        .into_model::<Count>()
        .all(conn)
        .await?;
    Ok(counts
        .into_iter()
        .map(|c| {
            (
                ClassId::from_uuid(c.class_id),
                u32::try_from(c.pupils).unwrap_or(0),
            )
        })
        .collect())
}

fn read(row: school_class::Model) -> Result<SchoolClass, Corrupt> {
    Ok(SchoolClass {
        id: ClassId::from_uuid(row.class_id),
        academic_year: row.academic_year,
        grade: column::read_small(("school_class", "grade"), row.grade)?,
        letter: row.letter,
        title: row.title,
        shift: column::read_small(("school_class", "shift"), row.shift)?,
        class_teacher_id: row.class_teacher_id.map(PersonId::from_uuid),
    })
}
