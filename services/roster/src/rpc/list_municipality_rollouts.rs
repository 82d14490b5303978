//! ListMunicipalityRollouts: how far each municipality is and what it lacks (R194, R206).

use chassis::access::Facts;
use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::id::MunicipalityId;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use crate::Roster;
use crate::domain::municipality::{Gap, Kept, gaps};
use crate::store::municipalities::{self, Listed};
use crate::store::rollouts::{self, Rollout};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListMunicipalityRolloutsRequest>,
) -> Result<pb::ListMunicipalityRolloutsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let scope =
        roster
            .cx
            .access
            .check(&caller, "roster.municipalityRollouts.list", &Facts::own())?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListMunicipalityRollouts");
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let conn = roster.cx.db.read();
    let only = scope.only_municipality();
    let found = municipalities::page(conn, only, after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.sort_key.clone(), one.municipality.id.uuid())
    })?;
    let ids: Vec<MunicipalityId> = found.iter().map(|one| one.municipality.id).collect();
    if ids.is_empty() {
        return Ok(pb::ListMunicipalityRolloutsResponse::default());
    }
    let mut counted = rollouts::count_municipalities(conn, &ids, roster.today_in_region())
        .await
        .map_err(status::from_db)?;
    let shown = found.into_iter().map(|one| {
        let rollout = counted.remove(&one.municipality.id).unwrap_or_default();
        show(one, rollout)
    });
    Ok(pb::ListMunicipalityRolloutsResponse {
        rollouts: shown.collect(),
        next_page_token,
    })
}

fn show(listed: Listed, rollout: Rollout) -> pb::MunicipalityRollout {
    let kept = Kept {
        responsibilities: rollout.responsibilities,
        local_acts: rollout.local_acts,
        measures: rollout.measures,
        held_trainings: rollout.held_trainings,
    };
    let gaps = gaps(&kept).into_iter().map(|one| gap(one).into()).collect();
    pb::MunicipalityRollout {
        municipality_id: listed.municipality.id.to_string(),
        title: listed.municipality.title,
        school_count: listed.schools,
        measure_count: kept.measures,
        done_count: rollout.done,
        overdue_count: rollout.overdue,
        responsibilities: kept.responsibilities.into_iter().map(i32::from).collect(),
        local_acts: kept.local_acts.into_iter().map(i32::from).collect(),
        held_training_count: kept.held_trainings,
        gaps,
    }
}

fn gap(gap: Gap) -> pb::MunicipalGap {
    match gap {
        Gap::ResponsiblePerson => pb::MunicipalGap::ResponsiblePerson,
        Gap::WorkingGroup => pb::MunicipalGap::WorkingGroup,
        Gap::WorkingGroupRegulation => pb::MunicipalGap::WorkingGroupRegulation,
        Gap::HelpSchedule => pb::MunicipalGap::HelpSchedule,
        Gap::ListOfMeasures => pb::MunicipalGap::ListOfMeasures,
        Gap::Training => pb::MunicipalGap::Training,
    }
}
