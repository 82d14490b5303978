//! Groups of a year with their classes, and what groups of a class have of it.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;
use zhurnal_proto::id::GroupId;

use super::School;
use super::column;
use super::entity::{school_class, study_group};
use crate::domain::academic_year::AcademicYear;
use crate::domain::succession::YearGroup;

/// Groups of a class that no plan has named get grade and shift of the class, whichever of the
/// two came first.
pub async fn place_groups(conn: &impl ConnectionTrait, school: School) -> Result<(), DbErr> {
    use study_group::Column::{ClassId, Grade, SchoolId, Shift};
    let waiting = study_group::Entity::find()
        .filter(SchoolId.eq(school.uuid()))
        .filter(Grade.is_null())
        .filter(ClassId.is_not_null())
        .all(conn)
        .await?;
    let mut of_classes: Vec<Uuid> = waiting.iter().filter_map(|row| row.class_id).collect();
    of_classes.sort();
    of_classes.dedup();
    if of_classes.is_empty() {
        return Ok(());
    }
    let classes = school_class::Entity::find()
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .filter(school_class::Column::ClassId.is_in(of_classes))
        .all(conn)
        .await?;
    for class in classes {
        study_group::Entity::update_many()
            .col_expr(Grade, Expr::value(class.grade))
            .col_expr(Shift, Expr::value(class.shift))
            .filter(SchoolId.eq(school.uuid()))
            .filter(ClassId.eq(class.class_id))
            .filter(Grade.is_null())
            .exec(conn)
            .await?;
    }
    Ok(())
}

/// Groups of a school's year.
pub async fn of_year(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<Vec<YearGroup>, DbErr> {
    let classes = school_class::Entity::find()
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .filter(school_class::Column::AcademicYear.eq(year.to_string()))
        .all(conn)
        .await?;
    let titles: HashMap<Uuid, String> = classes
        .into_iter()
        .map(|row| (row.class_id, row.title))
        .collect();
    let rows = study_group::Entity::find()
        .filter(study_group::Column::SchoolId.eq(school.uuid()))
        .filter(study_group::Column::AcademicYear.eq(year.to_string()))
        .filter(study_group::Column::Grade.is_not_null())
        .all(conn)
        .await?;
    let mut groups = Vec::with_capacity(rows.len());
    for row in rows {
        let class_title = match row.class_id {
            // A class that roster has not told of yet: its groups are nobody's successors.
            Some(class) => match titles.get(&class) {
                Some(title) => Some(title.clone()),
                None => continue,
            },
            None => None,
        };
        let grade = row.grade.unwrap_or_default();
        groups.push(YearGroup {
            id: GroupId::from_uuid(row.group_id),
            title: row.title,
            class_title,
            grade: column::read_small("study_group", "grade", grade)?,
        });
    }
    Ok(groups)
}
