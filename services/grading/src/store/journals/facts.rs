//! Who has to do with a journal, and whose journals a list holds: the same rule twice.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, JournalId, PersonId, SchoolId};

use super::{
    super::{all, entity::journal, pupils::Name},
    Journal, of_row,
};

/// A journal with the facts that access to it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalFacts {
    /// The journal.
    pub journal: Journal,
    /// Class teacher of its class.
    pub class_teacher: Option<PersonId>,
    /// Teachers by the load in force, by name.
    pub teachers: Vec<(PersonId, Option<Name>)>,
    /// The person asked about teaches one of its lessons by the timetable.
    pub teaches: bool,
    /// The person asked about is the substitute at one of its lessons.
    pub substitutes: bool,
    /// Zone of the school by name.
    pub time_zone: String,
    /// The period that has begun last: first and last day.
    pub period: Option<(String, String)>,
}

/// Facts of journals on a day, with what `person` has to do with them.
pub async fn facts(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    journals: &[JournalId],
    person: PersonId,
    today: &str,
) -> Result<Vec<JournalFacts>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        #[sea_orm(nested)]
        journal: journal::Model,
        time_zone: String,
        class_teacher_id: Option<Uuid>,
        load_teacher_id: Option<Uuid>,
        surname: Option<String>,
        given_name: Option<String>,
        patronymic: Option<String>,
        teaches: bool,
        substitutes: bool,
        period_from: Option<String>,
        period_to: Option<String>,
    }
    let ids: Vec<Value> = journals
        .iter()
        .map(|journal| journal.uuid().into())
        .collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let sql = format!(
        "SELECT j.*, s.time_zone, k.class_teacher_id, t.teacher_id AS load_teacher_id,
            p.surname, p.given_name, p.patronymic, d.starts_on AS period_from, d.ends_on AS period_to,
            EXISTS (SELECT 1 FROM lesson l WHERE l.school_id = j.school_id AND l.journal_id = j.journal_id
                AND l.teacher_id = ?) AS teaches,
            EXISTS (SELECT 1 FROM lesson l WHERE l.school_id = j.school_id AND l.journal_id = j.journal_id
                AND l.substitute_id = ?) AS substitutes
        FROM journal j
        JOIN school s ON s.school_id = j.school_id
        LEFT JOIN school_class k ON k.school_id = j.school_id AND k.class_id = j.class_id
        LEFT JOIN teaching_load t ON t.school_id = j.school_id AND t.journal_id = j.journal_id
            AND t.starts_on <= ? AND t.ends_on >= ?
        LEFT JOIN person_card p ON p.school_id = j.school_id AND p.person_id = t.teacher_id
        LEFT JOIN period d ON d.school_id = j.school_id AND d.period_id = (
            SELECT o.period_id FROM period o WHERE o.school_id = j.school_id AND o.academic_year = j.academic_year
                AND o.grade_from <= j.grade AND o.grade_to >= j.grade
            ORDER BY CASE WHEN o.starts_on <= ? THEN 0 ELSE 1 END,
                CASE WHEN o.starts_on <= ? THEN o.starts_on END DESC, o.starts_on LIMIT 1)
        WHERE j.school_id = ? AND j.journal_id IN ({marks})
        ORDER BY j.sort_key, j.journal_id, p.sort_key"
    );
    let before: [Value; 7] = [
        person.uuid().into(),
        person.uuid().into(),
        today.into(),
        today.into(),
        today.into(),
        today.into(),
        school.uuid().into(),
    ];
    let rows: Vec<Row> = all(conn, &sql, before.into_iter().chain(ids)).await?;
    let mut found: Vec<JournalFacts> = Vec::new();
    for row in rows {
        if found
            .last()
            .is_none_or(|last| last.journal.id.uuid() != row.journal.journal_id)
        {
            found.push(JournalFacts {
                journal: of_row(&row.journal),
                class_teacher: row.class_teacher_id.map(PersonId::from_uuid),
                teachers: Vec::new(),
                teaches: row.teaches,
                substitutes: row.substitutes,
                time_zone: row.time_zone,
                period: row.period_from.zip(row.period_to),
            });
        }
        let (Some(facts), Some(teacher)) = (found.last_mut(), row.load_teacher_id) else {
            continue;
        };
        let teacher = PersonId::from_uuid(teacher);
        if !facts.teachers.iter().any(|(known, _)| *known == teacher) {
            facts.teachers.push((
                teacher,
                Name::of(row.surname, row.given_name, row.patronymic),
            ));
        }
    }
    Ok(found)
}

/// Whose journals a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose<'a> {
    /// All of the school.
    All,
    /// Those that the person teaches, substitutes in, or whose class it leads, on
    /// the day: the same rule as [`facts`] and the access policy of journals.
    Of(PersonId, &'a str),
}

/// First calendar years of the academic years in which a school has journals, the earliest first.
pub async fn years(conn: &impl ConnectionTrait, school: SchoolId) -> Result<Vec<i16>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        academic_year: i16,
    }
    let sql =
        "SELECT DISTINCT academic_year FROM journal WHERE school_id = ? ORDER BY academic_year";
    let rows: Vec<Row> = all(conn, sql, [school.uuid().into()]).await?;
    Ok(rows.into_iter().map(|row| row.academic_year).collect())
}

/// Ids of a year's journals in order, of a class or of all, from a place on.
pub async fn list(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    whose: Whose<'_>,
    (year, class): (i16, Option<ClassId>),
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<(String, JournalId)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        sort_key: String,
        journal_id: Uuid,
    }
    let mut sql = "SELECT j.sort_key, j.journal_id FROM journal j
        WHERE j.school_id = ? AND j.academic_year = ?"
        .to_owned();
    let mut values: Vec<Value> = vec![school.uuid().into(), year.into()];
    if let Whose::Of(person, today) = whose {
        sql.push_str(OWN);
        let (school, person) = (school.uuid(), person.uuid());
        values.extend((0..4).flat_map(|_| [Value::from(school), Value::from(person)]));
        values.extend([today.into(), today.into()]);
    }
    if let Some(class) = class {
        sql.push_str(" AND j.class_id = ?");
        values.push(class.uuid().into());
    }
    if let Some((key, id)) = after {
        sql.push_str(" AND (j.sort_key, j.journal_id) > (?, ?)");
        values.extend([key.into(), id.into()]);
    }
    sql.push_str(" ORDER BY j.sort_key, j.journal_id LIMIT ?");
    values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let rows: Vec<Row> = all(conn, &sql, values).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.sort_key, JournalId::from_uuid(row.journal_id)))
        .collect())
}

const OWN: &str = " AND (
    j.class_id IN (SELECT k.class_id FROM school_class k WHERE k.school_id = ? AND k.class_teacher_id = ?)
    OR j.journal_id IN (
        SELECT l.journal_id FROM lesson l WHERE l.school_id = ? AND l.teacher_id = ?
        UNION SELECT l.journal_id FROM lesson l WHERE l.school_id = ? AND l.substitute_id = ?
        UNION SELECT t.journal_id FROM teaching_load t WHERE t.school_id = ? AND t.teacher_id = ?
            AND t.starts_on <= ? AND t.ends_on >= ?))";
