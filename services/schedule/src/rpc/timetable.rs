//! What the RPCs of timetable versions have in common: the caller is let in, the version
//! is found, checked, shown.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::status;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::{SchoolId, TimetableId};
use zhurnal_proto::schedule::v1 as pb;

use super::{convert_timetable, parse, refused};
use crate::domain::academic_year::AcademicYear;
use crate::domain::dated_lessons::SchoolDays;
use crate::domain::timetable::conflicts::{Check, Ground};
use crate::domain::timetable::{Entry, Reigns, Version};
use crate::store::calendars::SchoolYear;
use crate::store::ground::{Titles, ground, titles};
use crate::store::timetables::EntryView;
use crate::store::{School, calendars, timetables};

/// The kind of the resource in policies.
const KIND: &str = "Timetable";

/// Which version a request is about.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// School.
    pub school: SchoolId,
    /// Version.
    pub timetable: TimetableId,
}

impl Wanted {
    /// From the ids of a request.
    pub fn of(school: &str, timetable: &str) -> Result<Self, Status> {
        Ok(Self {
            school: parse::id("schoolId", school)?,
            timetable: parse::id("timetableId", timetable)?,
        })
    }

    /// The school, when the caller may do this with versions there. What the caller may
    /// not touch looks like what does not exist.
    pub fn let_in(self, cx: &Cx, caller: &Caller, permission: &str) -> Result<School, Status> {
        let facts = Facts::object(KIND, self.timetable, self.school);
        parse::school(&cx.access.check(caller, permission, &facts)?)
    }

    /// The version.
    pub async fn find(self, cx: &Cx, school: School) -> Result<Version, Status> {
        let found = timetables::find(cx.db.read(), school, self.timetable).await;
        found.map_err(status::from_db)?.ok_or_else(missing)
    }

    /// The draft as the caller saw it, kept from others until the unit of work ends.
    pub async fn lock(
        self,
        uow: &UnitOfWork,
        school: School,
        etag: &str,
    ) -> Result<Version, Status> {
        let found = timetables::lock(uow.conn(), school, self.timetable).await;
        let version = found.map_err(status::from_db)?.ok_or_else(missing)?;
        version
            .open(chassis::etag::version(etag))
            .map_err(|refusal| refused::status(&refusal))
    }
}

fn missing() -> Status {
    status::not_found("timetable")
}

/// The year of a version.
pub async fn year_of(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<SchoolYear, Status> {
    let found = calendars::year(conn, school, year).await;
    found.map_err(status::from_db)?.ok_or_else(missing)
}

/// What a version is judged by.
pub struct Bench {
    /// School.
    pub school: School,
    /// Year.
    pub year: SchoolYear,
    /// Rules and facts.
    pub ground: Ground,
    /// Titles.
    pub titles: Titles,
    /// Today by the school's clock.
    pub today: Date,
}

impl Bench {
    /// With the loads of the day that the version is for: its first one, or today.
    pub async fn of(
        cx: &Cx,
        conn: &impl ConnectionTrait,
        (school, version): (School, &Version),
        valid_from: Option<Date>,
    ) -> Result<Self, Status> {
        let year = year_of(conn, school, version.year).await?;
        let today = cx.clock.today(&year.time_zone);
        let starts = valid_from.or(version.approval.map(|it| it.valid_from));
        let day = starts
            .map_or(today, |day| day.max(today))
            .min(version.year.last_day());
        let ground = ground(conn, school, &year, day);
        let titles = titles(conn, school, &year);
        Ok(Self {
            school,
            ground: ground.await.map_err(status::from_db)?,
            titles: titles.await.map_err(status::from_db)?,
            year,
            today,
        })
    }

    /// What is wrong with the version.
    pub fn check(&self, version: &Version, entries: &[Entry]) -> Check {
        self.ground.check(version.cycle, entries)
    }

    /// What is wrong, as people see it.
    pub fn check_view(&self, version: &Version, entries: &[Entry]) -> pb::TimetableCheck {
        convert_timetable::check(&self.check(version, entries), &self.titles)
    }

    /// School days of the year.
    pub async fn school_days(&self, conn: &impl ConnectionTrait) -> Result<SchoolDays, Status> {
        let stored = calendars::calendar(conn, self.school, self.year.clone())
            .await
            .map_err(status::from_db)?;
        Ok(SchoolDays::of(&stored.days()))
    }

    /// The version among those of its year.
    pub fn view(&self, version: &Version, reigns: &Reigns) -> pb::Timetable {
        let reign = reigns.of_version(version.id);
        let now = (self.today, &self.year.time_zone);
        convert_timetable::timetable(self.school.id(), version, reign, now)
    }

    /// A draft.
    pub fn draft_view(&self, version: &Version) -> pb::Timetable {
        let now = (self.today, &self.year.time_zone);
        convert_timetable::timetable(self.school.id(), version, None, now)
    }
}

/// When the versions of the year hold.
pub async fn reigns(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<Reigns, Status> {
    let versions = timetables::of_year(conn, school, year).await;
    Ok(Reigns::of(&versions.map_err(status::from_db)?))
}

/// All lessons of a version.
pub async fn all_entries(
    conn: &impl ConnectionTrait,
    school: School,
    version: &Version,
) -> Result<Vec<EntryView>, Status> {
    timetables::entries(conn, school, version, timetables::Wanted::All)
        .await
        .map_err(status::from_db)
}

/// The lessons alone.
pub fn bare(views: &[EntryView]) -> Vec<Entry> {
    views.iter().map(|view| view.entry).collect()
}

/// Somebody else has changed it between look and write.
pub fn raced() -> Status {
    status::conflict("CONCURRENT_CHANGE", "Одновременное изменение, повторите")
}
