//! GetCompleteness: how full the databases of a school are and which documents it keeps.

use chassis::access::Facts;
use chassis::caller;
use chassis::status::from_db;
use tonic::Request;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::reporting::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, control_sheet, convert};
use crate::domain::sheet::{self, Kind};
use crate::{Shared, freshness};

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::GetCompletenessRequest>,
) -> Answer<pb::GetCompletenessResponse> {
    let caller = caller::of(&request)?;
    checked(request.get_ref())?;
    let school: SchoolId = parse::id("schoolId", &request.get_ref().school_id)?;
    let scope = shared.cx.access.check(
        caller,
        "reporting.controlSheets.get",
        &Facts::school(school),
    )?;
    let school = parse::school(&scope)?;
    let conn = shared.cx.db.read();
    // Asked before the figures: they are at least as fresh.
    let as_of = freshness::as_of(shared).await.map_err(from_db)?;
    let counted = control_sheet::count(shared, conn, school).await?;
    let mut responsible = control_sheet::responsible(conn, school, counted.today).await?;
    if let Some(contact) = &mut responsible {
        control_sheet::name_contact(conn, school, contact).await?;
    }
    let lines = |kind| {
        let lines = sheet::lines(kind, &counted.facts);
        lines
            .iter()
            .map(|one| control_sheet::line(kind, one, &[]))
            .collect()
    };
    Ok(tonic::Response::new(pb::GetCompletenessResponse {
        databases: lines(Kind::Databases),
        documents: lines(Kind::Documents),
        responsible,
        counted_on: counted.today.to_string(),
        as_of: as_of.map(convert::timestamp),
    }))
}

#[cfg(test)]
mod tests;
