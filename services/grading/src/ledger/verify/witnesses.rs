//! Asks roster and reporting for the checkpoints that they keep.

use chassis::client::PeerChannel;
use jiff::{Timestamp, civil::Date};
use tonic::Status;
use zhurnal_proto::{
    id::SchoolId,
    reporting::v1::{
        ListWitnessedCheckpointsRequest as AskReporting,
        reporting_service_client::ReportingServiceClient,
    },
    roster::v1::{
        ListWitnessedCheckpointsRequest as AskRoster, roster_service_client::RosterServiceClient,
    },
    types::v1::WitnessedCheckpoint,
};

use super::{
    GRACE,
    trees::{Trees, checkpoint_record},
};
use crate::{
    Grading,
    domain::ledger::finding::{Finding, Reason},
};

/// What the witnesses keep, and when they were asked.
pub(super) struct Kept {
    asked_at: Timestamp,
    answers: [(&'static str, Result<Vec<WitnessedCheckpoint>, Status>); 2],
}

/// Asks both.
pub(super) async fn ask(grading: &Grading, school: SchoolId, within: (Date, Date)) -> Kept {
    let asked_at = grading.now();
    let peers = &grading.cx.peers;
    let roster = ask_roster(peers.channel("roster"), school, within).await;
    let reporting = ask_reporting(peers.channel("reporting"), school, within).await;
    Kept {
        asked_at,
        answers: [("roster", roster), ("reporting", reporting)],
    }
}

/// Compares the own trees with what each witness keeps. A witness that does not
/// answer is a finding, not silence.
pub(super) fn compare(
    grading: &Grading,
    school: SchoolId,
    kept: Kept,
    trees: &Trees,
    findings: &mut Vec<Finding>,
) {
    for (name, answer) in kept.answers {
        match answer {
            Ok(kept_there) => {
                with_witness(grading, name, school, &kept_there, trees, findings);
                behind(kept.asked_at, name, &kept_there, trees, findings);
            }
            Err(status) => {
                tracing::warn!(witness = name, code = ?status.code(), "witness does not answer");
                let message =
                    format!("свидетель {name} не отвечает: его контрольные точки не сверены");
                findings.push(Finding::new(
                    Reason::WitnessUnreachable,
                    format!("witness/{name}"),
                    message,
                ));
            }
        }
    }
}

async fn ask_roster(
    channel: PeerChannel,
    school: SchoolId,
    (from, to): (Date, Date),
) -> Result<Vec<WitnessedCheckpoint>, Status> {
    let request = AskRoster {
        school_id: school.to_string(),
        from: from.to_string(),
        to: to.to_string(),
    };
    let answer = RosterServiceClient::new(channel)
        .list_witnessed_checkpoints(request)
        .await?;
    Ok(answer.into_inner().checkpoints)
}

async fn ask_reporting(
    channel: PeerChannel,
    school: SchoolId,
    (from, to): (Date, Date),
) -> Result<Vec<WitnessedCheckpoint>, Status> {
    let request = AskReporting {
        school_id: school.to_string(),
        from: from.to_string(),
        to: to.to_string(),
    };
    let answer = ReportingServiceClient::new(channel)
        .list_witnessed_checkpoints(request)
        .await?;
    Ok(answer.into_inner().checkpoints)
}

fn with_witness(
    grading: &Grading,
    name: &str,
    school: SchoolId,
    kept: &[WitnessedCheckpoint],
    trees: &Trees,
    findings: &mut Vec<Finding>,
) {
    for checkpoint in kept {
        let Ok(day) = checkpoint.day.parse::<Date>() else {
            continue;
        };
        let record = checkpoint_record(day, checkpoint.tree_size);
        let finding =
            |reason, message: String| Finding::new(reason, record.clone(), message).on(day);
        let said = grading.key.open(&checkpoint.note);
        let honest = said.is_ok_and(|said| {
            said.school == school
                && said.day == day
                && i64::try_from(said.size) == Ok(checkpoint.tree_size)
                && hex::encode(said.root) == checkpoint.root
        });
        if !honest {
            let message =
                format!("контрольная точка у свидетеля {name} не подписана ключом книги изменений");
            findings.push(finding(Reason::SignatureWrong, message));
        }
        let size = usize::try_from(checkpoint.tree_size).unwrap_or(usize::MAX);
        match trees.days.get(&day).and_then(|day| day.root(size)) {
            None => {
                let have = trees.days.get(&day).map_or(0, |day| day.leaves.len());
                let message = format!(
                    "свидетель {name} хранит контрольную точку на {size} записей, здесь их {have}"
                );
                findings.push(finding(Reason::CheckpointMissing, message));
            }
            Some(root) if hex::encode(root) != checkpoint.root => {
                findings.push(finding(
                    Reason::RootDiffers,
                    format!("у свидетеля {name} другой корень"),
                ));
            }
            Some(_) => {}
        }
    }
}

/// Days that the witness should have had for minutes and has not.
fn behind(
    asked_at: Timestamp,
    name: &str,
    kept: &[WitnessedCheckpoint],
    trees: &Trees,
    findings: &mut Vec<Finding>,
) {
    for (day, tree) in &trees.days {
        let old = tree
            .signed_at
            .is_some_and(|signed_at| asked_at.duration_since(signed_at) > GRACE);
        let text = day.to_string();
        let size = kept
            .iter()
            .find(|kept| kept.day == text)
            .map_or(0, |kept| kept.tree_size);
        if old && usize::try_from(size).unwrap_or(0) < tree.leaves.len() {
            let message = format!(
                "свидетель {name} хранит {size} записей из {}",
                tree.leaves.len()
            );
            let record = format!("witness/{name}/{day}");
            findings.push(Finding::new(Reason::WitnessBehind, record, message).on(*day));
        }
    }
}
