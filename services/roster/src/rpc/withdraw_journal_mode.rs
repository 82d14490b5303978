//! WithdrawJournalMode: a decision that was entered by mistake counts on no day, and stays
//! with its reason. Administrator, director. Announces the decision.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::JournalModeId;
use zhurnal_proto::roster::v1 as pb;

use super::{parse, pupil_card, put_journal_mode};
use crate::Roster;
use crate::domain::journal_mode::Mode;
use crate::domain::text::tidy;
use crate::store::journal_modes::{self, Kept};
use crate::store::registries::Change;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::WithdrawJournalModeRequest>,
) -> Result<pb::WithdrawJournalModeResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.journalModes.put";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let id: JournalModeId = parse::id("mode_id", &request.mode_id)?;
    let reason = tidy(&request.reason);
    if reason.is_empty() {
        return Err(status::invalid_field(
            "reason",
            "REQUIRED",
            "Напишите причину",
        ));
    }
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let by = pupil_card::by_name(&caller);
    let key = idempotency::key(
        &caller.actor(),
        "WithdrawJournalMode",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let all = journal_modes::hold(uow.conn(), school).await;
        let all = all.map_err(status::from_db)?;
        let known = all.into_iter().find(|kept| kept.mode.id == id);
        let known = known.ok_or_else(|| status::not_found("JournalMode"))?;
        if seen != Some(known.version) {
            return Err(status::stale_etag(&chassis::etag::of(known.version)));
        }
        if known.mode.withdrawn.is_some() {
            return Err(put_journal_mode::withdrawn());
        }
        let kept = Kept {
            mode: Mode {
                withdrawn: Some(reason),
                ..known.mode
            },
            version: known.version + 1,
            at_us: chassis::db::micros(change.at),
            by,
        };
        journal_modes::replace(uow.conn(), school, &kept, &change)
            .await
            .map_err(status::from_db)?;
        let about = (school, &found);
        let mode = put_journal_mode::announced(roster, &mut uow, about, &kept, &change).await?;
        let mode = Some(mode);
        Ok((uow, pb::WithdrawJournalModeResponse { mode }))
    })
    .await
}
