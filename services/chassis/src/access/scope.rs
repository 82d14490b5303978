//! What a decision opened: the parameter of every store function.

use tonic::Status;
use zhurnal_proto::id::{MunicipalityId, PersonId, SchoolId};

use super::Facts;
use crate::caller::{Caller, User, UserKind};
use crate::status;

/// How far an authorised call reaches. Only a positive decision makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    reach: Reach,
    school: Option<SchoolId>,
}

/// The reach of a [`Scope`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// One school.
    School(SchoolId),
    /// An authorised set of schools.
    Schools(Vec<SchoolId>),
    /// The schools of one municipality, and what it keeps itself.
    Municipality(MunicipalityId),
    /// These pupils only: the family's own.
    OwnChildren(Vec<PersonId>),
    /// Every school.
    Region,
}

impl Scope {
    /// How far it reaches.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// The one school of the call: the resource's, else the session's.
    /// PERMISSION_DENIED when the call is not about one school.
    pub fn school(&self) -> Result<SchoolId, Status> {
        self.school.ok_or_else(|| status::denied("school"))
    }

    /// The only pupils the caller may see; `None` = no such limit.
    pub fn only_pupils(&self) -> Option<&[PersonId]> {
        match &self.reach {
            Reach::OwnChildren(pupils) => Some(pupils),
            _ => None,
        }
    }

    /// The only municipality the caller may see; `None` = no such limit. Asked together
    /// with [`Scope::only_schools_of`] where a service knows the schools' municipalities.
    pub fn only_municipality(&self) -> Option<MunicipalityId> {
        match &self.reach {
            Reach::Municipality(municipality) => Some(*municipality),
            _ => None,
        }
    }

    /// As [`Scope::only_schools`], for lists that [`Scope::only_municipality`] narrows
    /// besides: a municipal officer is not narrowed by schools.
    pub fn only_schools_of(&self) -> Option<Vec<SchoolId>> {
        match &self.reach {
            Reach::Municipality(_) => None,
            _ => self.only_schools(),
        }
    }

    /// Schools to which lists are narrowed; `None` = all of the region.
    /// A family's scope is narrowed by pupils and gives the resource's school; where
    /// schools alone are asked for, a municipal officer reaches none.
    pub fn only_schools(&self) -> Option<Vec<SchoolId>> {
        match &self.reach {
            Reach::Region => None,
            Reach::School(school) => Some(vec![*school]),
            Reach::Schools(schools) => Some(schools.clone()),
            Reach::OwnChildren(_) => Some(self.school.into_iter().collect()),
            Reach::Municipality(_) => Some(Vec::new()),
        }
    }

    /// A scope made by hand, for tests of store functions.
    #[cfg(any(test, feature = "testing"))]
    pub fn for_tests(reach: Reach) -> Self {
        let school = match &reach {
            Reach::School(school) => Some(*school),
            _ => None,
        };
        Self { reach, school }
    }
}

/// The scope of a permitted call.
pub(super) fn of(caller: &Caller, facts: &Facts) -> Scope {
    let school = facts.of_school();
    let reach = match (caller, school) {
        (
            Caller::User(User {
                kind: UserKind::Family,
                ..
            }),
            _,
        ) => Reach::OwnChildren(facts.told_pupils().to_vec()),
        (_, Some(school)) => Reach::School(school),
        (Caller::User(user), None) if !user.region => match (user.school, user.municipality) {
            (Some(school), _) => Reach::School(school),
            (None, Some(municipality)) => Reach::Municipality(municipality),
            (None, None) => Reach::Schools(Vec::new()),
        },
        (Caller::Client(client), None) if !client.schools.is_empty() => {
            Reach::Schools(client.schools.clone())
        }
        (Caller::Anonymous, None) => Reach::Schools(Vec::new()),
        _ => Reach::Region,
    };
    let school = school.or(match &reach {
        Reach::School(school) => Some(*school),
        _ => None,
    });
    Scope { reach, school }
}
