//! ListJournalModes: every decision on how the journal is kept, withdrawn ones too.
//! Administrator, deputies, director, secretary.

use chassis::access::Facts;
use chassis::looks::Subject;
use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::identity::v1::LookRecord;
use zhurnal_proto::roster::v1 as pb;

use super::journal_mode_entry::Beside;
use super::parse;
use crate::Roster;
use crate::domain::journal_mode;
use crate::store::journal_modes;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListJournalModesRequest>,
) -> Result<pb::ListJournalModesResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.journalModes.list";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListJournalModes").and(&request.school_id);
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let conn = roster.cx.db.read();
    let modes = journal_modes::page(conn, school, after, size + 1).await;
    let mut modes = modes.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut modes, size, &filter, |kept| {
        (kept.mode.starts_on.to_string(), kept.mode.id.uuid())
    })?;
    let all = journal_modes::all(conn, school).await;
    let all = all.map_err(status::from_db)?;
    let today = roster.today(&found.time_zone);
    let beside = Beside::load(conn, school, today, (&modes, &all)).await;
    let beside = beside.map_err(status::from_db)?;
    let facts = Facts::school(school.id());
    let may_write = roster
        .cx
        .access
        .permits(&caller, "roster.journalModes.put", &facts);
    // Who is taught individually is told of a child.
    let pupils = modes.iter().filter_map(|kept| match kept.mode.subject {
        journal_mode::Subject::Pupil(pupil) => Some(Subject::Pupil(pupil)),
        _ => None,
    });
    let looks = &roster.cx.looks;
    looks.note(&caller, &facts, LookRecord::PupilList, pupils);
    Ok(pb::ListJournalModesResponse {
        modes: modes.iter().map(|kept| beside.show(kept)).collect(),
        next_page_token,
        may_write,
    })
}
