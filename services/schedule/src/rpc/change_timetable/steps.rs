//! Operations of a request as steps of the domain.

use chassis::service::Cx;
use chassis::status;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::{GroupId, PersonId, SubjectId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::timetable_operation::Action;

use crate::domain::timetable::change::{Content, Misstep, Place, Step, Terms};
use crate::domain::timetable::cycle::{Cycle, Week};
use crate::rpc::parse;
use crate::rpc::timetable::Bench;
use crate::store::catalogue::{self, ByTitle, Room};
use crate::store::{School, roster_copy};

/// The rooms that lessons are put in; those that the school has not got yet are added.
pub(super) async fn rooms(
    cx: &Cx,
    conn: &impl ConnectionTrait,
    school: School,
    operations: &[pb::TimetableOperation],
) -> Result<ByTitle<Room>, Status> {
    let puts = operations.iter().filter_map(|one| match &one.action {
        Some(Action::Put(put)) => Some(put.room.as_str()),
        _ => None,
    });
    let mut new_id = || cx.ids.uuid();
    catalogue::ensure_rooms(conn, school, puts, &mut new_id)
        .await
        .map_err(status::from_db)
}

/// All steps.
pub(super) async fn read(
    conn: &impl ConnectionTrait,
    bench: &Bench,
    rooms: &ByTitle<Room>,
    operations: &[pb::TimetableOperation],
) -> Result<Vec<Step>, Status> {
    let mut steps = Vec::with_capacity(operations.len());
    for (at, operation) in operations.iter().enumerate() {
        let field = |name: &str| format!("operations[{at}].{name}");
        let step = match &operation.action {
            None => return Err(required(&field("action"))),
            Some(Action::Put(put)) => {
                let content = content(conn, bench, (&field("put"), put), rooms).await?;
                let id =
                    parse::optional_id(&field("put.timetableEntryId"), &put.timetable_entry_id)?;
                Step::Put(id, place(put.weekday, put.lesson_number, put.week), content)
            }
            Some(Action::Move(to)) => Step::Move(
                parse::id(&field("move.timetableEntryId"), &to.timetable_entry_id)?,
                place(to.weekday, to.lesson_number, to.week),
            ),
            Some(Action::Remove(gone)) => Step::Remove(parse::id(
                &field("remove.timetableEntryId"),
                &gone.timetable_entry_id,
            )?),
            Some(Action::SetTerms(terms)) => terms_of(&field("setTerms"), terms)?,
        };
        steps.push(step);
    }
    Ok(steps)
}

fn required(field: &str) -> Status {
    status::invalid_field(field, "REQUIRED", "поле обязательно")
}

/// Numbers that the proto's rules keep far below 255.
fn place(weekday: u32, number: u32, week: u32) -> Place {
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    Place {
        weekday: small(weekday),
        number: small(number),
        week: Week::of_number(week).unwrap_or(Week::Every),
    }
}

async fn content(
    conn: &impl ConnectionTrait,
    bench: &Bench,
    (at, put): (&str, &pb::PutTimetableEntry),
    rooms: &ByTitle<Room>,
) -> Result<Content, Status> {
    let group: GroupId = parse::id(&format!("{at}.groupId"), &put.group_id)?;
    if !bench.ground.groups.contains_key(&group) {
        let field = format!("{at}.groupId");
        return Err(status::invalid_field(
            &field,
            "UNKNOWN_GROUP",
            "такой группы в учебном плане нет",
        ));
    }
    let subject: SubjectId = parse::id(&format!("{at}.subjectId"), &put.subject_id)?;
    if !bench.titles.subjects.contains_key(&subject) {
        let field = format!("{at}.subjectId");
        return Err(status::invalid_field(
            &field,
            "UNKNOWN_SUBJECT",
            "такого предмета нет",
        ));
    }
    let teacher: PersonId = parse::id(&format!("{at}.teacherId"), &put.teacher_id)?;
    let has_load = bench
        .ground
        .loads
        .keys()
        .any(|(_, _, person)| *person == teacher);
    if !has_load
        && roster_copy::staff_member(conn, bench.school, teacher)
            .await
            .map_err(status::from_db)?
            .is_none()
    {
        let field = format!("{at}.teacherId");
        return Err(status::invalid_field(
            &field,
            "UNKNOWN_TEACHER",
            "такого учителя в школе нет",
        ));
    }
    Ok(Content {
        group,
        subject,
        teacher,
        room: rooms.get(&put.room).map(|room| room.id),
    })
}

fn terms_of(at: &str, terms: &pb::SetTimetableTerms) -> Result<Step, Status> {
    let field = format!("{at}.cycleStartsOn");
    let starts_on = parse::date(&field, &terms.cycle_starts_on)?;
    let weeks = u8::try_from(terms.cycle_weeks).unwrap_or(u8::MAX);
    let cycle = Cycle::new(weeks, starts_on).ok_or_else(|| {
        status::invalid_field(&field, "NOT_A_MONDAY", "неделя начинается с понедельника")
    })?;
    let due = (!terms.approve_by.is_empty())
        .then(|| parse::date(&format!("{at}.approveBy"), &terms.approve_by));
    Ok(Step::SetTerms(Terms {
        title: terms.title.trim().to_owned(),
        cycle,
        approve_by: due.transpose()?,
    }))
}

/// A step that the draft does not take, at its field.
pub(super) fn refused(at: usize, why: Misstep, operations: &[pb::TimetableOperation]) -> Status {
    let action = operations.get(at).and_then(|one| one.action.as_ref());
    let name = match action {
        Some(Action::Put(_)) => "put",
        Some(Action::Move(_)) => "move",
        Some(Action::Remove(_)) => "remove",
        Some(Action::SetTerms(_)) | None => "setTerms",
    };
    let (field, rule, message) = match why {
        Misstep::UnknownEntry => (
            "timetableEntryId",
            "UNKNOWN_ENTRY",
            "такого урока в этом расписании нет",
        ),
        Misstep::WeekNotInCycle if name == "setTerms" => (
            "cycleWeeks",
            "WEEK_NOT_IN_CYCLE",
            "есть уроки отдельных недель: уберите их или оставьте две недели",
        ),
        Misstep::WeekNotInCycle => ("week", "WEEK_NOT_IN_CYCLE", "в этом расписании одна неделя"),
        Misstep::TooManyEntries => (
            "timetableEntryId",
            "TOO_MANY_ENTRIES",
            "в расписании слишком много уроков",
        ),
    };
    status::invalid_field(&format!("operations[{at}].{name}.{field}"), rule, message)
}
