//! ReturnControlSheet: the ministry sends a sheet back with a reason.

use chassis::status::from_db;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response};
use zhurnal_proto::reporting::v1 as pb;

use super::parse::checked;
use super::{Answer, control_sheet};
use crate::Shared;
use crate::domain::sheet::Total;
use crate::store::sheets::{self, Change, Sheet, State};

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::ReturnControlSheetRequest>,
) -> Answer<pb::ReturnControlSheetResponse> {
    let caller = caller::of(&request)?.clone();
    let request = request.into_inner();
    checked(&request)?;
    let names = (request.school_id.as_str(), request.monitoring_id.as_str());
    let (school, monitoring) =
        control_sheet::open(shared, &caller, "reporting.controlSheets.return", names).await?;
    let id = monitoring.id;
    let change = Change {
        by: caller.actor(),
        at: shared.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "reporting.ReturnControlSheet",
        &request.request_id,
        &request,
    )?;
    let (seen, remark) = (request.etag.as_str(), request.remark.trim());
    let response = idempotency::once(&shared.cx.db, &key, |uow| async move {
        let known = sheets::lock_sheet(uow.conn(), school, id)
            .await
            .map_err(from_db)?;
        control_sheet::same_version(known.as_ref(), seen)?;
        let sent = known
            .filter(|sheet| sheet.state == State::Sent)
            .ok_or_else(|| status::precondition("SHEET_NOT_SENT", "Лист ещё не отправлен"))?;
        let sheet = Sheet {
            state: State::Returned,
            remark: remark.to_owned(),
            sent_at: None,
            late: false,
            total: Total::default(),
            sent: None,
            version: sent.version + 1,
            ..sent
        };
        sheets::put_sheet(uow.conn(), school, id, &sheet, &change)
            .await
            .map_err(from_db)?;
        let shown =
            control_sheet::show(shared, uow.conn(), school, &monitoring, Some(&sheet)).await?;
        let control_sheet = Some(shown);
        Ok((uow, pb::ReturnControlSheetResponse { control_sheet }))
    })
    .await?;
    Ok(Response::new(response))
}
