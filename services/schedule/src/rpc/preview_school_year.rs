//! PreviewSchoolYear: what a changed calendar would do to the dated lessons; nothing is saved.

use chassis::access::Facts;
use chassis::caller;
use tonic::{Request, Response};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::school_year::weigh;
use super::study_document::open_year;
use super::year_lists::{self, Lists};
use super::{Answer, Rpc};

pub(super) async fn handle(
    rpc: &Rpc,
    request: Request<pb::PreviewSchoolYearRequest>,
) -> Answer<pb::PreviewSchoolYearResponse> {
    let cx = &rpc.cx;
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let lists = Lists {
        periods: &message.periods,
        holidays: &message.holidays,
        days_off: &message.days_off,
        shortened_days: &message.shortened_days,
    };
    let content = lists.content()?;
    let bells = year_lists::bells(&message.bells)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(caller, "schedule.schoolYears.preview", &facts)?;
    let school = parse::school(&scope)?;

    let year = open_year(cx, school, &message.academic_year).await?;
    let weighed = weigh(rpc, cx.db.read(), (school, &year), (content, bells, false)).await?;
    Ok(Response::new(pb::PreviewSchoolYearResponse {
        effect: Some(weighed.effect),
    }))
}

#[cfg(test)]
mod tests;
