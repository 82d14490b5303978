//! Journals: group × subject × academic year.

use std::collections::HashMap;

use chassis::{db::upsert, ids::Ids};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Value,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, JournalId, PersonId, SchoolId, SubjectId};

use super::{all, entity::journal, padded, pupils::Name};
use crate::domain::collation::sort_key;

/// A journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// Id.
    pub id: JournalId,
    /// School.
    pub school: SchoolId,
    /// First calendar year of the academic year.
    pub academic_year: i16,
    /// Group.
    pub group: GroupId,
    /// Title of the group.
    pub group_title: String,
    /// Class; none when of several.
    pub class: Option<ClassId>,
    /// Grade; 0 until a lesson or a class tells it.
    pub grade: i16,
    /// Subject.
    pub subject: SubjectId,
    /// Title of the subject.
    pub subject_title: String,
}

/// What makes a journal: the unique key, and what is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// First calendar year of the academic year.
    pub academic_year: i16,
    /// Group.
    pub group: Uuid,
    /// Subject.
    pub subject: Uuid,
    /// Title of the group; empty = not known here.
    pub group_title: String,
    /// Class.
    pub class: Option<Uuid>,
    /// Grade; 0 = not known here.
    pub grade: i16,
    /// Title of the subject.
    pub subject_title: String,
}

/// Unique key inside a school: year, group, subject.
pub type SeedKey = (i16, Uuid, Uuid);

impl Seed {
    /// Its key.
    pub fn key(&self) -> SeedKey {
        (self.academic_year, self.group, self.subject)
    }
}

fn of_row(row: &journal::Model) -> Journal {
    Journal {
        id: JournalId::from_uuid(row.journal_id),
        school: SchoolId::from_uuid(row.school_id),
        academic_year: row.academic_year,
        group: GroupId::from_uuid(row.group_id),
        group_title: row.group_title.clone(),
        class: row.class_id.map(ClassId::from_uuid),
        grade: row.grade,
        subject: SubjectId::from_uuid(row.subject_id),
        subject_title: row.subject_title.clone(),
    }
}

/// The newest year first, then by class, then by subject.
fn order(row: &journal::Model) -> String {
    let (year, grade) = (9_999 - row.academic_year, row.grade);
    let (group, subject) = (sort_key(&row.group_title), sort_key(&row.subject_title));
    format!("{year:04} {grade:02} {group} {subject}")
}

/// Finds or opens the journals of the seeds (one school). Returns the ids by key,
/// and the journals that are new or have changed.
pub async fn ensure(
    conn: &impl ConnectionTrait,
    ids: &Ids,
    school: Uuid,
    seeds: &[Seed],
) -> Result<(HashMap<SeedKey, Uuid>, Vec<Journal>), DbErr> {
    let mut wanted: HashMap<SeedKey, &Seed> = HashMap::new();
    for seed in seeds {
        wanted.insert(seed.key(), seed);
    }
    let mut groups: Vec<Uuid> = wanted.keys().map(|key| key.1).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut found = HashMap::new();
    if !groups.is_empty() {
        let rows = journal::Entity::find()
            .filter(journal::Column::SchoolId.eq(school))
            .filter(journal::Column::GroupId.is_in(groups))
            .all(conn)
            .await?;
        found = rows
            .into_iter()
            .map(|row| ((row.academic_year, row.group_id, row.subject_id), row))
            .collect();
    }
    let mut changed = Vec::new();
    let mut places = HashMap::new();
    for (key, seed) in wanted {
        let present = found.get(&key);
        let row = grown(present, seed, || journal::Model {
            school_id: school,
            journal_id: ids.uuid(),
            academic_year: seed.academic_year,
            group_id: seed.group,
            group_title: String::new(),
            class_id: None,
            grade: 0,
            subject_id: seed.subject,
            subject_title: String::new(),
            sort_key: String::new(),
        });
        places.insert(key, row.journal_id);
        if present != Some(&row) {
            changed.push(row);
        }
    }
    changed.sort_by_key(|row| row.journal_id);
    let journals = changed.iter().map(of_row).collect();
    upsert::<journal::Entity, _>(conn, changed).await?;
    Ok((places, journals))
}

/// The row with what the seed knows; what the seed does not know stays.
fn grown(
    present: Option<&journal::Model>,
    seed: &Seed,
    fresh: impl FnOnce() -> journal::Model,
) -> journal::Model {
    let mut row = present.cloned().unwrap_or_else(fresh);
    if !seed.group_title.is_empty() {
        row.group_title.clone_from(&seed.group_title);
        row.class_id = seed.class;
    }
    if seed.grade > 0 {
        row.grade = seed.grade;
    }
    if !seed.subject_title.is_empty() {
        row.subject_title.clone_from(&seed.subject_title);
    }
    row.sort_key = order(&row);
    row
}

/// Journals of groups, as seeds with what is known of them.
pub async fn seeds_of_groups(
    conn: &impl ConnectionTrait,
    school: Uuid,
    groups: &[Uuid],
) -> Result<Vec<Seed>, DbErr> {
    let rows = journal::Entity::find()
        .filter(journal::Column::SchoolId.eq(school))
        .filter(journal::Column::GroupId.is_in(groups.iter().copied()))
        .all(conn)
        .await?;
    let seed = |row: journal::Model| Seed {
        academic_year: row.academic_year,
        group: row.group_id,
        subject: row.subject_id,
        group_title: row.group_title,
        class: row.class_id,
        grade: row.grade,
        subject_title: row.subject_title,
    };
    Ok(rows.into_iter().map(seed).collect())
}

/// Journals by id, in no order.
pub async fn find(
    conn: &impl ConnectionTrait,
    school: Uuid,
    journals: &[Uuid],
) -> Result<Vec<Journal>, DbErr> {
    let rows = journal::Entity::find()
        .filter(journal::Column::SchoolId.eq(school))
        .filter(journal::Column::JournalId.is_in(journals.iter().copied()))
        .all(conn)
        .await?;
    Ok(rows.iter().map(of_row).collect())
}

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
    let (marks, ids) = padded(&ids);
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

/// Ids of journals in order, from a place on.
pub async fn list(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    whose: Whose<'_>,
    class: Option<ClassId>,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<(String, JournalId)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        sort_key: String,
        journal_id: Uuid,
    }
    let mut sql = "SELECT j.sort_key, j.journal_id FROM journal j WHERE j.school_id = ?".to_owned();
    let mut values: Vec<Value> = vec![school.uuid().into()];
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

/// Teachers of journals by all their loads, for the announcement of a journal.
pub async fn load_teachers(
    conn: &impl ConnectionTrait,
    school: Uuid,
    journals: &[Uuid],
) -> Result<HashMap<Uuid, Vec<PersonId>>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        journal_id: Uuid,
        teacher_id: Uuid,
    }
    let ids: Vec<Value> = journals.iter().map(|journal| (*journal).into()).collect();
    let (marks, ids) = padded(&ids);
    let sql = format!(
        "SELECT DISTINCT journal_id, teacher_id FROM teaching_load
        WHERE school_id = ? AND journal_id IN ({marks}) ORDER BY journal_id, teacher_id"
    );
    let rows: Vec<Row> = all(conn, &sql, std::iter::once(school.into()).chain(ids)).await?;
    let mut teachers: HashMap<Uuid, Vec<PersonId>> = HashMap::new();
    for row in rows {
        teachers
            .entry(row.journal_id)
            .or_default()
            .push(PersonId::from_uuid(row.teacher_id));
    }
    Ok(teachers)
}
