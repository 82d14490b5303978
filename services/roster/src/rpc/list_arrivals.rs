//! ListArrivals: pupils whom another school of the region has sent and who wait for an
//! order of admission, in the order of the Russian alphabet.

use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::store::arrivals::{self, Listed};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListArrivalsRequest>,
) -> Result<pb::ListArrivalsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, _) =
        parse::school(roster, &caller, "roster.orders.put", &request.school_id).await?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListArrivals").and(&request.school_id);
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let found = arrivals::page(roster.cx.db.read(), school, None, after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.sort_key.clone(), one.arrival.pupil.uuid())
    })?;
    Ok(pb::ListArrivalsResponse {
        arrivals: found.iter().map(shown).collect(),
        next_page_token,
    })
}

fn shown(one: &Listed) -> pb::Arrival {
    let (from_class_title, grade) = one.from_class.clone();
    pb::Arrival {
        pupil_id: one.arrival.pupil.to_string(),
        name: Some(convert::name(&one.name)),
        sex: convert::sex(one.sex).into(),
        birth_date: convert::date(one.birth_date),
        from_school_id: one.arrival.from_school.to_string(),
        from_school_title: one.from_title.clone(),
        from_class_title,
        from_grade: grade.into(),
        last_day: one.arrival.last_day.to_string(),
    }
}
