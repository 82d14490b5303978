//! Rollovers: the saved plan of a year, and what applying it did.

use chassis::db::Corrupt;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use zhurnal_proto::id::{ClassId, GroupId, OrderId, PersonId};

use super::entity::{
    rollover, rollover_class, rollover_group, rollover_next_class, rollover_pupil,
};
use super::registries::Change;
use super::{School, column, insert};
use crate::domain::rollover::{ClassPassage, GroupPassage, NextClass, Plan, PupilPassage};

/// What applying a plan did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pupils promoted.
    pub promoted: u32,
    /// Pupils who stay for a second year.
    pub staying: u32,
    /// Pupils who graduate.
    pub graduating: u32,
    /// Classes made.
    pub classes: u32,
    /// Groups made.
    pub groups: u32,
    /// Memberships opened.
    pub opened: u32,
    /// Memberships ended.
    pub ended: u32,
}

/// An application that is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// When, microseconds.
    pub at_us: i64,
    /// Order of promotion; `None` when nobody went on.
    pub promotion: Option<OrderId>,
    /// Order of graduation.
    pub graduation: Option<OrderId>,
    /// What it did.
    pub counts: Counts,
}

/// The rollover of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Calendar year in which the closed academic year began.
    pub year: i16,
    /// The choices.
    pub plan: Plan,
    /// `None`: a draft.
    pub applied: Option<Applied>,
    /// Version, from 1.
    pub version: i64,
}

/// The rollover of a year; `None` when nobody has saved a plan.
pub async fn get(
    conn: &impl ConnectionTrait,
    school: School,
    year: i16,
) -> Result<Option<Kept>, DbErr> {
    let Some(row) = rollover::Entity::find_by_id((school.uuid(), year))
        .one(conn)
        .await?
    else {
        return Ok(None);
    };
    const TABLE: &str = "rollover";
    let plan = Plan {
        next_classes: next_classes(conn, school, year).await?,
        classes: classes(conn, school, year).await?,
        pupils: pupils(conn, school, year).await?,
        groups: groups(conn, school, year).await?,
        graduates_until: column::read_date((TABLE, "graduates_until"), &row.graduates_until)?,
    };
    let applied = Applied {
        at_us: row.applied_us,
        promotion: row.promotion_id.map(OrderId::from_uuid),
        graduation: row.graduation_id.map(OrderId::from_uuid),
        counts: Counts {
            promoted: column::read_count(row.promoted),
            staying: column::read_count(row.staying),
            graduating: column::read_count(row.graduating),
            classes: column::read_count(row.classes_made),
            groups: column::read_count(row.groups_made),
            opened: column::read_count(row.memberships_opened),
            ended: column::read_count(row.memberships_ended),
        },
    };
    let applied = match row.state {
        DRAFT => None,
        APPLIED => Some(applied),
        other => return Err(Corrupt::new(TABLE, "state", other).into()),
    };
    Ok(Some(Kept {
        year,
        plan,
        applied,
        version: row.version,
    }))
}

const DRAFT: i16 = 1;
const APPLIED: i16 = 2;

/// Adds a rollover, or replaces one that is held.
pub async fn put(
    conn: &impl ConnectionTrait,
    school: School,
    kept: &Kept,
    change: &Change,
) -> Result<(), DbErr> {
    put_state(conn, school, kept, change).await?;
    forget_plan(conn, school, kept.year).await?;
    let (school_id, year) = (school.uuid(), kept.year);
    let next_classes = kept.plan.next_classes.iter();
    let next_classes = next_classes.map(|one| rollover_next_class::Model {
        school_id,
        year,
        class_id: one.id.uuid(),
        group_id: one.group.uuid(),
        grade: one.grade.into(),
        letter: one.letter.clone(),
        shift: one.shift.into(),
        class_teacher_id: one.class_teacher_id.map(PersonId::uuid),
    });
    insert::all(conn, next_classes.collect()).await?;
    let classes = kept.plan.classes.iter().map(|one| rollover_class::Model {
        school_id,
        year,
        class_id: one.class.uuid(),
        next_class_id: one.next.map(ClassId::uuid),
    });
    insert::all(conn, classes.collect()).await?;
    let pupils = kept.plan.pupils.iter().map(|one| rollover_pupil::Model {
        school_id,
        year,
        pupil_id: one.pupil.uuid(),
        next_class_id: one.next.map(ClassId::uuid),
    });
    insert::all(conn, pupils.collect()).await?;
    let groups = kept.plan.groups.iter().map(|one| rollover_group::Model {
        school_id,
        year,
        group_id: one.group.uuid(),
        next_group_id: one.next.uuid(),
        carry: column::carry(one.carry),
    });
    insert::all(conn, groups.collect()).await
}

/// State and counts of a rollover, not its plan.
pub async fn put_state(
    conn: &impl ConnectionTrait,
    school: School,
    kept: &Kept,
    change: &Change,
) -> Result<(), DbErr> {
    let applied = kept.applied;
    let counts = applied.map(|one| one.counts).unwrap_or_default();
    let row = rollover::Model {
        school_id: school.uuid(),
        year: kept.year,
        state: if applied.is_some() { APPLIED } else { DRAFT },
        graduates_until: column::date(kept.plan.graduates_until),
        promotion_id: applied.and_then(|one| one.promotion).map(OrderId::uuid),
        graduation_id: applied.and_then(|one| one.graduation).map(OrderId::uuid),
        promoted: column::count(counts.promoted),
        staying: column::count(counts.staying),
        graduating: column::count(counts.graduating),
        classes_made: column::count(counts.classes),
        groups_made: column::count(counts.groups),
        memberships_opened: column::count(counts.opened),
        memberships_ended: column::count(counts.ended),
        applied_us: applied.map_or(0, |one| one.at_us),
        version: kept.version,
        changed_us: chassis::db::micros(change.at),
        changed_by: change.by.clone(),
    };
    if kept.version == 1 {
        return insert::all(conn, vec![row]).await;
    }
    rollover::Entity::update(row.into_active_model().reset_all())
        .exec(conn)
        .await?;
    Ok(())
}

async fn forget_plan(conn: &impl ConnectionTrait, school: School, year: i16) -> Result<(), DbErr> {
    macro_rules! forget {
        ($($table:ident),+) => {$(
            $table::Entity::delete_many()
                .filter($table::Column::SchoolId.eq(school.uuid()))
                .filter($table::Column::Year.eq(year))
                .exec(conn)
                .await?;
        )+};
    }
    forget!(
        rollover_next_class,
        rollover_class,
        rollover_pupil,
        rollover_group
    );
    Ok(())
}

async fn next_classes(
    conn: &impl ConnectionTrait,
    school: School,
    year: i16,
) -> Result<Vec<NextClass>, DbErr> {
    use rollover_next_class::Column as C;
    const TABLE: &str = "rollover_next_class";
    let rows = rollover_next_class::Entity::find()
        .filter(C::SchoolId.eq(school.uuid()))
        .filter(C::Year.eq(year))
        .order_by_asc(C::Grade)
        .order_by_asc(C::Letter)
        .order_by_asc(C::ClassId)
        .all(conn)
        .await?;
    let read = |row: rollover_next_class::Model| {
        Ok(NextClass {
            id: ClassId::from_uuid(row.class_id),
            group: GroupId::from_uuid(row.group_id),
            grade: column::read_small((TABLE, "grade"), row.grade)?,
            letter: row.letter,
            shift: column::read_small((TABLE, "shift"), row.shift)?,
            class_teacher_id: row.class_teacher_id.map(PersonId::from_uuid),
        })
    };
    let read = rows.into_iter().map(read);
    read.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

async fn classes(
    conn: &impl ConnectionTrait,
    school: School,
    year: i16,
) -> Result<Vec<ClassPassage>, DbErr> {
    let rows = rollover_class::Entity::find()
        .filter(rollover_class::Column::SchoolId.eq(school.uuid()))
        .filter(rollover_class::Column::Year.eq(year))
        .order_by_asc(rollover_class::Column::ClassId)
        .all(conn)
        .await?;
    let read = rows.into_iter().map(|row| ClassPassage {
        class: ClassId::from_uuid(row.class_id),
        next: row.next_class_id.map(ClassId::from_uuid),
    });
    Ok(read.collect())
}

async fn pupils(
    conn: &impl ConnectionTrait,
    school: School,
    year: i16,
) -> Result<Vec<PupilPassage>, DbErr> {
    let rows = rollover_pupil::Entity::find()
        .filter(rollover_pupil::Column::SchoolId.eq(school.uuid()))
        .filter(rollover_pupil::Column::Year.eq(year))
        .order_by_asc(rollover_pupil::Column::PupilId)
        .all(conn)
        .await?;
    let read = rows.into_iter().map(|row| PupilPassage {
        pupil: PersonId::from_uuid(row.pupil_id),
        next: row.next_class_id.map(ClassId::from_uuid),
    });
    Ok(read.collect())
}

async fn groups(
    conn: &impl ConnectionTrait,
    school: School,
    year: i16,
) -> Result<Vec<GroupPassage>, DbErr> {
    let rows = rollover_group::Entity::find()
        .filter(rollover_group::Column::SchoolId.eq(school.uuid()))
        .filter(rollover_group::Column::Year.eq(year))
        .order_by_asc(rollover_group::Column::GroupId)
        .all(conn)
        .await?;
    let read = rows.into_iter().map(|row| {
        Ok(GroupPassage {
            group: GroupId::from_uuid(row.group_id),
            next: GroupId::from_uuid(row.next_group_id),
            carry: column::read_carry(("rollover_group", "carry"), row.carry)?,
        })
    });
    read.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}
