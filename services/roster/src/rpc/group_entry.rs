//! What the RPCs of groups have in common: the group is held, its members are shown.

use std::collections::HashMap;

use chassis::db::UnitOfWork;
use chassis::status;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr};
use tonic::Status;
use zhurnal_proto::id::{ClassId, GroupId, PersonId};
use zhurnal_proto::roster::v1 as pb;

use super::convert;
use crate::Roster;
use crate::domain::group::Fault;
use crate::domain::record::{self, Group, GroupKind, GroupMembership};
use crate::domain::school_import::value::{AcademicYear, Value as _};
use crate::store::groups::{self, Listed};
use crate::store::{School, classes, people, pupils, schools};

/// A group that nobody else changes until the unit of work ends.
pub(super) struct Held {
    /// The group.
    pub group: Group,
    /// The version that it has.
    pub version: i64,
    /// Its year.
    pub year: AcademicYear,
    /// Its memberships.
    pub members: Vec<GroupMembership>,
}

/// Holds the school's book: orders move the same memberships. Gives the school as it is now.
pub(super) async fn hold_school(
    uow: &UnitOfWork,
    school: School,
) -> Result<record::School, Status> {
    let conn = uow.conn();
    schools::hold(conn, school).await.map_err(status::from_db)?;
    let found = schools::get(conn, school).await.map_err(status::from_db)?;
    found.ok_or_else(|| status::not_found("School"))
}

/// The group as the caller saw it.
pub(super) async fn hold(
    uow: &UnitOfWork,
    school: School,
    id: GroupId,
    etag: &str,
) -> Result<Held, Status> {
    let found = hold_school(uow, school).await?;
    let kept = groups::get(uow.conn(), school, id).await;
    let Listed { group, version, .. } = kept
        .map_err(status::from_db)?
        .ok_or_else(|| status::not_found("Group"))?;
    by_hand(&group)?;
    let year = of_present_year(&group.academic_year, &found)?;
    if chassis::etag::version(etag) != Some(version) {
        return Err(status::stale_etag(&chassis::etag::of(version)));
    }
    let members = groups::memberships_in(uow.conn(), school, &[id]).await;
    Ok(Held {
        group,
        version,
        year,
        members: members.map_err(status::from_db)?,
    })
}

/// The group of a whole class has just the pupils of the class.
pub(super) fn by_hand(group: &Group) -> Result<(), Status> {
    if group.kind != GroupKind::Class {
        return Ok(());
    }
    Err(status::precondition(
        "GROUP_OF_CLASS",
        "Состав класса меняют приказы: эту группу нельзя изменить вручную",
    ))
}

/// A group of a closed year stays as it was.
pub(super) fn of_present_year(year: &str, school: &record::School) -> Result<AcademicYear, Status> {
    let present = AcademicYear::parse(year).ok();
    present
        .filter(|_| year == school.academic_year)
        .ok_or_else(|| {
            let message = "Учебный год этой группы закончился";
            status::precondition("GROUP_YEAR_OVER", message)
        })
}

/// A group that has ended is not changed any more.
pub(super) fn still_meets(group: &Group) -> Result<(), Status> {
    if group.ends_on.is_none() {
        return Ok(());
    }
    let message = "Группа уже завершена: создайте новую";
    Err(status::precondition("GROUP_ENDED", message))
}

/// Faults of the domain at their fields.
pub(super) fn invalid(faults: Vec<Fault>) -> Status {
    let violations = faults
        .into_iter()
        .map(|one| status::violation(one.field, one.rule, one.message));
    status::invalid(violations)
}

/// The group as it is now, with the members of the present day counted.
pub(super) fn show(
    roster: &Roster,
    school: &record::School,
    (group, version): (&Group, i64),
    members: &[GroupMembership],
) -> pb::Group {
    let day = roster.present_day(school);
    let present = members
        .iter()
        .filter(|one| one.starts_on <= day && one.ends_on.is_none_or(|last| last >= day))
        .count();
    let present = u32::try_from(present).unwrap_or(u32::MAX);
    convert::shown_group(school.id, (group, version), present)
}

/// Members in Russian alphabetical order, on a day or of the whole year.
pub(super) async fn members(
    conn: &impl ConnectionTrait,
    school: School,
    (group, members): (&Group, &[GroupMembership]),
    day: Option<Date>,
) -> Result<Vec<pb::GroupMember>, DbErr> {
    let ids: Vec<PersonId> = members.iter().map(|one| one.pupil_id).collect();
    let names = people::names(conn, school, ids.clone()).await?;
    let enrolments = pupils::enrolments_of(conn, school, &ids).await?;
    let of_year = classes::of_year(conn, school, &group.academic_year).await?;
    let titles: HashMap<ClassId, String> =
        of_year.into_iter().map(|one| (one.id, one.title)).collect();
    let on_day = |one: &&GroupMembership| {
        day.is_none_or(|day| one.starts_on <= day && one.ends_on.is_none_or(|last| last >= day))
    };
    let mut shown: Vec<(String, pb::GroupMember)> = members
        .iter()
        .filter(on_day)
        .map(|one| {
            let name = names.get(&one.pupil_id);
            let first = day.unwrap_or(one.starts_on);
            let place = enrolments.iter().find(|enrolment| {
                enrolment.pupil_id == one.pupil_id
                    && enrolment.starts_on <= first
                    && enrolment.ends_on.is_none_or(|last| last >= first)
            });
            let class = place.map(|place| place.class_id);
            let shown = pb::GroupMember {
                pupil_id: one.pupil_id.to_string(),
                name: name.map(convert::name),
                class_id: class.map(|id| id.to_string()).unwrap_or_default(),
                class_title: class
                    .and_then(|id| titles.get(&id).cloned())
                    .unwrap_or_default(),
                starts_on: one.starts_on.to_string(),
                ends_on: one.ends_on.map(|last| last.to_string()).unwrap_or_default(),
            };
            let key = name.map(record::Name::sort_key).unwrap_or_default();
            (key, shown)
        })
        .collect();
    shown.sort_by(|(a, one), (b, other)| {
        (a, &one.pupil_id, &one.starts_on).cmp(&(b, &other.pupil_id, &other.starts_on))
    });
    Ok(shown.into_iter().map(|(_, member)| member).collect())
}
