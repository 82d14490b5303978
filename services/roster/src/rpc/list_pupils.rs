//! Pupils enrolled today in the order of the Russian alphabet, of a class or of the
//! school, found by the start of any part of the name; or those who have left.

use chassis::access::Facts;
use chassis::looks::Subject;
use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, SchoolId};
use zhurnal_proto::identity::v1::LookRecord;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::domain::text::search_key;
use crate::store::pupils::{self, Listed, Wanted};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListPupilsRequest>,
) -> Result<pb::ListPupilsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let class: Option<ClassId> = parse::optional_id("class_id", &request.class_id)?;
    let (school, found) =
        parse::school(roster, &caller, "roster.pupils.list", &request.school_id).await?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListPupils")
        .and(&request.school_id)
        .and(&request.class_id)
        .and(search_key(&request.search))
        .and(request.former.to_string());
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let wanted = Wanted {
        day: roster.present_day(&found),
        class,
        search: &request.search,
    };
    let conn = roster.cx.db.read();
    let pupils = if request.former {
        pupils::former(conn, school, wanted, after, size + 1).await
    } else {
        pupils::page(conn, school, wanted, after, size + 1).await
    };
    let mut pupils = pupils.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut pupils, size, &filter, |one| {
        (one.sort_key.clone(), one.id.uuid())
    })?;
    let subject = class.map_or(Subject::School, Subject::Class);
    let (looks, facts) = (&roster.cx.looks, Facts::school(school.id()));
    looks.note(&caller, &facts, LookRecord::PupilList, [subject]);
    Ok(pb::ListPupilsResponse {
        pupils: pupils.iter().map(|one| pupil(school.id(), one)).collect(),
        next_page_token,
    })
}

/// A pupil as answers show one.
pub(super) fn pupil(school: SchoolId, pupil: &Listed) -> pb::Pupil {
    let (class_id, class_title, form) = match &pupil.place {
        Some((class, title, form)) => (
            class.to_string(),
            title.clone(),
            convert::education_form(*form),
        ),
        None => (String::new(), String::new(), pb::EducationForm::Unspecified),
    };
    pb::Pupil {
        pupil_id: pupil.id.to_string(),
        school_id: school.to_string(),
        name: Some(convert::name(&pupil.name)),
        sex: convert::sex(pupil.sex).into(),
        birth_date: pupil
            .birth_date
            .map(|date| date.to_string())
            .unwrap_or_default(),
        class_id,
        class_title,
        education_form: form.into(),
    }
}
