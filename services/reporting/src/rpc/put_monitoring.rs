//! PutMonitoring: the ministry announces a monitoring, or changes its title and days.

use chassis::access::Facts;
use chassis::db::UnitOfWork;
use chassis::status::from_db;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::MonitoringId;
use zhurnal_proto::reporting::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, control_sheet};
use crate::Shared;
use crate::domain::sheet::Kind;
use crate::store::sheets::{self, Among, Change, Monitoring};

struct Command {
    wanted: Monitoring,
    seen: Option<i64>,
}

impl TryFrom<&pb::PutMonitoringRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::PutMonitoringRequest) -> Result<Self, Status> {
        checked(request)?;
        let monitoring = request.monitoring.clone().unwrap_or_default();
        let as_of = parse::date("monitoring.asOf", &monitoring.as_of)?;
        let due_on = parse::date("monitoring.dueOn", &monitoring.due_on)?;
        if due_on < as_of {
            return Err(status::invalid_field(
                "monitoring.dueOn",
                "DUE_BEFORE_AS_OF",
                "Последний день раньше дня, на который нужны данные",
            ));
        }
        let kind = match monitoring.kind() {
            pb::ControlSheetKind::Databases => Kind::Databases,
            pb::ControlSheetKind::Documents => Kind::Documents,
            pb::ControlSheetKind::Unspecified => {
                return Err(status::invalid_field(
                    "monitoring.kind",
                    "REQUIRED",
                    "Укажите лист",
                ));
            }
        };
        let id: MonitoringId = parse::id("monitoringId", &request.monitoring_id)?;
        Ok(Self {
            wanted: Monitoring {
                id,
                kind,
                title: monitoring.title.trim().to_owned(),
                as_of,
                due_on,
                version: 1,
            },
            seen: chassis::etag::version(&request.etag),
        })
    }
}

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::PutMonitoringRequest>,
) -> Answer<pb::PutMonitoringResponse> {
    let caller = caller::of(&request)?.clone();
    let request = request.into_inner();
    shared
        .cx
        .access
        .check(&caller, "reporting.monitorings.put", &Facts::own())?;
    let Command { mut wanted, seen } = Command::try_from(&request)?;
    let change = Change {
        by: caller.actor(),
        at: shared.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "reporting.PutMonitoring",
        &request.request_id,
        &request,
    )?;
    let response = idempotency::once(&shared.cx.db, &key, |uow| async move {
        wanted.version = next_version(&uow, &wanted, seen).await?;
        control_sheet::written(sheets::put_monitoring(uow.conn(), &wanted, &change).await)?;
        let schools = sheets::schools(uow.conn(), None).await.map_err(from_db)?;
        let sent = sheets::sent(uow.conn(), &[wanted.id], Among::Region)
            .await
            .map_err(from_db)?;
        let sent = sent.first().map(|(_, sent)| *sent).unwrap_or_default();
        let monitoring = Some(control_sheet::announced(&wanted, schools, sent));
        Ok((uow, pb::PutMonitoringResponse { monitoring }))
    })
    .await?;
    Ok(Response::new(response))
}

async fn next_version(
    uow: &UnitOfWork,
    wanted: &Monitoring,
    seen: Option<i64>,
) -> Result<i64, Status> {
    let known = sheets::lock_monitoring(uow.conn(), wanted.id)
        .await
        .map_err(from_db)?;
    match (known, seen) {
        (None, None) => Ok(1),
        (None, Some(_)) => Err(status::not_found("Monitoring")),
        (Some(known), seen) if seen != Some(known.version) => {
            Err(status::stale_etag(&chassis::etag::of(known.version)))
        }
        (Some(known), _) if known.kind != wanted.kind => Err(status::precondition(
            "SHEET_KIND_DIFFERS",
            "Лист объявленного мониторинга не меняется",
        )),
        (Some(known), _) => Ok(known.version + 1),
    }
}
