//! Operations of a request as steps of the domain: ids are read, groups and teachers known,
//! subjects found by their titles.

use chassis::service::Cx;
use chassis::status;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::{GroupId, PersonId, TeachingLoadId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::teaching_load_operation::Action;

use crate::domain::load::{Fault, Load, Step};
use crate::rpc::parse;
use crate::rpc::study_document::Shelf;
use crate::store::{catalogue, loads, roster_copy};

/// The steps of a request.
pub(super) async fn read(
    cx: &Cx,
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    operations: &[pb::TeachingLoadOperation],
) -> Result<Vec<Step>, Status> {
    let mut steps = Vec::with_capacity(operations.len());
    for (at, operation) in operations.iter().enumerate() {
        let at = format!("operations[{at}]");
        let step = match &operation.action {
            Some(Action::Add(add)) => Step::Add(added(cx, conn, shelf, (&at, add)).await?),
            Some(Action::Change(change)) => {
                changed(cx, conn, shelf, (&format!("{at}.change"), change)).await?
            }
            Some(Action::End(end)) => Step::End {
                load: parse::id(&format!("{at}.end.teachingLoadId"), &end.teaching_load_id)?,
                from: parse::date(&format!("{at}.end.from"), &end.from)?,
            },
            None => return Err(status::invalid_field(&at, "REQUIRED", "что сделать")),
        };
        steps.push(step);
    }
    Ok(steps)
}

async fn added(
    cx: &Cx,
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    (at, add): (&str, &pb::AddTeachingLoad),
) -> Result<Load, Status> {
    let at = format!("{at}.add");
    let group: GroupId = parse::id(&format!("{at}.groupId"), &add.group_id)?;
    let starts_on = parse::date(&format!("{at}.startsOn"), &add.starts_on)?;
    let grades = loads::grades(conn, shelf.school, shelf.year.year).await;
    if !grades.map_err(status::from_db)?.contains_key(&group) {
        let field = format!("{at}.groupId");
        return Err(status::invalid_field(
            &field,
            "UNKNOWN_GROUP",
            "такой группы нет",
        ));
    }
    let last = roster_copy::last_day(conn, shelf.school, group).await;
    if last
        .map_err(status::from_db)?
        .is_some_and(|last| starts_on > last)
    {
        let field = format!("{at}.startsOn");
        let message = "в этот день группа уже не занимается";
        return Err(status::invalid_field(&field, "GROUP_ENDED", message));
    }
    let field = format!("{at}.teacherId");
    let teacher = teacher(conn, shelf, (&field, &add.teacher_id), starts_on).await?;
    let titles = std::iter::once(add.subject_title.as_str());
    let subjects = catalogue::ensure_subjects(conn, titles, &mut || cx.ids.uuid()).await;
    let subjects = subjects.map_err(status::from_db)?;
    let field = format!("{at}.subjectTitle");
    let subject = subjects
        .get(&add.subject_title)
        .ok_or_else(|| status::invalid_field(&field, "REQUIRED", "нужно название предмета"))?;
    Ok(Load {
        id: TeachingLoadId::from_uuid(cx.ids.uuid()),
        group,
        subject: subject.id,
        teacher,
        weekly_hours_hundredths: add.weekly_hours_hundredths,
        starts_on,
        ends_on: None,
    })
}

async fn changed(
    cx: &Cx,
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    (at, change): (&str, &pb::ChangeTeachingLoad),
) -> Result<Step, Status> {
    let from = parse::date(&format!("{at}.from"), &change.from)?;
    let field = format!("{at}.teacherId");
    let teacher = match change.teacher_id.as_str() {
        "" => None,
        text => Some(teacher(conn, shelf, (&field, text), from).await?),
    };
    let hours = change.weekly_hours_hundredths;
    Ok(Step::Change {
        load: parse::id(&format!("{at}.teachingLoadId"), &change.teaching_load_id)?,
        from,
        teacher,
        hours: (hours > 0).then_some(hours),
        new_id: TeachingLoadId::from_uuid(cx.ids.uuid()),
    })
}

/// Somebody of the staff on that day.
async fn teacher(
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    (field, text): (&str, &str),
    day: Date,
) -> Result<PersonId, Status> {
    let teacher: PersonId = parse::id(field, text)?;
    let staff = roster_copy::staff_member(conn, shelf.school, teacher).await;
    let staff = staff.map_err(status::from_db)?;
    if staff.is_some_and(|staff| staff.is_employed_on(day)) {
        Ok(teacher)
    } else {
        let message = "на эту дату такого сотрудника в школе нет";
        Err(status::invalid_field(field, "UNKNOWN_TEACHER", message))
    }
}

/// A fault of the domain at its field.
pub(super) fn refused(operations: &[pb::TeachingLoadOperation], at: usize, fault: Fault) -> Status {
    let action = operations.get(at).and_then(|one| one.action.as_ref());
    let field = match (action, fault) {
        (Some(Action::Add(_)), Fault::Twice) => "add.teacherId",
        (Some(Action::Add(_)), _) => "add.startsOn",
        (Some(Action::Change(_)), Fault::UnknownLoad) => "change.teachingLoadId",
        (Some(Action::Change(_)), Fault::Twice | Fault::NothingChanges) => "change.teacherId",
        (Some(Action::Change(_)), _) => "change.from",
        (_, Fault::UnknownLoad) => "end.teachingLoadId",
        _ => "end.from",
    };
    let field = format!("operations[{at}].{field}");
    status::invalid_field(&field, fault.rule(), &fault.to_string())
}
