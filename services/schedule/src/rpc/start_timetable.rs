//! StartTimetable: a deputy or the administrator makes a draft in a year that need not have a
//! version yet, empty or with the lessons of the year before (R118, R236).

use std::collections::HashSet;

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{SchoolId, TimetableEntryId, TimetableId};
use zhurnal_proto::schedule::v1 as pb;

use super::create_timetable::next_number;
use super::load_carry::year_before;
use super::parse::{self, checked};
use super::study_document::open_year;
use super::{Answer, convert_timetable, school_year, timetable};
use crate::domain::succession::successors;
use crate::domain::timetable::cycle::Cycle;
use crate::domain::timetable::{Entry, Reigns, Version};
use crate::store::calendars::SchoolYear;
use crate::store::{School, loads, timetables, year_groups};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::StartTimetableRequest>,
) -> Answer<pb::StartTimetableResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(&caller, "schedule.timetableVersions.start", &facts)?;
    let school = parse::school(&scope)?;

    let key = idempotency::key(
        &caller.actor(),
        "StartTimetable",
        &message.request_id,
        &message,
    )?;
    let year = open_year(cx, school, &message.academic_year).await?;
    let response = idempotency::once(&cx.db, &key, |uow| async move {
        let response = start(cx, uow.conn(), (school, &year), &message).await?;
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

async fn start(
    cx: &Cx,
    conn: &impl ConnectionTrait,
    (school, year): (School, &SchoolYear),
    message: &pb::StartTimetableRequest,
) -> Result<pb::StartTimetableResponse, Status> {
    let number = next_number(conn, school, year.year).await?;
    let taken = if message.carry {
        of_year_before(cx, conn, school, year).await?
    } else {
        Taken::none(conn, school, year).await?
    };
    let draft = Version {
        id: TimetableId::from_uuid(cx.ids.uuid()),
        year: year.year,
        number,
        title: message.title.trim().to_owned(),
        cycle: taken.cycle,
        approval: None,
        approve_by: None,
        entry_count: u32::try_from(taken.entries.len()).unwrap_or(u32::MAX),
        version: 1,
    };
    let written = async {
        timetables::insert(conn, school, &draft).await?;
        timetables::put_entries(conn, school, &draft, &taken.entries).await
    };
    written.await.map_err(status::from_db)?;
    let now = (cx.clock.today(&year.time_zone), &year.time_zone);
    let timetable = convert_timetable::timetable(school.id(), &draft, None, now);
    Ok(pb::StartTimetableResponse {
        timetable: Some(timetable),
        left_out: taken.left_out,
    })
}

/// What a first draft is made of.
struct Taken {
    cycle: Cycle,
    entries: Vec<Entry>,
    left_out: u32,
}

impl Taken {
    async fn none(
        conn: &impl ConnectionTrait,
        school: School,
        year: &SchoolYear,
    ) -> Result<Self, Status> {
        let stored = school_year::calendar(conn, school, year).await?;
        Ok(Self {
            cycle: Cycle::weekly(stored.first_day()),
            entries: Vec::new(),
            left_out: 0,
        })
    }
}

/// The lessons in force at the end of the year before, given to the groups that the groups have
/// become, where the teacher has the load in the new year.
async fn of_year_before(
    cx: &Cx,
    conn: &impl ConnectionTrait,
    school: School,
    year: &SchoolYear,
) -> Result<Taken, Status> {
    let before = year_before(conn, school, year).await?;
    let mut taken = Taken::none(conn, school, year).await?;
    let versions = timetables::of_year(conn, school, before.year).await;
    let versions = versions.map_err(status::from_db)?;
    let last = Reigns::of(&versions).on(before.year.last_day());
    let Some(source) = versions.iter().find(|one| Some(one.id) == last) else {
        return Ok(taken);
    };
    let groups = year_groups::of_year(conn, school, before.year).await;
    let of_year = year_groups::of_year(conn, school, year.year).await;
    let next = successors(
        &groups.map_err(status::from_db)?,
        &of_year.map_err(status::from_db)?,
    );
    let loads = loads::of_year(conn, school, year.year).await;
    let taught: HashSet<_> = loads
        .map_err(status::from_db)?
        .iter()
        .map(|load| (load.group, load.subject, load.teacher))
        .collect();
    let all = timetable::bare(&timetable::all_entries(conn, school, source).await?);
    let count = all.len();
    let of_next = |entry: Entry| {
        let group = *next.get(&entry.group)?;
        let has_load = taught.contains(&(group, entry.subject, entry.teacher));
        has_load.then(|| Entry {
            id: TimetableEntryId::from_uuid(cx.ids.uuid()),
            group,
            ..entry
        })
    };
    taken.entries = all.into_iter().filter_map(of_next).collect();
    taken.left_out = u32::try_from(count - taken.entries.len()).unwrap_or(u32::MAX);
    taken.cycle = source.cycle;
    Ok(taken)
}

#[cfg(test)]
mod tests;
