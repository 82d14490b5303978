//! Takes a workbook, judges it and keeps it sealed until it is applied.

use chassis::db::micros;
use chassis::idempotency::{self, IdempotencyKey};
use chassis::status::{self, Refusal};
use tonic::{Code, Status};
use zhurnal_proto::id::SchoolImportId;
use zhurnal_proto::roster::v1 as pb;

use super::check::{Checked, check_file, content_hash};
use super::findings::school_exists;
use super::present;
use crate::Roster;
use crate::domain::school_import_state::ImportState;
use crate::store::imports::{self, Import};
use crate::store::schools;
use crate::vault::Kind;
use crate::workbook::ReadError;

/// A file to take.
pub(crate) struct Upload {
    /// Its bytes.
    pub content: Vec<u8>,
    /// Its name.
    pub file_name: String,
    /// Who brings it.
    pub actor: String,
}

/// Takes a file: CHECKED or REFUSED. Nothing is applied.
pub(crate) async fn upload(
    roster: &Roster,
    upload: Upload,
    key: &IdempotencyKey,
) -> Result<pb::UploadSchoolImportResponse, Status> {
    // Checking is dear: a repeat is looked for first.
    if let Some(answer) = idempotency::find(&roster.cx.db, key).await? {
        return prost::Message::decode(answer.as_slice()).map_err(status::internal);
    }
    let id = SchoolImportId::from_uuid(roster.cx.ids.uuid());
    let Upload {
        content,
        file_name,
        actor,
    } = upload;
    let (vault, ids, owner) = (roster.vault.clone(), roster.cx.ids.clone(), id.to_string());
    let done = roster.workers.run(move || {
        let checked = check_file(&content)?;
        Ok((
            checked,
            vault.seal(Kind::Workbook, &owner, &content, &ids),
            content_hash(&content),
        ))
    });
    let (mut checked, sealed, hash): (Checked, _, _) = done.await?.map_err(|e| refused(&e))?;
    let sealed = sealed.map_err(status::internal)?;
    note_existing(roster, &mut checked).await?;
    let import = Import {
        id,
        state: if checked.findings.refuse() {
            ImportState::Refused
        } else {
            ImportState::Checked
        },
        file_name,
        content_hash: hash,
        school_id: None,
        school_title: checked
            .school
            .map(|(title, _, _)| title)
            .unwrap_or_default(),
        counts: checked.counts,
        findings: checked.findings.encode(),
        failure: String::new(),
        actor,
        uploaded_us: micros(roster.cx.clock.now()),
    };
    let response = pb::UploadSchoolImportResponse {
        school_import: Some(present(&import)?),
    };
    idempotency::once(&roster.cx.db, key, async move |uow| {
        imports::add(uow.conn(), &import, checked.rows)
            .await
            .map_err(status::from_db)?;
        imports::keep_workbook(uow.conn(), id, sealed)
            .await
            .map_err(status::from_db)?;
        Ok((uow, response))
    })
    .await
}

/// A school that is there already is told at once; applying would be refused.
async fn note_existing(roster: &Roster, checked: &mut Checked) -> Result<(), Status> {
    let Some((title, municipality, year)) = &checked.school else {
        return Ok(());
    };
    let same = schools::same(roster.cx.db.read(), (title, municipality, year))
        .await
        .map_err(status::from_db)?;
    if let Some(same) = same {
        checked
            .findings
            .notices
            .insert(0, school_exists(&same.title));
    }
    Ok(())
}

/// The refusal of a file that is no workbook of ours.
pub(crate) fn refused(error: &ReadError) -> Status {
    let reason = match error {
        ReadError::FileTooLarge { .. } => "WORKBOOK_TOO_LARGE",
        ReadError::NotXlsx(_) => "WORKBOOK_WRONG_FORMAT",
        _ => "WORKBOOK_UNREADABLE",
    };
    let message = format!("Файл не принят: {error}. {}", error.hint());
    Refusal::new(Code::InvalidArgument, reason, message)
        .with("cause", error.code())
        .into()
}
