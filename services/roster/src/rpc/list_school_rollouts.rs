//! ListSchoolRollouts: how far each school is that the caller may see, by title.

use std::collections::HashMap;

use chassis::access::Facts;
use chassis::page::{self, PageFilter};
use chassis::status;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr};
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, get_journal_stage, parse, profile_view};
use crate::Roster;
use crate::domain::journal_mode::{self, Mode};
use crate::domain::record::School;
use crate::domain::school_profile::Confirmation;
use crate::store::rollouts::{self, Rollout};
use crate::store::{journal_modes, profiles, schools};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListSchoolRolloutsRequest>,
) -> Result<pb::ListSchoolRolloutsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let scope = roster
        .cx
        .access
        .check(&caller, "roster.rollouts.list", &Facts::own())?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListSchoolRollouts").and(&request.municipality_id);
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let only = scope.only_schools_of();
    let narrow = (
        only.as_deref(),
        parse::only_municipality(&scope, &request.municipality_id)?,
    );
    let conn = roster.cx.db.read();
    let found = schools::page(conn, narrow, after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.sort_key.clone(), one.school.id.uuid())
    })?;
    let Some(first) = found.first() else {
        return Ok(pb::ListSchoolRolloutsResponse::default());
    };
    // The region lies in one zone.
    let today = roster.today(&first.school.time_zone);
    let ids: Vec<SchoolId> = found.iter().map(|one| one.school.id).collect();
    let mut counted = rollouts::count(conn, &ids, today)
        .await
        .map_err(status::from_db)?;
    let confirmed = profiles::confirmations(conn, &ids)
        .await
        .map_err(status::from_db)?;
    let stages = stages_of(conn, &ids, today)
        .await
        .map_err(status::from_db)?;
    let shown = found.iter().map(|one| {
        let profile = confirmed.get(&one.school.id).copied();
        let mut shown = show(
            &one.school,
            counted.remove(&one.school.id).unwrap_or_default(),
        );
        shown.profile_state = profile_view::state_of(roster, profile, today).into();
        (shown.journal_stage, shown.journal_stage_starts_on) =
            get_journal_stage::told(stages.get(&one.school.id));
        shown.profile_confirmed_on = confirmed_on(profile);
        shown
    });
    Ok(pb::ListSchoolRolloutsResponse {
        rollouts: shown.collect(),
        next_page_token,
    })
}

/// The present stage of each school that has one.
async fn stages_of(
    conn: &impl ConnectionTrait,
    schools: &[SchoolId],
    today: Date,
) -> Result<HashMap<SchoolId, Mode>, DbErr> {
    let mut of_schools: HashMap<SchoolId, Vec<Mode>> = HashMap::new();
    for (school, mode) in journal_modes::stages(conn, schools).await? {
        of_schools.entry(school).or_default().push(mode);
    }
    let stages = of_schools
        .into_iter()
        .filter_map(|(school, modes)| Some((school, journal_mode::stage(&modes, today)?.clone())));
    Ok(stages.collect())
}

fn confirmed_on(profile: Option<Option<Confirmation>>) -> String {
    convert::date(profile.flatten().map(|last| last.on))
}

fn show(school: &School, rollout: Rollout) -> pb::SchoolRollout {
    pb::SchoolRollout {
        school_id: school.id.to_string(),
        school_title: school.title.clone(),
        municipality: school.municipality.clone(),
        measure_count: rollout.measures,
        done_count: rollout.done,
        overdue_count: rollout.overdue,
        responsibilities: rollout
            .responsibilities
            .into_iter()
            .map(i32::from)
            .collect(),
        local_acts: rollout.local_acts.into_iter().map(i32::from).collect(),
        staff_count: rollout.staff,
        trained_count: rollout.trained,
        to_acknowledge_count: rollout.to_acknowledge * rollout.staff,
        acknowledged_count: rollout.acknowledged,
        ..Default::default()
    }
}
