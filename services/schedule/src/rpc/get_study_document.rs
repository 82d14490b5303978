//! GetStudyDocument: one version of curriculum, load, tariff order or calendar with its content.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::study_document::{KIND, Shelf, Wanted};
use super::{Answer, convert, convert_study_document, school_year};
use crate::domain::load::Load;
use crate::domain::study_document::{Kind, StudyDocument, approved};
use crate::store::ground::{Titles, titles};
use crate::store::{loads, school_years, study_documents};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::GetStudyDocumentRequest>,
) -> Answer<pb::GetStudyDocumentResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let wanted = Wanted::of(&message.school_id, &message.study_document_id)?;
    let facts = Facts::object(KIND, wanted.document, wanted.school);
    let scope = cx
        .access
        .check(caller, "schedule.studyDocuments.get", &facts)?;
    let school = parse::school(&scope)?;

    let conn = cx.db.read();
    let year = wanted.year(conn, school).await?;
    let shelf = Shelf::of(cx, conn, school, year).await?;
    let document = wanted.on(&shelf)?;
    let titles = titles(conn, school, &shelf.year).await;
    let titles = titles.map_err(status::from_db)?;
    let lines = study_documents::lines(conn, school, document.id).await;
    let mut curriculum_lines: Vec<pb::CurriculumLine> = lines
        .map_err(status::from_db)?
        .iter()
        .map(|line| convert_study_document::line(line, &titles))
        .collect();
    curriculum_lines.sort_by(|a, b| (a.grade, &a.subject_title).cmp(&(b.grade, &b.subject_title)));
    let loads = loads_of(conn, &shelf, document).await?;
    Ok(Response::new(pb::GetStudyDocumentResponse {
        study_document: Some(shelf.view(document)),
        curriculum_lines,
        loads: listed(conn, &shelf, &loads, &titles).await?,
        calendar: calendar_of(conn, &shelf, document).await?,
    }))
}

/// The calendar that a version is about. Versions approved before bells were kept are shown
/// with those of now.
async fn calendar_of(
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    document: &StudyDocument,
) -> Result<Option<pb::Calendar>, Status> {
    if document.kind != Kind::Calendar {
        return Ok(None);
    }
    let mut stored = school_year::calendar(conn, shelf.school, &shelf.year).await?;
    if document.approval.is_some() {
        let kept = school_years::kept(conn, shelf.school, document.id).await;
        let kept = kept.map_err(status::from_db)?;
        stored.periods = kept.periods;
        stored.holidays = kept.holidays;
        stored.days_off = kept.days_off;
        stored.shortened = kept.shortened;
        if !kept.bells.is_empty() {
            stored.bells = kept.bells;
        }
    }
    Ok(Some(convert::calendar(shelf.school.id(), &stored)))
}

/// The loads that a version is about.
pub(super) async fn loads_of(
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    document: &StudyDocument,
) -> Result<Vec<Load>, Status> {
    let under = match (document.kind, document.approval) {
        (Kind::Curriculum | Kind::Calendar, _) => return Ok(Vec::new()),
        (Kind::TeachingLoad, None) => {
            let now = loads::of_year(conn, shelf.school, shelf.year.year).await;
            return now.map_err(status::from_db);
        }
        (Kind::TeachingLoad, Some(_)) => Some(document.id),
        (Kind::Tariff, _) => document
            .based_on
            .or_else(|| approved(&shelf.all, Kind::TeachingLoad).map(|load| load.id)),
    };
    let Some(under) = under else {
        return Ok(Vec::new());
    };
    study_documents::approved_loads(conn, shelf.school, under)
        .await
        .map_err(status::from_db)
}

/// Loads by title of the group and subject, with their grades.
async fn listed(
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    loads: &[Load],
    titles: &Titles,
) -> Result<Vec<pb::ListedLoad>, Status> {
    let grades = loads::grades(conn, shelf.school, shelf.year.year).await;
    let grades = grades.map_err(status::from_db)?;
    let one = |load: &Load| {
        let (group_title, class) = titles.groups.get(&load.group).cloned().unwrap_or_default();
        let (school, year) = (shelf.school.id(), shelf.year.year);
        pb::ListedLoad {
            teaching_load: Some(convert_study_document::load(school, year, load, titles)),
            group_title,
            class_id: class.map(|class| class.to_string()).unwrap_or_default(),
            grade: grades.get(&load.group).copied().unwrap_or_default().into(),
        }
    };
    let mut listed: Vec<pb::ListedLoad> = loads.iter().map(one).collect();
    listed.sort_by_cached_key(|one| {
        let load = one.teaching_load.clone().unwrap_or_default();
        let subject = (load.subject_title, load.starts_on, load.teaching_load_id);
        (one.grade, one.group_title.clone(), subject)
    });
    Ok(listed)
}

#[cfg(test)]
mod tests;
