//! ListTimetablePlaces: where a lesson could stand, and what it would clash with.

use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, PersonId, SubjectId, TimetableEntryId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::timetable::{self, Bench, Wanted};
use super::{Answer, convert_timetable};
use crate::domain::subject::fold_title;
use crate::domain::timetable::Entry;
use crate::domain::timetable::cycle::Week;

/// What is to be put somewhere.
enum Whom {
    /// A lesson of the version.
    There(TimetableEntryId),
    /// One that is to be put.
    New(GroupId, PersonId),
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListTimetablePlacesRequest>,
) -> Answer<pb::ListTimetablePlacesResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let wanted = Wanted::of(&message.school_id, &message.timetable_id)?;
    let whom = whom(message)?;
    let school = wanted.let_in(cx, caller, "schedule.timetableVersions.places")?;

    let version = wanted.find(cx, school).await?;
    let conn = cx.db.read();
    let bench = Bench::of(cx, conn, (school, &version), None).await?;
    let entries = timetable::bare(&timetable::all_entries(conn, school, &version).await?);
    let lesson = lesson(whom, message, &bench, &entries)?;
    let group = bench.ground.groups.get(&lesson.group).ok_or_else(|| {
        status::invalid_field(
            "groupId",
            "UNKNOWN_GROUP",
            "такой группы в учебном плане нет",
        )
    })?;
    let numbers = bench
        .ground
        .bells
        .iter()
        .filter(|bell| bell.shift == group.shift);
    let numbers: Vec<u8> = numbers.map(|bell| bell.number).collect();
    let days = 1..=bench.ground.week.days();
    let places = days.flat_map(|weekday| numbers.iter().map(move |number| (weekday, *number)));
    let places = places.map(|(weekday, number)| {
        let there = Entry {
            weekday,
            number,
            ..lesson
        };
        let conflicts = bench.ground.against(&there, &entries);
        convert_timetable::place((weekday, number), &conflicts, lesson.id, &bench.titles)
    });
    Ok(Response::new(pb::ListTimetablePlacesResponse {
        places: places.collect(),
    }))
}

fn whom(message: &pb::ListTimetablePlacesRequest) -> Result<Whom, Status> {
    let entry = parse::optional_id("timetableEntryId", &message.timetable_entry_id)?;
    let group = parse::optional_id("groupId", &message.group_id)?;
    let teacher = parse::optional_id("teacherId", &message.teacher_id)?;
    match (entry, group, teacher) {
        (Some(entry), None, None) => Ok(Whom::There(entry)),
        (None, Some(group), Some(teacher)) => Ok(Whom::New(group, teacher)),
        _ => Err(status::invalid_field(
            "timetableEntryId",
            "EXACTLY_ONE",
            "укажите либо урок, либо группу и учителя",
        )),
    }
}

/// The lesson, or what it will be; its subject clashes with nothing.
fn lesson(
    whom: Whom,
    message: &pb::ListTimetablePlacesRequest,
    bench: &Bench,
    entries: &[Entry],
) -> Result<Entry, Status> {
    match whom {
        Whom::There(id) => entries
            .iter()
            .find(|entry| entry.id == id)
            .copied()
            .ok_or_else(|| {
                status::invalid_field(
                    "timetableEntryId",
                    "UNKNOWN_ENTRY",
                    "такого урока в этом расписании нет",
                )
            }),
        Whom::New(group, teacher) => {
            let folded = fold_title(&message.room);
            let mut rooms = bench.titles.rooms.iter();
            let room = rooms.find(|(_, title)| fold_title(title) == folded);
            Ok(Entry {
                id: TimetableEntryId::from_uuid(Uuid::nil()),
                weekday: 1,
                number: 1,
                week: Week::of_number(message.week).unwrap_or(Week::Every),
                group,
                subject: SubjectId::from_uuid(Uuid::nil()),
                teacher,
                room: room.map(|(id, _)| *id),
            })
        }
    }
}

#[cfg(test)]
mod tests;
