//! Pupils enrolled today in the order of the Russian alphabet, of a class or of the
//! school, found by the start of any part of the name; or those who have left.

use chassis::access::Facts;
use chassis::caller::Caller;
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
use crate::store::{School, classes};

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
    let in_full = in_full(roster, &caller, school, class).await?;
    let subject = class.map_or(Subject::School, Subject::Class);
    let (looks, facts) = (&roster.cx.looks, Facts::school(school.id()));
    looks.note(&caller, &facts, LookRecord::PupilList, [subject]);
    Ok(pb::ListPupilsResponse {
        pupils: pupils
            .iter()
            .map(|one| pupil(school.id(), one))
            .map(|shown| if in_full { shown } else { named(shown) })
            .collect(),
        next_page_token,
    })
}

/// Whether the caller may open the cards of those in the list.
async fn in_full(
    roster: &Roster,
    caller: &Caller,
    school: School,
    class: Option<ClassId>,
) -> Result<bool, Status> {
    let mut facts = Facts::object("Pupil", "of the list", school.id());
    if let Some(class) = class {
        let class = classes::get(roster.cx.db.read(), school, class).await;
        let class = class.map_err(status::from_db)?;
        facts = facts.class_teachers(class.and_then(|class| class.class_teacher_id));
    }
    Ok(roster.cx.access.permits(caller, "roster.cards.get", &facts))
}

/// What every employee sees: names and classes.
fn named(pupil: pb::Pupil) -> pb::Pupil {
    pb::Pupil {
        sex: pb::Pupil::default().sex,
        birth_date: String::new(),
        education_form: pb::EducationForm::Unspecified.into(),
        ..pupil
    }
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
