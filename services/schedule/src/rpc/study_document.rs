//! What the RPCs of curriculum, load and tariff order have in common: the school year is
//! found, versions are written, announced, shown.

use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::status;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::{SchoolId, StudyDocumentId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::get_calendar::present_year;
use super::{announce, convert_study_document, parse, refused, timetable};
use crate::domain::academic_year::AcademicYear;
use crate::domain::refusal::Refusal;
use crate::domain::study_document::{Kind, StudyDocument, newest};
use crate::store::calendars::SchoolYear;
use crate::store::{School, calendars, study_documents};

/// The kind of the resource in policies, and in what is told of those that are not there.
pub const KIND: &str = "StudyDocument";

/// A school's year with all its versions.
pub struct Shelf {
    /// School.
    pub school: School,
    /// Year.
    pub year: SchoolYear,
    /// Today by the school's clock.
    pub today: Date,
    /// Versions by kind and number.
    pub all: Vec<StudyDocument>,
}

impl Shelf {
    /// As it is now.
    pub async fn of(
        cx: &Cx,
        conn: &impl ConnectionTrait,
        school: School,
        year: SchoolYear,
    ) -> Result<Self, Status> {
        let all = study_documents::of_year(conn, school, year.year).await;
        Ok(Self {
            school,
            today: cx.clock.today(&year.time_zone),
            year,
            all: all.map_err(status::from_db)?,
        })
    }

    /// As it is now, kept from others until the unit of work ends.
    pub async fn lock(
        cx: &Cx,
        uow: &UnitOfWork,
        school: School,
        year: SchoolYear,
    ) -> Result<Self, Status> {
        calendars::lock_year(uow.conn(), school, year.year)
            .await
            .map_err(status::from_db)?;
        Self::of(cx, uow.conn(), school, year).await
    }

    /// The version as people see it.
    pub fn view(&self, one: &StudyDocument) -> pb::StudyDocument {
        let now = (self.today, &self.year.time_zone);
        convert_study_document::document(self.school.id(), one, &self.all, now)
    }

    /// The draft that a change of the kind goes to, when the caller saw the newest version.
    pub fn draft(&self, cx: &Cx, kind: Kind, seen: Option<i64>) -> Result<StudyDocument, Status> {
        let id = StudyDocumentId::from_uuid(cx.ids.uuid());
        let now = cx.clock.now();
        match (newest(&self.all, kind), seen) {
            (None, None) => Ok(StudyDocument::first(id, self.year.year, kind, now)),
            (None, Some(_)) => Err(refused::status(&Refusal::StudyDocumentStale { current: 0 })),
            (Some(one), seen) => {
                one.seen(seen)
                    .map_err(|refusal| refused::status(&refusal))?;
                Ok(one.draft(id, now))
            }
        }
    }

    /// Writes a version, announces and shows it.
    pub async fn write(
        &mut self,
        cx: &Cx,
        uow: &mut UnitOfWork,
        one: &StudyDocument,
    ) -> Result<pb::StudyDocument, Status> {
        let written = study_documents::save(uow.conn(), self.school, one).await;
        if !written.map_err(status::from_db)? {
            return Err(timetable::raced());
        }
        self.all.retain(|other| other.id != one.id);
        self.all.push(one.clone());
        let view = self.view(one);
        let change = Change::StudyDocumentChanged(pb::StudyDocumentChanged {
            study_document: Some(view.clone()),
        });
        uow.announce(announce::event(self.school.id(), cx.clock.now(), change));
        Ok(view)
    }
}

/// The year that a request names, or the present one, when the school has it.
pub async fn wanted_year(
    cx: &Cx,
    school: School,
    text: &str,
) -> Result<Option<SchoolYear>, Status> {
    if text.is_empty() {
        return present_year(cx, school).await;
    }
    let year: AcademicYear = parse::value("academicYear", "INVALID_YEAR", text)?;
    calendars::year(cx.db.read(), school, year)
        .await
        .map_err(status::from_db)
}

/// The year of a request that changes something.
pub async fn open_year(cx: &Cx, school: School, text: &str) -> Result<SchoolYear, Status> {
    let year = wanted_year(cx, school, text).await?;
    year.ok_or_else(|| refused::status(&Refusal::SchoolYearMissing))
}

/// Which version a request is about.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// School.
    pub school: SchoolId,
    /// Version.
    pub document: StudyDocumentId,
}

impl Wanted {
    /// From the ids of a request.
    pub fn of(school: &str, document: &str) -> Result<Self, Status> {
        Ok(Self {
            school: parse::id("schoolId", school)?,
            document: parse::id("studyDocumentId", document)?,
        })
    }

    /// The year that the version is of.
    pub async fn year(
        self,
        conn: &impl ConnectionTrait,
        school: School,
    ) -> Result<SchoolYear, Status> {
        let found = study_documents::find(conn, school, self.document).await;
        let document = found.map_err(status::from_db)?.ok_or_else(missing)?;
        let year = calendars::year(conn, school, document.year).await;
        year.map_err(status::from_db)?.ok_or_else(missing)
    }

    /// The version on the shelf.
    pub fn on(self, shelf: &Shelf) -> Result<&StudyDocument, Status> {
        let found = shelf.all.iter().find(|one| one.id == self.document);
        found.ok_or_else(missing)
    }
}

fn missing() -> Status {
    status::not_found(KIND)
}
