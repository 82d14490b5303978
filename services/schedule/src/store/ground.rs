//! What a version of the timetable is held against, and the titles beside it.

use std::collections::{BTreeMap, HashMap, HashSet};

use chassis::db::Corrupt;
use jiff::civil::Date;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SubjectId};

use super::School;
use super::calendars::{self, SchoolYear};
use super::column;
use super::entity::{group_member, room, school_class, study_group, subject, teaching_load};
use crate::domain::bells::Bells;
use crate::domain::timetable::conflicts::{Ground, Group, LoadKey};

/// Titles that people see.
#[derive(Debug, Clone, Default)]
pub struct Titles {
    /// Groups of the year, with their class.
    pub groups: HashMap<GroupId, (String, Option<ClassId>)>,
    /// Subjects of the region.
    pub subjects: HashMap<SubjectId, String>,
    /// Rooms of the school.
    pub rooms: HashMap<Uuid, String>,
}

impl Titles {
    /// Title of a room; empty = none.
    pub fn room(&self, room: Option<Uuid>) -> String {
        let title = room.and_then(|room| self.rooms.get(&room));
        title.cloned().unwrap_or_default()
    }
}

/// The titles of a school's year.
pub async fn titles(
    conn: &impl ConnectionTrait,
    school: School,
    year: &SchoolYear,
) -> Result<Titles, DbErr> {
    let groups = groups_of(conn, school, year).await?.into_iter();
    let group = |row: study_group::Model| {
        let class = row.class_id.map(ClassId::from_uuid);
        (GroupId::from_uuid(row.group_id), (row.title, class))
    };
    let subjects = subject::Entity::find().all(conn).await?.into_iter();
    let rooms = room::Entity::find()
        .filter(room::Column::SchoolId.eq(school.uuid()))
        .all(conn)
        .await?;
    Ok(Titles {
        groups: groups.map(group).collect(),
        subjects: subjects
            .map(|row| (SubjectId::from_uuid(row.subject_id), row.title))
            .collect(),
        rooms: rooms
            .into_iter()
            .map(|row| (row.room_id, row.title))
            .collect(),
    })
}

/// The ground of a school's year, with the loads and memberships of a day. Before the
/// first load begins, its first day counts.
pub async fn ground(
    conn: &impl ConnectionTrait,
    school: School,
    year: &SchoolYear,
    day: Date,
) -> Result<Ground, DbErr> {
    let bells = calendars::bells(conn, school, year).await?;
    let bells = Bells::new(&bells)
        .map_err(|faults| Corrupt::new("bell", "starts_at", format!("{faults:?}")))?;
    Ok(Ground {
        week: year.week,
        bells,
        groups: groups(conn, school, year).await?,
        loads: loads(conn, school, year, day).await?,
        shared: shared(conn, school, day).await?,
    })
}

async fn groups_of(
    conn: &impl ConnectionTrait,
    school: School,
    year: &SchoolYear,
) -> Result<Vec<study_group::Model>, DbErr> {
    study_group::Entity::find()
        .filter(study_group::Column::SchoolId.eq(school.uuid()))
        .filter(study_group::Column::AcademicYear.eq(year.year.to_string()))
        .all(conn)
        .await
}

/// Groups that a plan has named: those with grade and shift. The whole class is the group
/// that is called as the class.
async fn groups(
    conn: &impl ConnectionTrait,
    school: School,
    year: &SchoolYear,
) -> Result<HashMap<GroupId, Group>, DbErr> {
    let classes = school_class::Entity::find()
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .filter(school_class::Column::AcademicYear.eq(year.year.to_string()))
        .all(conn)
        .await?;
    let classes: HashMap<Uuid, String> = classes
        .into_iter()
        .map(|row| (row.class_id, row.title))
        .collect();
    let mut groups = HashMap::new();
    for row in groups_of(conn, school, year).await? {
        let (Some(grade), Some(shift)) = (row.grade, row.shift) else {
            continue;
        };
        let class = row.class_id.and_then(|class| classes.get(&class));
        let group = Group {
            class: row.class_id.map(ClassId::from_uuid),
            whole: class == Some(&row.title),
            grade: column::read_small("study_group", "grade", grade)?,
            shift: column::read_small("study_group", "shift", shift)?,
        };
        groups.insert(GroupId::from_uuid(row.group_id), group);
    }
    Ok(groups)
}

async fn loads(
    conn: &impl ConnectionTrait,
    school: School,
    year: &SchoolYear,
    day: Date,
) -> Result<BTreeMap<LoadKey, u32>, DbErr> {
    let rows = teaching_load::Entity::find()
        .filter(teaching_load::Column::SchoolId.eq(school.uuid()))
        .filter(teaching_load::Column::AcademicYear.eq(year.year.to_string()))
        .all(conn)
        .await?;
    // Days as text sort by time.
    let first = rows.iter().map(|row| row.starts_on.clone()).min();
    let day = column::date(day).max(first.unwrap_or_default());
    let mut loads: BTreeMap<LoadKey, u32> = BTreeMap::new();
    for row in rows {
        if row.starts_on > day || row.ends_on.is_some_and(|last| last < day) {
            continue;
        }
        let key = (
            GroupId::from_uuid(row.group_id),
            SubjectId::from_uuid(row.subject_id),
            PersonId::from_uuid(row.teacher_id),
        );
        let hours = row.weekly_hours_hundredths;
        *loads.entry(key).or_default() += u32::try_from(hours)
            .map_err(|_| Corrupt::new("teaching_load", "weekly_hours_hundredths", hours))?;
    }
    Ok(loads)
}

/// Pairs of groups with a common pupil who is or is going to be in both.
async fn shared(
    conn: &impl ConnectionTrait,
    school: School,
    day: Date,
) -> Result<HashSet<(GroupId, GroupId)>, DbErr> {
    use group_member::Column::{EndsOn, GroupId as Group, PupilId, SchoolId};
    let still_in = Condition::any()
        .add(EndsOn.is_null())
        .add(EndsOn.gte(column::date(day)));
    let rows: Vec<(Uuid, Uuid)> = group_member::Entity::find()
        .select_only()
        .columns([PupilId, Group])
        .filter(SchoolId.eq(school.uuid()))
        .filter(still_in)
        .into_tuple()
        .all(conn)
        .await?;
    let mut of_pupil: HashMap<Uuid, Vec<GroupId>> = HashMap::new();
    for (pupil, group) in rows {
        of_pupil
            .entry(pupil)
            .or_default()
            .push(GroupId::from_uuid(group));
    }
    let mut shared = HashSet::new();
    for groups in of_pupil.values() {
        for (at, one) in groups.iter().enumerate() {
            for other in groups[at + 1..].iter().filter(|other| *other != one) {
                shared.insert((*one.min(other), *one.max(other)));
            }
        }
    }
    Ok(shared)
}
