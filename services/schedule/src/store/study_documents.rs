//! Versions of curriculum, load and tariff order, and what is in them.

use chassis::db::{Corrupt, from_micros, micros, upsert};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use zhurnal_proto::id::{GroupId, PersonId, StudyDocumentId, SubjectId, TeachingLoadId};

use super::School;
use super::column;
use super::entity::{approved_load, curriculum_line, study_document};
use crate::domain::academic_year::AcademicYear;
use crate::domain::load::Load;
use crate::domain::study_document::{Approval, Kind, StudyDocument, Terms};

/// Hours of a grade in a subject by a curriculum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Grade.
    pub grade: u8,
    /// Subject.
    pub subject: SubjectId,
    /// Hours a week times 100.
    pub weekly_hours_hundredths: u32,
    /// Hours a year.
    pub yearly_hours: u32,
}

/// All versions of a school's year, by kind and number.
pub async fn of_year(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<Vec<StudyDocument>, DbErr> {
    let rows = study_document::Entity::find()
        .filter(study_document::Column::SchoolId.eq(school.uuid()))
        .filter(study_document::Column::AcademicYear.eq(year.to_string()))
        .order_by_asc(study_document::Column::Kind)
        .order_by_asc(study_document::Column::Number)
        .all(conn)
        .await?;
    rows.into_iter().map(|row| Ok(read(row)?)).collect()
}

/// One version.
pub async fn find(
    conn: &impl ConnectionTrait,
    school: School,
    id: StudyDocumentId,
) -> Result<Option<StudyDocument>, DbErr> {
    let row = study_document::Entity::find_by_id((school.uuid(), id.uuid()))
        .one(conn)
        .await?;
    Ok(row.map(read).transpose()?)
}

/// Writes a first state of a version, or a later one over the state before; `false`: somebody
/// else was first.
pub async fn save(
    conn: &impl ConnectionTrait,
    school: School,
    document: &StudyDocument,
) -> Result<bool, DbErr> {
    use study_document::Column::{SchoolId, StudyDocumentId, Version};
    let row = row(school, document).into_active_model();
    if document.version == 1 {
        let inserted = study_document::Entity::insert(row);
        inserted.exec_without_returning(conn).await?;
        return Ok(true);
    }
    let done = study_document::Entity::update_many()
        .set(row.reset_all())
        .filter(SchoolId.eq(school.uuid()))
        .filter(StudyDocumentId.eq(document.id.uuid()))
        .filter(Version.eq(document.version - 1))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Lines of a curriculum by grade.
pub async fn lines(
    conn: &impl ConnectionTrait,
    school: School,
    document: StudyDocumentId,
) -> Result<Vec<Line>, DbErr> {
    let rows = curriculum_line::Entity::find()
        .filter(curriculum_line::Column::SchoolId.eq(school.uuid()))
        .filter(curriculum_line::Column::StudyDocumentId.eq(document.uuid()))
        .order_by_asc(curriculum_line::Column::Grade)
        .order_by_asc(curriculum_line::Column::SubjectId)
        .all(conn)
        .await?;
    let line = |row: curriculum_line::Model| {
        let count = |column, number| count("curriculum_line", column, number);
        Ok(Line {
            grade: column::read_small("curriculum_line", "grade", row.grade)?,
            subject: SubjectId::from_uuid(row.subject_id),
            weekly_hours_hundredths: count("weekly_hours_hundredths", row.weekly_hours_hundredths)?,
            yearly_hours: count("yearly_hours", row.yearly_hours)?,
        })
    };
    rows.into_iter().map(line).collect()
}

/// Writes all lines of a curriculum anew.
pub async fn put_lines(
    conn: &impl ConnectionTrait,
    school: School,
    document: StudyDocumentId,
    lines: &[Line],
) -> Result<(), DbErr> {
    curriculum_line::Entity::delete_many()
        .filter(curriculum_line::Column::SchoolId.eq(school.uuid()))
        .filter(curriculum_line::Column::StudyDocumentId.eq(document.uuid()))
        .exec(conn)
        .await?;
    let rows = lines.iter().map(|line| curriculum_line::Model {
        school_id: school.uuid(),
        study_document_id: document.uuid(),
        grade: column::small(line.grade),
        subject_id: line.subject.uuid(),
        weekly_hours_hundredths: whole(line.weekly_hours_hundredths),
        yearly_hours: whole(line.yearly_hours),
    });
    upsert::<curriculum_line::Entity, _>(conn, rows.collect()).await
}

/// Loads as they were when the version was approved.
pub async fn approved_loads(
    conn: &impl ConnectionTrait,
    school: School,
    document: StudyDocumentId,
) -> Result<Vec<Load>, DbErr> {
    let rows = approved_load::Entity::find()
        .filter(approved_load::Column::SchoolId.eq(school.uuid()))
        .filter(approved_load::Column::StudyDocumentId.eq(document.uuid()))
        .all(conn)
        .await?;
    let load = |row: approved_load::Model| {
        let table = "approved_load";
        let hours = row.weekly_hours_hundredths;
        Ok(Load {
            id: TeachingLoadId::from_uuid(row.teaching_load_id),
            group: GroupId::from_uuid(row.group_id),
            subject: SubjectId::from_uuid(row.subject_id),
            teacher: PersonId::from_uuid(row.teacher_id),
            weekly_hours_hundredths: count(table, "weekly_hours_hundredths", hours)?,
            starts_on: column::read(table, "starts_on", &row.starts_on)?,
            ends_on: column::read_optional(table, "ends_on", row.ends_on.as_deref())?,
        })
    };
    rows.into_iter().map(load).collect()
}

/// Keeps the loads as they are now under an approved version.
pub async fn keep_loads(
    conn: &impl ConnectionTrait,
    school: School,
    document: StudyDocumentId,
    loads: &[Load],
) -> Result<(), DbErr> {
    let rows = loads.iter().map(|load| approved_load::Model {
        school_id: school.uuid(),
        study_document_id: document.uuid(),
        teaching_load_id: load.id.uuid(),
        group_id: load.group.uuid(),
        subject_id: load.subject.uuid(),
        teacher_id: load.teacher.uuid(),
        weekly_hours_hundredths: whole(load.weekly_hours_hundredths),
        starts_on: column::date(load.starts_on),
        ends_on: load.ends_on.map(column::date),
    });
    upsert::<approved_load::Entity, _>(conn, rows.collect()).await
}

fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn count(table: &'static str, column: &'static str, number: i32) -> Result<u32, Corrupt> {
    u32::try_from(number).map_err(|_| Corrupt::new(table, column, number))
}

fn kind_number(kind: Kind) -> i16 {
    match kind {
        Kind::Curriculum => 1,
        Kind::TeachingLoad => 2,
        Kind::Tariff => 3,
        Kind::Calendar => 4,
    }
}

fn read_kind(number: i16) -> Result<Kind, Corrupt> {
    match number {
        1 => Ok(Kind::Curriculum),
        2 => Ok(Kind::TeachingLoad),
        3 => Ok(Kind::Tariff),
        4 => Ok(Kind::Calendar),
        other => Err(Corrupt::new("study_document", "kind", other)),
    }
}

fn row(school: School, document: &StudyDocument) -> study_document::Model {
    let (terms, approval) = (&document.terms, document.approval);
    study_document::Model {
        school_id: school.uuid(),
        study_document_id: document.id.uuid(),
        academic_year: document.year.to_string(),
        kind: kind_number(document.kind),
        number: document.number,
        title: terms.title.clone(),
        order_number: terms.order_number.clone(),
        ordered_on: terms.ordered_on.map(column::date),
        approve_by: terms.approve_by.map(column::date),
        based_on: document.based_on.map(|id| id.uuid()),
        approved_by: approval.and_then(|it| it.by).map(|by| by.uuid()),
        approved_us: approval.map(|it| micros(it.at)),
        saved_us: micros(document.saved_at),
        version: document.version,
    }
}

fn read(row: study_document::Model) -> Result<StudyDocument, Corrupt> {
    let table = "study_document";
    let day = |column, text: Option<&str>| column::read_optional(table, column, text);
    Ok(StudyDocument {
        id: StudyDocumentId::from_uuid(row.study_document_id),
        year: column::read(table, "academic_year", &row.academic_year)?,
        kind: read_kind(row.kind)?,
        number: row.number,
        terms: Terms {
            ordered_on: day("ordered_on", row.ordered_on.as_deref())?,
            approve_by: day("approve_by", row.approve_by.as_deref())?,
            title: row.title,
            order_number: row.order_number,
        },
        based_on: row.based_on.map(StudyDocumentId::from_uuid),
        approval: row.approved_us.map(|at| Approval {
            by: row.approved_by.map(PersonId::from_uuid),
            at: from_micros(at),
        }),
        saved_at: from_micros(row.saved_us),
        version: row.version,
    })
}
