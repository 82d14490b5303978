//! What is known about the resource of a call, from the service's own copies.

use zhurnal_proto::id::{AccountId, MunicipalityId, PersonId, SchoolId};
use zhurnal_proto::identity::v1::LookPurpose;

use super::principal;
use crate::caller::User;

/// Facts about one resource. What is not told is empty and opens nothing.
#[derive(Debug, Clone, Hash)]
pub struct Facts {
    kind: &'static str,
    id: String,
    object: bool,
    school: Option<SchoolId>,
    municipality: Option<MunicipalityId>,
    pub(super) sets: Sets,
    pupils: Vec<PersonId>,
}

/// The attributes of a resource in the Cedar schema.
#[derive(Debug, Clone, Default, Hash)]
pub(super) struct Sets {
    pub teachers: Vec<String>,
    pub class_teachers: Vec<String>,
    pub guardians: Vec<String>,
    pub pupils: Vec<String>,
    pub supervisors: Vec<String>,
    pub authors: Vec<String>,
    pub subjects: Vec<String>,
    pub flags: Vec<String>,
}

impl Facts {
    /// The caller's own things (resolver `self`).
    pub fn own() -> Self {
        Self::build("Self", "self".to_owned(), false, None)
    }

    /// A school, or a collection of a school's things (resolver `school`).
    pub fn school(school: SchoolId) -> Self {
        Self::build("School", school.to_string(), false, Some(school))
    }

    /// A collection of the whole region's things (resolver `school` without one).
    pub fn region() -> Self {
        Self::build("School", "region".to_owned(), false, None)
    }

    /// A municipality, or a collection of its things (resolver `municipality`). Refused,
    /// it looks like one that does not exist.
    pub fn municipality(municipality: MunicipalityId) -> Self {
        Self::build("Municipality", municipality.to_string(), true, None)
    }

    /// What the ministry keeps (resolver `municipality` without one).
    pub fn ministry() -> Self {
        Self::build("Municipality", "region".to_owned(), false, None)
    }

    /// One object of a school. `kind` is the Cedar entity type: `Journal`,
    /// `Lesson`, `Pupil`, `CorrectionRequest`, `Invitation`, `ReportJob`...
    pub fn object(kind: &'static str, id: impl ToString, school: SchoolId) -> Self {
        Self::build(kind, id.to_string(), true, Some(school))
    }

    /// One object of the region, e.g. a regional role grant.
    pub fn regional_object(kind: &'static str, id: impl ToString) -> Self {
        Self::build(kind, id.to_string(), true, None)
    }

    /// Invitation codes of the school's staff (resolver `audience`).
    pub fn staff_audience(school: SchoolId) -> Self {
        Self::build("Audience", school.to_string(), false, Some(school)).flag("staff")
    }

    /// Invitation codes of a class: tell its class teachers too.
    pub fn class_audience(school: SchoolId, class: impl ToString) -> Self {
        Self::build("Audience", class.to_string(), false, Some(school)).flag("class")
    }

    fn build(kind: &'static str, id: String, object: bool, school: Option<SchoolId>) -> Self {
        Self {
            kind,
            id,
            object,
            school,
            municipality: None,
            sets: Sets::default(),
            pupils: Vec::new(),
        }
    }

    /// The municipality that the resource's school belongs to. Untold, no municipal
    /// officer reaches the school.
    #[must_use]
    pub fn in_municipality(mut self, municipality: MunicipalityId) -> Self {
        self.municipality = Some(municipality);
        self
    }

    /// Teacher and substitutes of the lesson; teachers of the journal.
    #[must_use]
    pub fn teachers(mut self, persons: impl IntoIterator<Item = PersonId>) -> Self {
        self.sets.teachers.extend(texts(persons));
        self
    }

    /// Class teachers of the classes concerned.
    #[must_use]
    pub fn class_teachers(mut self, persons: impl IntoIterator<Item = PersonId>) -> Self {
        self.sets.class_teachers.extend(texts(persons));
        self
    }

    /// Guardians in force of the pupil.
    #[must_use]
    pub fn guardians(mut self, persons: impl IntoIterator<Item = PersonId>) -> Self {
        self.sets.guardians.extend(texts(persons));
        self
    }

    /// The pupil that the resource is about.
    #[must_use]
    pub fn pupil(mut self, person: PersonId) -> Self {
        self.sets.pupils.push(person.to_string());
        self.pupils.push(person);
        self
    }

    /// Deputies in charge (supervision).
    #[must_use]
    pub fn supervisors(mut self, persons: impl IntoIterator<Item = PersonId>) -> Self {
        self.sets.supervisors.extend(texts(persons));
        self
    }

    /// The card of whoever made it.
    #[must_use]
    pub fn author(mut self, person: PersonId) -> Self {
        self.sets.authors.push(person.to_string());
        self
    }

    /// The account of whoever made it.
    #[must_use]
    pub fn author_account(mut self, account: AccountId) -> Self {
        self.sets.authors.push(account.to_string());
        self
    }

    /// The card it is done to.
    #[must_use]
    pub fn subject(mut self, person: PersonId) -> Self {
        self.sets.subjects.push(person.to_string());
        self
    }

    /// The account it is done to.
    #[must_use]
    pub fn subject_account(mut self, account: AccountId) -> Self {
        self.sets.subjects.push(account.to_string());
        self
    }

    /// A flag of the schema: `staff` or `class` for invitation codes.
    #[must_use]
    pub fn flag(mut self, flag: &str) -> Self {
        self.sets.flags.push(flag.to_owned());
        self
    }

    /// Cedar entity type.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Id of the resource.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// One object, not a collection.
    pub fn is_object(&self) -> bool {
        self.object
    }

    /// The school the resource belongs to.
    pub fn of_school(&self) -> Option<SchoolId> {
        self.school
    }

    /// The municipality of that school, where it was told.
    pub fn of_municipality(&self) -> Option<MunicipalityId> {
        self.municipality
    }

    /// What for a member of staff looks at the resource, by these facts.
    pub(crate) fn purpose_of(&self, user: &User) -> LookPurpose {
        let own: Vec<String> = principal::ids(user).collect();
        let among = |set: &[String]| own.iter().any(|id| set.contains(id));
        let acts_as = |roles: &[&str]| roles.iter().any(|role| user.has_role(role));
        if among(&self.sets.teachers) {
            LookPurpose::Teaching
        } else if among(&self.sets.class_teachers) {
            LookPurpose::ClassTeaching
        } else if acts_as(&["DEPUTY", "DIRECTOR"]) {
            LookPurpose::Control
        } else if acts_as(&["ADMINISTRATOR", "SECRETARY"]) {
            LookPurpose::Office
        } else {
            LookPurpose::School
        }
    }

    pub(super) fn told_pupils(&self) -> &[PersonId] {
        &self.pupils
    }
}

fn texts(persons: impl IntoIterator<Item = PersonId>) -> impl Iterator<Item = String> {
    persons.into_iter().map(|p| p.to_string())
}
