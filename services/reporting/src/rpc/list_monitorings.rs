//! ListMonitorings: what the ministry has announced, with how many have sent.

use std::collections::HashMap;

use chassis::access::Facts;
use chassis::caller;
use chassis::page::{self, PageFilter};
use chassis::status::from_db;
use tonic::{Request, Response};
use uuid::Uuid;
use zhurnal_proto::id::MonitoringId;
use zhurnal_proto::reporting::v1 as pb;

use super::parse::checked;
use super::{Answer, control_sheet};
use crate::Shared;
use crate::store::School;
use crate::store::sheets::{self, Among, State};

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::ListMonitoringsRequest>,
) -> Answer<pb::ListMonitoringsResponse> {
    let caller = caller::of(&request)?;
    let request = request.get_ref();
    checked(request)?;
    let scope = shared
        .cx
        .access
        .check(caller, "reporting.monitorings.list", &Facts::own())?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListMonitorings");
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let conn = shared.cx.db.read();
    let mut found = sheets::monitorings(conn, after, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.due_on.to_string(), one.id.uuid())
    })?;
    // A school is told of itself alone, a municipality of its schools.
    let own = School::of(&scope);
    let schools = match own {
        Some(_) => 0,
        None => sheets::schools(conn, scope.only_municipality())
            .await
            .map_err(from_db)?,
    };
    let ids: Vec<MonitoringId> = found.iter().map(|one| one.id).collect();
    let among = match (own, scope.only_municipality()) {
        (Some(school), _) => Among::School(school),
        (None, Some(municipality)) => Among::Municipality(municipality),
        (None, None) => Among::Region,
    };
    let sent: HashMap<_, _> = sheets::sent(conn, &ids, among)
        .await
        .map_err(from_db)?
        .into_iter()
        .collect();
    let states: HashMap<_, _> = match own {
        Some(school) => sheets::states(conn, school, &ids).await.map_err(from_db)?,
        None => Vec::new(),
    }
    .into_iter()
    .collect();
    let show = |one: &sheets::Monitoring| {
        let state = states.get(&one.id).copied().unwrap_or(State::Draft);
        let shown =
            control_sheet::announced(one, schools, sent.get(&one.id).copied().unwrap_or_default());
        match own {
            Some(_) => pb::Monitoring {
                own_state: control_sheet::state(state).into(),
                ..shown
            },
            None => shown,
        }
    };
    Ok(Response::new(pb::ListMonitoringsResponse {
        monitorings: found.iter().map(show).collect(),
        next_page_token,
    }))
}
