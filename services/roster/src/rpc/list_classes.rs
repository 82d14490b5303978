//! Classes of a year by grade and letter, with their size. The staff of the school sees who
//! the class teacher is by name; officers and machines only by card.

use std::collections::HashMap;

use chassis::access::Facts;
use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::store::{classes, people};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListClassesRequest>,
) -> Result<pb::ListClassesResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, found) =
        parse::school(roster, &caller, "roster.classes.list", &request.school_id).await?;
    let db = roster.cx.db.read();
    let year = if request.academic_year.is_empty() {
        &found.academic_year
    } else {
        &request.academic_year
    };
    let classes = classes::of_year(db, school, year)
        .await
        .map_err(status::from_db)?;
    let sizes = classes::sizes(db, school, roster.present_day(&found))
        .await
        .map_err(status::from_db)?;
    // Who sees classes and no people sees no class teachers either.
    let (access, facts) = (&roster.cx.access, Facts::school(school.id()));
    let names = if access.permits(&caller, "roster.staff.list", &facts) {
        let teachers = classes
            .iter()
            .filter_map(|class| class.class_teacher_id)
            .collect();
        people::names(db, school, teachers)
            .await
            .map_err(status::from_db)?
    } else {
        HashMap::new()
    };
    let classes = classes.iter().map(|class| {
        let teacher = class.class_teacher_id.and_then(|id| names.get(&id));
        convert::school_class(
            school.id(),
            class,
            sizes.get(&class.id).copied().unwrap_or(0),
            teacher,
        )
    });
    Ok(pb::ListClassesResponse {
        classes: classes.collect(),
    })
}
