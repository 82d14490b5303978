//! An import as answers show it.

use chassis::status;
use tonic::Status;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1 as pb;

use super::findings::Findings;
use crate::domain::school_import_state::ImportState;
use crate::rpc::convert;
use crate::store::imports::Import;

/// The import with its findings.
pub(crate) fn present(import: &Import) -> Result<pb::SchoolImport, Status> {
    let (state, progress_percent) = match import.state {
        ImportState::Checked => (pb::SchoolImportState::Checked, 0),
        ImportState::Refused => (pb::SchoolImportState::Refused, 0),
        ImportState::Applying => (pb::SchoolImportState::Applying, 50),
        ImportState::Applied => (pb::SchoolImportState::Applied, 100),
        ImportState::Failed => (pb::SchoolImportState::Failed, 50),
    };
    let counts = import.counts;
    let findings = Findings::decode(&import.findings).map_err(status::internal)?;
    Ok(pb::SchoolImport {
        school_import_id: import.id.to_string(),
        state: state.into(),
        file_name: import.file_name.clone(),
        school_id: import
            .school_id
            .as_ref()
            .map(SchoolId::to_string)
            .unwrap_or_default(),
        school_title: import.school_title.clone(),
        counts: Some(pb::ImportCounts {
            staff: counts.staff,
            classes: counts.classes,
            pupils: counts.pupils,
            guardians: counts.guardians,
            loads: counts.loads,
            weekly_lessons: counts.weekly_lessons,
            lessons: counts.lessons,
        }),
        progress_percent,
        failure: import.failure.clone(),
        uploaded_at: Some(convert::stored(import.uploaded_us)),
        ..findings
    })
}
