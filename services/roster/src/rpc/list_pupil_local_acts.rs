//! ListPupilLocalActs: what is in force in the school of one's child (R209), how it
//! assesses first (R210).

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1::{self as pb, LocalActKind};

use super::found_pupil::FoundPupil;
use super::parse;
use super::registry_entry::Beside;
use crate::Roster;
use crate::domain::registry::Registry;
use crate::store::registries;

/// Most acts of one answer.
const MOST: u64 = 500;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListPupilLocalActsRequest>,
) -> Result<pb::ListPupilLocalActsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let card = FoundPupil::find(roster, &caller, &request.pupil_id).await?;
    let (access, facts) = (&roster.cx.access, card.facts());
    access.check(&caller, "roster.localActs.ofPupil", &facts)?;

    let (conn, acts) = (roster.cx.db.read(), Registry::LocalActs);
    let kept = registries::page(conn, card.school, acts, Some(card.today), None, MOST).await;
    let kept = kept.map_err(status::from_db)?;
    // Whom the acts name and who has read them is the school's business.
    let beside = Beside::bare(card.today);
    let mut records: Vec<_> = kept.iter().map(|kept| beside.show(kept)).collect();
    records.retain(|record| is_for_families(kind(record)));
    records.sort_by_key(|record| kind(record) != LocalActKind::Assessment);
    Ok(pb::ListPupilLocalActsResponse { records })
}

fn kind(record: &pb::RegistryRecord) -> LocalActKind {
    match &record.entry {
        Some(pb::registry_record::Entry::LocalAct(act)) => act.kind(),
        _ => LocalActKind::Unspecified,
    }
}

/// Contracts and what tells employees how to work is not about families.
fn is_for_families(kind: LocalActKind) -> bool {
    match kind {
        LocalActKind::Unspecified
        | LocalActKind::JobDescription
        | LocalActKind::Contract
        | LocalActKind::WorkingGroup
        | LocalActKind::HelpSchedule => false,
        LocalActKind::Regulation
        | LocalActKind::Rules
        | LocalActKind::Order
        | LocalActKind::Instruction
        | LocalActKind::Schedule
        | LocalActKind::Form
        | LocalActKind::Assessment
        | LocalActKind::PersonalData => true,
    }
}
