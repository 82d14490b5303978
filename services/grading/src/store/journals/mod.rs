//! Journals: group × subject × academic year.

mod facts;

use std::collections::{HashMap, HashSet};

use chassis::{db::upsert, ids::Ids};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Value,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, JournalId, PersonId, SchoolId, SubjectId};

pub use self::facts::{JournalFacts, Whose, facts, list, years};
use super::{
    all,
    entity::{journal, study_group},
};
use crate::domain::{collation::sort_key, policy::Policy};

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
    /// Its lessons have no marks.
    pub unmarked: bool,
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
        unmarked: row.unmarked,
    }
}

/// The newest year first, then by class, then by subject.
fn order(row: &journal::Model) -> String {
    let (year, grade) = (9_999 - row.academic_year, row.grade);
    let (group, subject) = (sort_key(&row.group_title), sort_key(&row.subject_title));
    format!("{year:04} {grade:02} {group} {subject}")
}

/// Groups without marks, among some.
async fn unmarked(
    conn: &impl ConnectionTrait,
    school: Uuid,
    groups: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let rows = study_group::Entity::find()
        .filter(study_group::Column::SchoolId.eq(school))
        .filter(study_group::Column::GroupId.is_in(groups.iter().copied()))
        .filter(study_group::Column::Unmarked.eq(true))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.group_id).collect())
}

/// Finds or opens the journals of the seeds (one school). Returns the ids by key,
/// and the journals that are new or have changed.
pub async fn ensure(
    conn: &impl ConnectionTrait,
    (ids, policy): (&Ids, &Policy),
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
    let mut without_marks = HashSet::new();
    if !groups.is_empty() {
        without_marks = unmarked(conn, school, &groups).await?;
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
        let mut row = grown(present, seed, || journal::Model {
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
            unmarked: false,
        });
        row.unmarked =
            without_marks.contains(&row.group_id) || policy.is_unmarked(&row.subject_title);
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
    let (marks, ids) = chassis::db::padded(&ids);
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
