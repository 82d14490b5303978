//! Recomputes every leaf and every root from the rows, compares them with the own
//! checkpoints and with those that the witnesses keep, and replays the entries
//! against marks, attendance, lesson entries and correction requests.

mod state;
mod trees;
mod witnesses;

use chassis::status;
use jiff::{SignedDuration, civil::Date};
use tonic::Status;
use zhurnal_proto::id::SchoolId;

use crate::{Grading, domain::ledger::finding::Finding, store::ledger};

/// How long a committed entry may wait for a checkpoint, and a checkpoint for the
/// witnesses, before it is worth a finding.
const GRACE: SignedDuration = SignedDuration::from_mins(5);
/// Most findings that are told one by one.
const MOST_FINDINGS: usize = 1_000;

/// What a verification says.
#[derive(Debug, Default)]
pub struct Report {
    /// Entries checked.
    pub entries: i64,
    /// Own checkpoints checked.
    pub checkpoints: i64,
    /// What does not agree.
    pub findings: Vec<Finding>,
}

/// Verifies the trees of the days and the whole present state of a school.
pub async fn verify(
    grading: &Grading,
    school: SchoolId,
    from: Date,
    to: Date,
) -> Result<Report, Status> {
    // Witnesses first, and all own rows in one state: what is written meanwhile is
    // either seen whole or not at all.
    let kept = witnesses::ask(grading, school, (from, to)).await;
    let db = grading.cx.db.snapshot().await.map_err(status::from_db)?;
    let mut report = Report::default();
    let own = ledger::checkpoints(&db, school, from, to)
        .await
        .map_err(status::from_db)?;
    report.checkpoints = i64::try_from(own.len()).unwrap_or(i64::MAX);
    let mut trees = trees::Trees::of(grading, school, own, &mut report.findings);
    state::replay(&db, school, (from, to), &mut trees, &mut report)
        .await
        .map_err(status::from_db)?;
    trees.missing(&mut report.findings);
    witnesses::compare(grading, school, kept, &trees, &mut report.findings);
    let findings = &mut report.findings;
    findings.sort_by(|a, b| (a.day, a.reason, &a.record).cmp(&(b.day, b.reason, &b.record)));
    if let Some(more) = findings
        .len()
        .checked_sub(MOST_FINDINGS)
        .filter(|more| *more > 0)
    {
        findings.truncate(MOST_FINDINGS);
        if let Some(last) = findings.last_mut() {
            last.message = format!("{}; и ещё расхождений: {more}", last.message);
        }
    }
    Ok(report)
}
