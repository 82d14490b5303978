//! Verdicts row by row in the order of the file, of a sheet or with a verdict.

use chassis::page::{self, PageFilter};
use chassis::status;
use prost::Message;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::get_school_import::visible;
use super::parse;
use crate::Roster;
use crate::store::imports::{self, WantedRows};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListImportRowsRequest>,
) -> Result<pb::ListImportRowsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let import = visible(
        roster,
        &caller,
        "roster.schoolImports.rows",
        &request.school_import_id,
    )
    .await?;
    let size = page::size(request.page_size)?;
    let verdict = i16::try_from(request.verdict)
        .ok()
        .filter(|verdict| *verdict != 0);
    let filter = PageFilter::of("ListImportRows")
        .and(&request.school_import_id)
        .and(&request.sheet)
        .and(request.verdict.to_be_bytes());
    let after: Option<i32> = page::decode(&request.page_token, &filter)?;
    let sheet = Some(request.sheet.as_str()).filter(|sheet| !sheet.is_empty());
    let rows = imports::rows(
        roster.cx.db.read(),
        import.id,
        WantedRows { sheet, verdict },
        after,
        size + 1,
    )
    .await;
    let mut rows = rows.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |row| row.position)?;
    let rows: Result<Vec<_>, _> = rows
        .iter()
        .map(|row| pb::ImportRow::decode(row.content.as_slice()))
        .collect();
    Ok(pb::ListImportRowsResponse {
        rows: rows.map_err(status::internal)?,
        next_page_token,
    })
}
