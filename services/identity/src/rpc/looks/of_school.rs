//! ListSchoolLooks: who looked at whose records in a school, for its director and
//! administrator.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::page::{self, PageFilter};
use chassis::status::{self, from_db};
use jiff::civil::Date;
use tonic::Status;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::identity::v1::{ListSchoolLooksRequest, ListSchoolLooksResponse};

use super::{midnight, shown, zone};
use crate::Identity;
use crate::store::looks::{self, LookKey, Wanted};

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: ListSchoolLooksRequest,
) -> Result<ListSchoolLooksResponse, Status> {
    let missing = || status::not_found("school");
    let school: SchoolId = request.school_id.parse().map_err(|_| missing())?;
    let facts = Facts::school(school);
    identity
        .cx
        .access
        .check(caller, "identity.looks.list", &facts)?;
    let person: Option<PersonId> = match request.person_id.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| status::not_found("person"))?),
    };
    let filter = PageFilter::of("ListSchoolLooks")
        .and(&request.school_id)
        .and(&request.person_id)
        .and(&request.from)
        .and(&request.to);
    let size = page::size(request.page_size)?;
    let before: Option<LookKey> = page::decode(&request.page_token, &filter)?;
    let conn = identity.cx.db.read();
    let zone = zone(identity, conn, school.uuid()).await.map_err(from_db)?;
    let first: Option<Date> = request.from.parse().ok();
    let last: Option<Date> = request.to.parse().ok();
    let wanted = Wanted {
        school_id: school.uuid(),
        person_id: person.map(|p| p.uuid()),
        from_us: first.map_or(i64::MIN, |day| midnight(Some(day), &zone)),
        to_us: midnight(last.and_then(|day| day.tomorrow().ok()), &zone),
    };
    let mut rows = looks::of_school(conn, wanted, before, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |r| (r.first_us, r.look_id))?;
    Ok(ListSchoolLooksResponse {
        looks: shown(conn, rows).await.map_err(from_db)?,
        next_page_token,
    })
}
