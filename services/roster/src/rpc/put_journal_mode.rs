//! PutJournalMode: a decision on how the journal is kept is added under the client's id, or
//! given another last day in the version that the caller saw. Administrator, director.
//! Announces the decision.

use chassis::db::UnitOfWork;
use chassis::{idempotency, status};
use sea_orm::ConnectionTrait;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::journal_mode_entry::{self, Beside, baseless};
use super::{parse, pupil_card};
use crate::Roster;
use crate::announce;
use crate::domain::journal_mode::{Mode, Subject};
use crate::domain::record;
use crate::domain::registry::Record;
use crate::store::journal_modes::{self, Kept};
use crate::store::registries::{self, Change};
use crate::store::{School, classes, pupils};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutJournalModeRequest>,
) -> Result<pb::PutJournalModeResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.journalModes.put";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let id = parse::id("mode_id", &request.mode_id)?;
    let mode = journal_mode_entry::wanted(id, &request.mode.clone().unwrap_or_default())?;
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let by = pupil_card::by_name(&caller);
    let key = idempotency::key(
        &caller.actor(),
        "PutJournalMode",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let kept = write(&uow, school, mode, seen, (&change, by)).await?;
        let mode = announced(roster, &mut uow, (school, &found), &kept, &change).await?;
        let mode = Some(mode);
        Ok((uow, pb::PutJournalModeResponse { mode }))
    })
    .await
}

/// Announces a decision that was written; gives what the answer shows of it.
pub(super) async fn announced(
    roster: &Roster,
    uow: &mut UnitOfWork,
    (school, found): (School, &record::School),
    kept: &Kept,
    change: &Change,
) -> Result<pb::JournalMode, Status> {
    announce::journal_mode(uow, change.at, school.id(), kept);
    let all = journal_modes::all(uow.conn(), school).await;
    let all = all.map_err(status::from_db)?;
    let today = roster.today(&found.time_zone);
    let shown = std::slice::from_ref(kept);
    let beside = Beside::load(uow.conn(), school, today, (shown, &all)).await;
    Ok(beside.map_err(status::from_db)?.show(kept))
}

async fn write(
    uow: &UnitOfWork,
    school: School,
    mode: Mode,
    seen: Option<i64>,
    (change, by): (&Change, String),
) -> Result<Kept, Status> {
    let conn = uow.conn();
    let all = journal_modes::hold(conn, school).await;
    let all = all.map_err(status::from_db)?;
    let known = all.iter().find(|kept| kept.mode.id == mode.id);
    let version = match (known, seen) {
        (None, None) => 1,
        (None, Some(_)) => return Err(status::not_found("JournalMode")),
        (Some(known), seen) if seen != Some(known.version) => {
            return Err(status::stale_etag(&chassis::etag::of(known.version)));
        }
        (Some(known), _) if known.mode.withdrawn.is_some() => return Err(withdrawn()),
        (Some(known), _) if !known.mode.differs_in_end_alone(&mode) => {
            return Err(status::precondition(
                "MODE_DIFFERS",
                "Записанное решение не переписывают: отмените его и запишите новое",
            ));
        }
        (Some(known), _) => known.version + 1,
    };
    let mut others = all.iter().filter(|kept| kept.mode.id != mode.id);
    if others.any(|kept| kept.mode.collides_with(&mode)) {
        return Err(status::precondition(
            "MODE_EXISTS",
            "На эти дни уже записано другое решение: отмените его или укажите его последний день",
        ));
    }
    if known.is_none() {
        check_subject(conn, school, &mode).await?;
        check_basis(conn, school, &mode).await?;
    }
    let kept = Kept {
        mode,
        version,
        at_us: chassis::db::micros(change.at),
        by,
    };
    let written = match version {
        1 => journal_modes::add(conn, school, &kept, change).await,
        _ => journal_modes::replace(conn, school, &kept, change).await,
    };
    written.map_err(status::from_db)?;
    Ok(kept)
}

/// A decision that was entered by mistake is not changed any more.
pub(super) fn withdrawn() -> Status {
    status::precondition("MODE_WITHDRAWN", "Решение отменено: запишите новое")
}

async fn check_subject(
    conn: &impl ConnectionTrait,
    school: School,
    mode: &Mode,
) -> Result<(), Status> {
    let (is_there, reason, message) = match mode.subject {
        Subject::School => return Ok(()),
        Subject::Class(class) => {
            let class = classes::get(conn, school, class).await;
            let is_there = class.map_err(status::from_db)?.is_some();
            (is_there, "CLASS_UNKNOWN", "Такого класса в школе нет")
        }
        Subject::Pupil(pupil) => {
            let pupil = pupils::get(conn, school, pupil, mode.starts_on).await;
            let pupil = pupil.map_err(status::from_db)?;
            let is_there = pupil.is_some_and(|pupil| pupil.place.is_some());
            let message = "В этот день ученик не зачислен в школу";
            (is_there, "PUPIL_UNKNOWN", message)
        }
    };
    if is_there {
        return Ok(());
    }
    Err(status::precondition(reason, message))
}

async fn check_basis(
    conn: &impl ConnectionTrait,
    school: School,
    mode: &Mode,
) -> Result<(), Status> {
    let mut found: [Option<Record>; 2] = [None, None];
    for (place, id) in found.iter_mut().zip([mode.local_act, mode.contract]) {
        if let Some(id) = id {
            // Held, so that nobody takes the act away meanwhile.
            let kept = registries::lock(conn, school, id).await;
            *place = kept.map_err(status::from_db)?.map(|kept| kept.record);
        }
    }
    let [act, contract] = &found;
    mode.rests_on(act.as_ref(), contract.as_ref())
        .map_err(baseless)
}
