//! A pupil as a call finds one: in which school, with which guardians, and the facts of
//! whether the caller may ask.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status;
use jiff::civil::Date;
use tonic::Status;
use zhurnal_proto::id::{PersonId, SchoolId};

use super::parse;
use crate::Roster;
use crate::domain::record::{self, GuardianLink};
use crate::store::pupils::{self, Listed};
use crate::store::{School, classes, guardians, people, schools};

const NO_PUPIL: &str = "Pupil";

/// The pupil with what decisions need.
pub(super) struct FoundPupil {
    pub(super) school: School,
    pub(super) found: record::School,
    pub(super) today: Date,
    pub(super) id: PersonId,
    pub(super) links: Vec<GuardianLink>,
}

impl FoundPupil {
    /// Of the schools that know the card the caller's own, else that of the newest
    /// enrolment. Nothing is told of it before [`Self::facts`] were judged.
    pub(super) async fn find(
        roster: &Roster,
        caller: &Caller,
        pupil_id: &str,
    ) -> Result<Self, Status> {
        let id: PersonId = parse::id("pupil_id", pupil_id)?;
        let db = roster.cx.db.read();
        let schools_of = people::schools_of(db, id).await.map_err(status::from_db)?;
        let school = School::to_decide(
            of_caller(caller, &schools_of).ok_or_else(|| status::not_found(NO_PUPIL))?,
        );
        let links = guardians::of_pupil(db, school, id)
            .await
            .map_err(status::from_db)?;
        let found = schools::get(db, school).await.map_err(status::from_db)?;
        let found = found.ok_or_else(|| status::not_found(NO_PUPIL))?;
        let today = roster.today(&found.time_zone);
        Ok(Self {
            school,
            found,
            today,
            id,
            links,
        })
    }

    /// The pupil and the legal representatives in force.
    pub(super) fn facts(&self) -> Facts {
        let representatives = self
            .links
            .iter()
            .filter(|link| link.is_representative && link.is_in_force(self.today));
        Facts::object(NO_PUPIL, self.id, self.school.id())
            .pupil(self.id)
            .guardians(representatives.map(|link| link.guardian_id))
    }

    /// The pupil with the class of today; NOT_FOUND when the card never was a pupil's.
    pub(super) async fn pupil(&self, roster: &Roster) -> Result<Listed, Status> {
        let day = roster.present_day(&self.found);
        pupils::get(roster.cx.db.read(), self.school, self.id, day)
            .await
            .map_err(status::from_db)?
            .ok_or_else(|| status::not_found(NO_PUPIL))
    }

    /// [`Self::facts`] with the class teacher of today.
    pub(super) async fn facts_in_class(
        &self,
        roster: &Roster,
        pupil: &Listed,
    ) -> Result<Facts, Status> {
        let Some((class, ..)) = &pupil.place else {
            return Ok(self.facts());
        };
        let class = classes::get(roster.cx.db.read(), self.school, *class)
            .await
            .map_err(status::from_db)?;
        let teacher = class.and_then(|class| class.class_teacher_id);
        Ok(self.facts().class_teachers(teacher))
    }
}

fn of_caller(caller: &Caller, schools: &[SchoolId]) -> Option<SchoolId> {
    let own = caller.user().and_then(|user| user.school);
    own.filter(|own| schools.contains(own))
        .or_else(|| schools.first().copied())
}
