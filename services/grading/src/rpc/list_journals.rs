//! ListJournals: journals of a year that the caller may open. Deputies and the director see
//! the school's; others those that they teach, substitute in, or whose class they lead.

use std::collections::HashMap;

use chassis::{access::Facts, caller::Caller, page, status};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::{
    grading::v1::{Journal, ListJournalsRequest, ListJournalsResponse},
    id::{ClassId, JournalId, PersonId, SchoolId},
};

use super::{convert, facts};
use crate::{
    Grading,
    domain::week::{academic_year, first_year, year_of},
    store::journals::{self, JournalFacts, Whose},
};

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: ListJournalsRequest,
) -> Result<ListJournalsResponse, Status> {
    let school: SchoolId = facts::id(&request.school_id, "School")?;
    let class: Option<ClassId> = match request.class_id.as_str() {
        "" => None,
        text => Some(facts::id(text, "Class")?),
    };
    let size = page::size(request.page_size)?;
    let filter = page::PageFilter::of("ListJournals")
        .and(school.to_string())
        .and(&request.class_id)
        .and(&request.academic_year);
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    grading
        .cx
        .access
        .check(caller, "grading.journals.list", &Facts::school(school))?;

    let db = grading.cx.db.read();
    let known = facts::school(db, school).await?;
    let today = grading.cx.clock.today(&known.zone);
    let years = journals::years(db, school).await;
    let years = years.map_err(status::from_db)?;
    let Some(year) = asked(&request.academic_year)?.or_else(|| year_of(today, &years)) else {
        return Ok(ListJournalsResponse::default());
    };
    let today = today.to_string();
    let whose = whose(grading, caller, school, &today);
    let mut rows = journals::list(db, school, whose, (year, class), after, size + 1)
        .await
        .map_err(status::from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |(key, id)| {
        (key.clone(), id.uuid())
    })?;
    let ids: Vec<JournalId> = rows.into_iter().map(|(_, id)| id).collect();
    let found = facts::journals(grading, db, caller, &known, &ids).await?;
    let mut found: HashMap<JournalId, JournalFacts> =
        found.into_iter().map(|f| (f.journal.id, f)).collect();
    let journals = ids
        .iter()
        .filter_map(|id| found.remove(id))
        .map(with_names)
        .collect();
    Ok(ListJournalsResponse {
        journals,
        next_page_token,
        academic_year: academic_year(year),
        academic_years: years.into_iter().map(academic_year).collect(),
    })
}

/// The year that is asked for; nothing = that of today.
fn asked(text: &str) -> Result<Option<i16>, Status> {
    match text {
        "" => Ok(None),
        text => first_year(text).map(Some).ok_or_else(|| {
            status::invalid_field("academicYear", "INVALID_YEAR", "учебный год вида 2026/2027")
        }),
    }
}

/// The policy opens every journal of a school to some roles: asked with a journal
/// that nobody has anything to do with.
pub(super) fn whose<'a>(
    grading: &Grading,
    caller: &Caller,
    school: SchoolId,
    today: &'a str,
) -> Whose<'a> {
    let any = Facts::object("Journal", JournalId::from_uuid(Uuid::nil()), school);
    if grading
        .cx
        .access
        .permits(caller, "grading.journals.get", &any)
    {
        return Whose::All;
    }
    Whose::Of(
        facts::person(caller).unwrap_or_else(|| PersonId::from_uuid(Uuid::nil())),
        today,
    )
}

/// A journal as staff sees it.
pub(super) fn with_names(facts: JournalFacts) -> Journal {
    let teachers: Vec<PersonId> = facts.teachers.iter().map(|(teacher, _)| *teacher).collect();
    let mut journal = convert::journal(&facts.journal, &teachers);
    journal.teacher_names = facts
        .teachers
        .into_iter()
        .map(|(_, name)| convert::name(name.unwrap_or_default()))
        .collect();
    journal
}
