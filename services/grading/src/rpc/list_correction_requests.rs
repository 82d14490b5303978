//! ListCorrectionRequests: own requests and those that the caller may decide,
//! newest first.

use chassis::{access::Facts, caller::Caller, page, status};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::{
    grading::v1::{CorrectionState, ListCorrectionRequestsRequest, ListCorrectionRequestsResponse},
    id::{PersonId, SchoolId},
};

use super::{convert, facts};
use crate::{
    Grading,
    store::corrections::{self, Stretch, Viewer},
};

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: ListCorrectionRequestsRequest,
) -> Result<ListCorrectionRequestsResponse, Status> {
    let school: SchoolId = facts::id(&request.school_id, "School")?;
    let state = match request.state() {
        CorrectionState::Unspecified => None,
        CorrectionState::Pending => Some("PENDING"),
        CorrectionState::Approved => Some("APPROVED"),
        CorrectionState::Refused => Some("REFUSED"),
    };
    let size = page::size(request.page_size)?;
    let filter = page::PageFilter::of("ListCorrectionRequests")
        .and(school.to_string())
        .and(state.unwrap_or_default());
    let after: Option<(i64, Uuid)> = page::decode(&request.page_token, &filter)?;
    grading
        .cx
        .access
        .check(caller, "grading.corrections.list", &Facts::school(school))?;

    let db = grading.cx.db.read();
    let known = facts::school(db, school).await?;
    let today = grading.cx.clock.today(&known.zone).to_string();
    let person = facts::person(caller).unwrap_or_else(|| PersonId::from_uuid(Uuid::nil()));
    let viewer = Viewer {
        person,
        director: facts::is_director(caller),
        today: &today,
    };
    let stretch = Stretch {
        state,
        after,
        limit: size + 1,
    };
    let mut rows = corrections::list(db, school, &viewer, stretch)
        .await
        .map_err(status::from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |listed| {
        (
            chassis::db::micros(listed.request.requested_at),
            listed.request.id.uuid(),
        )
    })?;
    let correction_requests = rows.into_iter().map(convert::correction).collect();
    Ok(ListCorrectionRequestsResponse {
        correction_requests,
        next_page_token,
    })
}
