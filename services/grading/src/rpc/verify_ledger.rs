//! VerifyLedger: replays a school's ledger against state and witnesses, for
//! administrators, deputies, the director, and the witnesses themselves.

use chassis::{access::Facts, caller::Caller};
use jiff::civil::date;
use tonic::Status;
use zhurnal_proto::{
    grading::v1::{LedgerFinding, VerifyLedgerRequest, VerifyLedgerResponse},
    id::SchoolId,
};

use super::facts;
use crate::{Grading, domain::ledger::finding::Finding, ledger::verify};

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: VerifyLedgerRequest,
) -> Result<VerifyLedgerResponse, Status> {
    let school: SchoolId = facts::id(&request.school_id, "School")?;
    let from = facts::day(&request.from, "from")?.unwrap_or(date(1900, 1, 1));
    let to = facts::day(&request.to, "to")?.unwrap_or(date(2200, 12, 31));
    grading
        .cx
        .access
        .check(caller, "grading.ledger.verify", &Facts::school(school))?;
    let report = verify::verify(grading, school, from, to).await?;
    Ok(VerifyLedgerResponse {
        entry_count: report.entries,
        checkpoint_count: report.checkpoints,
        findings: report.findings.into_iter().map(message).collect(),
    })
}

fn message(finding: Finding) -> LedgerFinding {
    LedgerFinding {
        reason: finding.reason.name().to_owned(),
        record: finding.record,
        message: finding.message,
        day: finding.day.map(|day| day.to_string()).unwrap_or_default(),
        lesson_id: finding
            .lesson
            .map(|lesson| lesson.to_string())
            .unwrap_or_default(),
        pupil_id: finding
            .pupil
            .map(|pupil| pupil.to_string())
            .unwrap_or_default(),
    }
}
