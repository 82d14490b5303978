//! ListControlSheets: the schools of a monitoring, sent or not.

use chassis::access::Facts;
use chassis::caller;
use chassis::page::{self, PageFilter};
use chassis::status::from_db;
use jiff::civil::Date;
use tonic::{Request, Response};
use uuid::Uuid;
use zhurnal_proto::id::MonitoringId;
use zhurnal_proto::reporting::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, control_sheet, convert};
use crate::Shared;
use crate::store::sheets::{self, Among, Monitoring, Narrow, Row, State};

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::ListControlSheetsRequest>,
) -> Answer<pb::ListControlSheetsResponse> {
    let caller = caller::of(&request)?;
    let request = request.get_ref();
    checked(request)?;
    let scope = shared
        .cx
        .access
        .check(caller, "reporting.controlSheets.list", &Facts::own())?;
    let only = scope.only_municipality();
    let id: MonitoringId = parse::id("monitoringId", &request.monitoring_id)?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListControlSheets")
        .and(&request.monitoring_id)
        .and(&request.municipality)
        .and(request.only_missing.to_string());
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let narrow = Narrow {
        municipality: request.municipality.trim().to_owned(),
        only,
        missing: request.only_missing,
    };
    let conn = shared.cx.db.read();
    let monitoring = control_sheet::monitoring(conn, id).await?;
    let mut found = sheets::rows(conn, id, &narrow, after, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |row| {
        (row.title.clone(), row.school.uuid())
    })?;
    let schools = sheets::schools(conn, only).await.map_err(from_db)?;
    let among = only.map_or(Among::Region, Among::Municipality);
    let sent = sheets::sent(conn, &[id], among).await.map_err(from_db)?;
    let sent = sent.first().map(|(_, sent)| *sent).unwrap_or_default();
    Ok(Response::new(pb::ListControlSheetsResponse {
        monitoring: Some(control_sheet::announced(&monitoring, schools, sent)),
        control_sheets: found
            .iter()
            .map(|row| summary(row, &monitoring, shared.cx.clock.today(&row.zone)))
            .collect(),
        next_page_token,
    }))
}

fn summary(row: &Row, monitoring: &Monitoring, today: Date) -> pb::ControlSheetSummary {
    let blank = pb::ControlSheetSummary {
        school_id: row.school.to_string(),
        school_title: row.title.clone(),
        municipality: row.municipality.clone(),
        state: pb::ControlSheetState::Draft.into(),
        late: monitoring.due_on < today,
        ..Default::default()
    };
    match &row.sheet {
        None => blank,
        Some((State::Sent, sent_at, late, total)) => pb::ControlSheetSummary {
            state: pb::ControlSheetState::Sent.into(),
            sent_at: sent_at.map(convert::timestamp),
            late: *late,
            line_count: total.lines,
            full_count: total.full,
            percent: total.percent,
            ..blank
        },
        Some((state, ..)) => pb::ControlSheetSummary {
            state: control_sheet::state(*state).into(),
            ..blank
        },
    }
}
