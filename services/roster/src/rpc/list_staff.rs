//! Staff of a school in the order of the Russian alphabet. Staff of the school and the
//! region's administrators.

use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::store::staff;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListStaffRequest>,
) -> Result<pb::ListStaffResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, _) =
        parse::school(roster, &caller, "roster.staff.list", &request.school_id).await?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListStaff").and(&request.school_id);
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let found = staff::page(roster.cx.db.read(), school, after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.sort_key.clone(), one.member.person_id.uuid())
    })?;
    let staff = found.into_iter().map(|one| pb::StaffMember {
        name: Some(convert::name(&one.name)),
        phone: one.phone,
        email: one.email,
        ..convert::staff_member(school.id(), &one.member)
    });
    Ok(pb::ListStaffResponse {
        staff: staff.collect(),
        next_page_token,
    })
}
