//! ListPupilLooks: who looked at a child's records. The family of the child; the director
//! and the administrator of the school; for everybody else the child does not exist.

use chassis::access::Facts;
use chassis::caller::{Caller, UserKind};
use chassis::page::{self, PageFilter};
use chassis::status::{self, from_db};
use sea_orm::{ConnectionTrait, DbErr};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::identity::v1::{ListPupilLooksRequest, ListPupilLooksResponse};

use super::{midnight, shown, zone};
use crate::Identity;
use crate::store::entity::enrolment_copy;
use crate::store::looks::{self, LookKey, Span};
use crate::store::people;

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: ListPupilLooksRequest,
) -> Result<ListPupilLooksResponse, Status> {
    let missing = || status::not_found("Pupil");
    let pupil: PersonId = request.pupil_id.parse().map_err(|_| missing())?;
    let conn = identity.cx.db.read();
    let enrolments = people::enrolments_of(conn, pupil.uuid())
        .await
        .map_err(from_db)?;
    let school = school_of(caller, &enrolments).ok_or_else(missing)?;
    let mut schools: Vec<Uuid> = enrolments.iter().map(|e| e.school_id).collect();
    schools.dedup();
    let guardians = people::representatives_of(conn, &schools, pupil.uuid(), identity.today())
        .await
        .map_err(from_db)?;
    let facts = Facts::object("Pupil", pupil, school)
        .pupil(pupil)
        .guardians(guardians.into_iter().map(PersonId::from_uuid));
    identity
        .cx
        .access
        .check(caller, "identity.looks.ofPupil", &facts)?;

    // A family reads the child's whole way, the staff the own school's.
    let family = caller.user().is_some_and(|u| u.kind == UserKind::Family);
    let concerned = enrolments
        .into_iter()
        .filter(|e| family || e.school_id == school.uuid());
    let spans = spans(identity, conn, pupil.uuid(), concerned.collect())
        .await
        .map_err(from_db)?;
    let filter = PageFilter::of("ListPupilLooks").and(&request.pupil_id);
    let size = page::size(request.page_size)?;
    let before: Option<LookKey> = page::decode(&request.page_token, &filter)?;
    let mut rows = looks::of_spans(conn, &spans, before, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |r| (r.first_us, r.look_id))?;
    Ok(ListPupilLooksResponse {
        looks: shown(conn, rows).await.map_err(from_db)?,
        next_page_token,
    })
}

/// Of the child's schools the caller's own, else the newest.
fn school_of(caller: &Caller, enrolments: &[enrolment_copy::Model]) -> Option<SchoolId> {
    let own = caller.user().and_then(|user| user.school);
    own.filter(|own| enrolments.iter().any(|e| e.school_id == own.uuid()))
        .or_else(|| enrolments.last().map(|e| SchoolId::from_uuid(e.school_id)))
}

/// What concerned the child: the own records always, the class's and the school's on
/// the days of the enrolment.
async fn spans(
    identity: &Identity,
    conn: &impl ConnectionTrait,
    pupil_id: Uuid,
    enrolments: Vec<enrolment_copy::Model>,
) -> Result<Vec<Span>, DbErr> {
    let mut spans = Vec::new();
    for enrolment in enrolments {
        let zone = zone(identity, conn, enrolment.school_id).await?;
        let first = enrolment.starts_on.parse().ok();
        let last: Option<jiff::civil::Date> =
            enrolment.ends_on.as_ref().and_then(|day| day.parse().ok());
        let of = |subject_id, from_us, to_us| Span {
            school_id: enrolment.school_id,
            subject_id,
            from_us,
            to_us,
        };
        let own = of(pupil_id, i64::MIN, i64::MAX);
        if !spans.contains(&own) {
            spans.push(own);
        }
        let after = last.and_then(|day| day.tomorrow().ok());
        let (from, to) = (midnight(first, &zone), midnight(after, &zone));
        spans.push(of(enrolment.class_id, from, to));
        spans.push(of(enrolment.school_id, from, to));
    }
    Ok(spans)
}
