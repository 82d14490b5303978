//! PutGroup: a group is made under the client's id, or gets another title and another word on
//! marks in the version that the caller saw. Administrator, deputies, director, secretary.
//! Announces the group.

use chassis::db::UnitOfWork;
use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::{ClassId, GroupId};
use zhurnal_proto::roster::v1 as pb;

use super::{convert, group_entry, parse};
use crate::Roster;
use crate::announce;
use crate::domain::group;
use crate::domain::record::{Group, School as Found};
use crate::store::groups::{self, Listed};
use crate::store::{School, classes};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutGroupRequest>,
) -> Result<pb::PutGroupResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.groups.put";
    let (school, _) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let wanted = wanted(&request)?;
    let seen = chassis::etag::version(&request.etag);
    let now = roster.cx.clock.now();
    let key = idempotency::key(&caller.actor(), "PutGroup", &request.request_id, &request)?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let found = group_entry::hold_school(&uow, school).await?;
        let (group, version) = write(&uow, (school, &found), wanted, seen).await?;
        let members = groups::memberships_in(uow.conn(), school, &[group.id]).await;
        let members = members.map_err(status::from_db)?;
        announce::group(&mut uow, now, school.id(), (&group, &[]));
        let group = group_entry::show(roster, &found, (&group, version), &members);
        let group = Some(group);
        Ok((uow, pb::PutGroupResponse { group }))
    })
    .await
}

/// The group as the request describes it; its year is told by the school.
fn wanted(request: &pb::PutGroupRequest) -> Result<Group, Status> {
    let id: GroupId = parse::id("group_id", &request.group_id)?;
    let class: Option<ClassId> = parse::optional_id("class_id", &request.class_id)?;
    let kind = convert::read_group_kind(request.kind());
    let kind =
        kind.ok_or_else(|| status::invalid_field("kind", "REQUIRED", "Выберите вид группы"))?;
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    let mut wanted = Group {
        id,
        academic_year: String::new(),
        title: request.title.trim().to_owned(),
        kind,
        class_id: class,
        place: None,
        unmarked: request.unmarked,
        ends_on: None,
    };
    group_entry::by_hand(&wanted)?;
    if wanted.title.is_empty() {
        return Err(status::invalid_field(
            "title",
            "REQUIRED",
            "Укажите название",
        ));
    }
    let numbers = (small(request.grade), small(request.shift));
    let place = group::place(kind, class, numbers);
    let marking = group::marking(kind, request.unmarked);
    match (place, marking) {
        (Ok(place), Ok(())) => wanted.place = place,
        (place, marking) => {
            let faults = place.err().unwrap_or_default().into_iter();
            return Err(group_entry::invalid(faults.chain(marking.err()).collect()));
        }
    }
    Ok(wanted)
}

async fn write(
    uow: &UnitOfWork,
    (school, found): (School, &Found),
    wanted: Group,
    seen: Option<i64>,
) -> Result<(Group, i64), Status> {
    let conn = uow.conn();
    let known = groups::get(conn, school, wanted.id).await;
    let known = known.map_err(status::from_db)?;
    let (group, version) = match (known, seen) {
        (None, None) => {
            let academic_year = found.academic_year.clone();
            group_entry::of_present_year(&academic_year, found)?;
            let made = Group {
                academic_year,
                ..wanted
            };
            (made, 1)
        }
        (None, Some(_)) => return Err(status::not_found("Group")),
        (Some(known), seen) => changed(&known, found, wanted, seen)?,
    };
    let title = (group.academic_year.as_str(), group.title.as_str());
    let taken = groups::is_title_taken(conn, school, title, group.id).await;
    if taken.map_err(status::from_db)? {
        let message = "Группа с таким названием в этом учебном году уже есть";
        return Err(status::precondition("GROUP_TITLE_TAKEN", message));
    }
    let written = if version == 1 {
        check_class(uow, school, &group).await?;
        groups::add(conn, school, std::slice::from_ref(&group)).await
    } else {
        groups::replace(conn, school, &group, version).await
    };
    written.map_err(status::from_db)?;
    Ok((group, version))
}

/// The known group with what may be changed of it.
fn changed(
    known: &Listed,
    found: &Found,
    wanted: Group,
    seen: Option<i64>,
) -> Result<(Group, i64), Status> {
    let group = &known.group;
    group_entry::by_hand(group)?;
    group_entry::of_present_year(&group.academic_year, found)?;
    if seen != Some(known.version) {
        return Err(status::stale_etag(&chassis::etag::of(known.version)));
    }
    group_entry::still_meets(group)?;
    let fixed = |of: &Group| (of.kind, of.class_id, of.place);
    if fixed(group) != fixed(&wanted) {
        let message = "Вид, класс, параллель и смену группы не меняют: создайте другую группу";
        return Err(status::precondition("GROUP_DIFFERS", message));
    }
    let changed = Group {
        title: wanted.title,
        unmarked: wanted.unmarked,
        ..group.clone()
    };
    Ok((changed, known.version + 1))
}

/// The class is of the school and of the year.
async fn check_class(uow: &UnitOfWork, school: School, group: &Group) -> Result<(), Status> {
    let Some(class) = group.class_id else {
        return Ok(());
    };
    let class = classes::get(uow.conn(), school, class).await;
    let class = class.map_err(status::from_db)?;
    if class.is_some_and(|class| class.academic_year == group.academic_year) {
        return Ok(());
    }
    let message = "Такого класса в этом учебном году нет";
    Err(status::precondition("CLASS_UNKNOWN", message))
}
