//! Decisions on how the journal is kept.

use chassis::db::Corrupt;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, JournalModeId, PersonId, RegistryRecordId, SchoolId};

use super::entity::journal_mode;
use super::registries::Change;
use super::{School, column, records, schools};
use crate::domain::journal_mode::{Mode, Subject};

/// A decision, its version, and who has changed it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The decision.
    pub mode: Mode,
    /// Version, from 1.
    pub version: i64,
    /// When it was changed last.
    pub at_us: i64,
    /// Who has changed it last, by name.
    pub by: String,
}

/// Holds the school's decisions against other changes until the end of the transaction,
/// and reads all of them. A school makes few: some dozens in a year.
pub async fn hold(conn: &impl ConnectionTrait, school: School) -> Result<Vec<Kept>, DbErr> {
    schools::hold(conn, school).await?;
    all(conn, school).await
}

/// Every decision of the school.
pub async fn all(conn: &impl ConnectionTrait, school: School) -> Result<Vec<Kept>, DbErr> {
    let rows = journal_mode::Entity::find()
        .filter(journal_mode::Column::SchoolId.eq(school.uuid()))
        .all(conn)
        .await?;
    records(rows, read)
}

/// The decisions about schools themselves, of several of them.
pub async fn stages(
    conn: &impl ConnectionTrait,
    schools: &[SchoolId],
) -> Result<Vec<(SchoolId, Mode)>, DbErr> {
    let rows = journal_mode::Entity::find()
        .filter(journal_mode::Column::SchoolId.is_in(schools.iter().map(|id| id.uuid())))
        .filter(journal_mode::Column::ClassId.is_null())
        .filter(journal_mode::Column::PupilId.is_null())
        .all(conn)
        .await?;
    records(rows, |row| {
        Ok((SchoolId::from_uuid(row.school_id), read(row)?.mode))
    })
}

/// Decisions, those with the latest first day first, after a key.
pub async fn page(
    conn: &impl ConnectionTrait,
    school: School,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Kept>, DbErr> {
    use journal_mode::Column as M;
    let mut query = journal_mode::Entity::find().filter(M::SchoolId.eq(school.uuid()));
    if let Some((day, id)) = after {
        let same_day = Condition::all()
            .add(M::StartsOn.eq(day.clone()))
            .add(M::ModeId.lt(id));
        query = query.filter(Condition::any().add(M::StartsOn.lt(day)).add(same_day));
    }
    let rows = query
        .order_by_desc(M::StartsOn)
        .order_by_desc(M::ModeId)
        .limit(limit)
        .all(conn)
        .await?;
    records(rows, read)
}

/// Whether a decision that stands rests on a record of the registry.
pub async fn rest_on(
    conn: &impl ConnectionTrait,
    school: School,
    record: RegistryRecordId,
) -> Result<bool, DbErr> {
    use journal_mode::Column as M;
    let named = Condition::any()
        .add(M::LocalActId.eq(record.uuid()))
        .add(M::ContractId.eq(record.uuid()));
    let count = journal_mode::Entity::find()
        .filter(M::SchoolId.eq(school.uuid()))
        .filter(M::WithdrawnReason.is_null())
        .filter(named)
        .count(conn)
        .await?;
    Ok(count > 0)
}

/// Adds a decision. A unique violation: the id is taken.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    kept: &Kept,
    change: &Change,
) -> Result<(), DbErr> {
    journal_mode::Entity::insert(row(school, kept, change).into_active_model())
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Replaces a decision that is held.
pub async fn replace(
    conn: &impl ConnectionTrait,
    school: School,
    kept: &Kept,
    change: &Change,
) -> Result<(), DbErr> {
    let row = row(school, kept, change).into_active_model();
    journal_mode::Entity::update(row.reset_all())
        .exec(conn)
        .await?;
    Ok(())
}

fn row(school: School, kept: &Kept, change: &Change) -> journal_mode::Model {
    let mode = kept.mode.clone();
    let (class_id, pupil_id) = match mode.subject {
        Subject::School => (None, None),
        Subject::Class(class) => (Some(class.uuid()), None),
        Subject::Pupil(pupil) => (None, Some(pupil.uuid())),
    };
    journal_mode::Model {
        school_id: school.uuid(),
        mode_id: mode.id.uuid(),
        kind: column::journal_mode_kind(mode.kind),
        class_id,
        pupil_id,
        starts_on: column::date(mode.starts_on),
        ends_on: mode.ends_on.map(column::date),
        local_act_id: mode.local_act.map(RegistryRecordId::uuid),
        contract_id: mode.contract.map(RegistryRecordId::uuid),
        order_number: mode.order_number,
        order_date: mode.order_date.map(column::date),
        withdrawn_reason: mode.withdrawn,
        version: kept.version,
        changed_us: kept.at_us,
        changed_by: change.by.clone(),
        changed_by_name: kept.by.clone(),
    }
}

fn read(row: journal_mode::Model) -> Result<Kept, Corrupt> {
    const TABLE: &str = "journal_mode";
    let subject = match (row.class_id, row.pupil_id) {
        (Some(class), _) => Subject::Class(ClassId::from_uuid(class)),
        (None, Some(pupil)) => Subject::Pupil(PersonId::from_uuid(pupil)),
        (None, None) => Subject::School,
    };
    let mode = Mode {
        id: JournalModeId::from_uuid(row.mode_id),
        kind: column::read_journal_mode_kind((TABLE, "kind"), row.kind)?,
        subject,
        starts_on: column::read_date((TABLE, "starts_on"), &row.starts_on)?,
        ends_on: column::read_end((TABLE, "ends_on"), row.ends_on.as_deref())?,
        local_act: row.local_act_id.map(RegistryRecordId::from_uuid),
        contract: row.contract_id.map(RegistryRecordId::from_uuid),
        order_number: row.order_number,
        order_date: column::read_end((TABLE, "order_date"), row.order_date.as_deref())?,
        withdrawn: row.withdrawn_reason,
    };
    Ok(Kept {
        mode,
        version: row.version,
        at_us: row.changed_us,
        by: row.changed_by_name,
    })
}
