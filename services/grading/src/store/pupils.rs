//! Pupils: where they are, who may read their diary, names.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Value};
use uuid::Uuid;
use zhurnal_proto::id::{PersonId, SchoolId};

use super::all;

/// A name as in the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic; may be empty.
    pub patronymic: String,
}

impl Name {
    /// From the columns `<prefix>surname`, …; `None` when the card is not there.
    pub(super) fn of_row(row: &QueryResult, prefix: &str) -> Result<Option<Name>, DbErr> {
        let part = |column: &str| row.try_get::<Option<String>>(prefix, column);
        Ok(Name::of(
            part("surname")?,
            part("given_name")?,
            part("patronymic")?,
        ))
    }

    pub(super) fn of(
        surname: Option<String>,
        given: Option<String>,
        patronymic: Option<String>,
    ) -> Option<Name> {
        Some(Name {
            surname: surname?,
            given_name: given?,
            patronymic: patronymic.unwrap_or_default(),
        })
    }
}

/// A pupil with the facts that access to the diary rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PupilFacts {
    /// School.
    pub school: SchoolId,
    /// First day of the newest enrolment there; empty when there is none.
    pub since: String,
    /// Pupil.
    pub pupil: PersonId,
    /// Name, unless erased.
    pub name: Option<Name>,
    /// Title of the present class; empty when there is none.
    pub class_title: String,
    /// Grade of the present class; 0 when there is none.
    pub grade: i16,
    /// Zone of the school by name.
    pub time_zone: String,
    /// Guardians in force who are legal representatives.
    pub guardians: Vec<PersonId>,
    /// Class teachers of the present classes.
    pub class_teachers: Vec<PersonId>,
}

/// Facts of pupils on a day; those that do not exist are left out.
pub async fn facts(
    conn: &impl ConnectionTrait,
    pupils: &[PersonId],
    today: &str,
) -> Result<Vec<PupilFacts>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        pupil_id: Uuid,
        school_id: Uuid,
        since: Option<String>,
        time_zone: Option<String>,
        surname: Option<String>,
        given_name: Option<String>,
        patronymic: Option<String>,
        class_title: Option<String>,
        grade: Option<i16>,
        class_teacher_id: Option<Uuid>,
        guardian_id: Option<Uuid>,
    }
    let ids: Vec<Value> = pupils.iter().map(|pupil| pupil.uuid().into()).collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let sql = format!(
        "SELECT h.pupil_id, h.school_id,
            (SELECT max(b.starts_on) FROM enrolment b WHERE b.school_id = h.school_id
                AND b.pupil_id = h.pupil_id AND b.starts_on <= b.ends_on) AS since,
            s.time_zone, p.surname, p.given_name, p.patronymic,
            k.title AS class_title, k.grade, k.class_teacher_id, g.guardian_id
        FROM pupil_school h
        LEFT JOIN school s ON s.school_id = h.school_id
        LEFT JOIN person_card p ON p.school_id = h.school_id AND p.person_id = h.pupil_id
        LEFT JOIN enrolment e ON e.school_id = h.school_id AND e.pupil_id = h.pupil_id
            AND e.starts_on <= ? AND e.ends_on >= ?
        LEFT JOIN school_class k ON k.school_id = h.school_id AND k.class_id = e.class_id
        LEFT JOIN guardian_link g ON g.school_id = h.school_id AND g.pupil_id = h.pupil_id
            AND g.is_representative AND g.starts_on <= ? AND g.ends_on >= ?
        WHERE h.pupil_id IN ({marks})"
    );
    let dates: [Value; 4] = [today.into(), today.into(), today.into(), today.into()];
    let rows: Vec<Row> = all(conn, &sql, dates.into_iter().chain(ids)).await?;
    let mut found: Vec<PupilFacts> = Vec::new();
    for row in rows {
        let pupil = PersonId::from_uuid(row.pupil_id);
        let at = found
            .iter()
            .position(|facts| facts.pupil == pupil)
            .unwrap_or_else(|| {
                found.push(PupilFacts {
                    school: SchoolId::from_uuid(row.school_id),
                    since: row.since.unwrap_or_default(),
                    pupil,
                    name: Name::of(row.surname, row.given_name, row.patronymic),
                    class_title: row.class_title.unwrap_or_default(),
                    grade: row.grade.unwrap_or(0),
                    time_zone: row.time_zone.unwrap_or_default(),
                    guardians: Vec::new(),
                    class_teachers: Vec::new(),
                });
                found.len() - 1
            });
        let facts = &mut found[at];
        push(&mut facts.guardians, row.guardian_id);
        push(&mut facts.class_teachers, row.class_teacher_id);
    }
    Ok(found)
}

impl PupilFacts {
    /// Schools in which the pupil was before and may have lessons from a day on: what
    /// was recorded there stays the pupil's. No question is asked of a pupil who was in
    /// the present class by then.
    pub async fn earlier_schools(
        &self,
        conn: &impl ConnectionTrait,
        from: &str,
    ) -> Result<Vec<SchoolId>, DbErr> {
        #[derive(FromQueryResult)]
        struct Row {
            school_id: Uuid,
        }
        if self.since.as_str() <= from {
            return Ok(Vec::new());
        }
        let sql = "SELECT DISTINCT school_id FROM enrolment
            WHERE pupil_id = ? AND school_id <> ? AND ends_on >= ? AND starts_on <= ends_on
            ORDER BY school_id";
        let values = [
            self.pupil.uuid().into(),
            self.school.uuid().into(),
            from.into(),
        ];
        let rows: Vec<Row> = all(conn, sql, values).await?;
        Ok(rows
            .into_iter()
            .map(|row| SchoolId::from_uuid(row.school_id))
            .collect())
    }
}

fn push(list: &mut Vec<PersonId>, id: Option<Uuid>) {
    if let Some(person) = id.map(PersonId::from_uuid)
        && !list.contains(&person)
    {
        list.push(person);
    }
}

/// Names of people of a school; those without a card are left out.
pub async fn names(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    people: &[PersonId],
) -> Result<Vec<(PersonId, Name)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        person_id: Uuid,
        surname: String,
        given_name: String,
        patronymic: String,
    }
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Value> = people.iter().map(|person| person.uuid().into()).collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let sql = format!(
        "SELECT person_id, surname, given_name, patronymic FROM person_card
        WHERE school_id = ? AND person_id IN ({marks})"
    );
    let rows: Vec<Row> = all(conn, &sql, std::iter::once(school.uuid().into()).chain(ids)).await?;
    let named = |row: Row| {
        let name = Name {
            surname: row.surname,
            given_name: row.given_name,
            patronymic: row.patronymic,
        };
        (PersonId::from_uuid(row.person_id), name)
    };
    Ok(rows.into_iter().map(named).collect())
}
