//! The school of a query.

use chassis::access::Scope;
use uuid::Uuid;
use zhurnal_proto::id::{MunicipalityId, SchoolId};

use crate::domain::registry::Keeper;

/// A school that the caller has been let into, or that an import is making. No query
/// on school rows can be written without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct School(SchoolId);

impl School {
    /// The school that an access decision opened; `None` when it is about several.
    pub fn of(scope: &Scope) -> Option<Self> {
        scope.school().ok().map(Self)
    }

    /// The school whose facts the decision itself needs, before there is a scope.
    pub fn to_decide(school: SchoolId) -> Self {
        Self(school)
    }

    /// The school that an import makes.
    pub fn of_import(school: SchoolId) -> Self {
        Self(school)
    }

    /// The other school of a transfer between schools: an order of the sending one lets
    /// the receiving one at this pupil's card, and nothing else.
    pub fn sent_by_order(school: SchoolId) -> Self {
        Self(school)
    }

    /// The school of an event in another service's feed.
    pub fn told_by_feed(school: SchoolId) -> Self {
        Self(school)
    }

    /// Its id.
    pub fn id(self) -> SchoolId {
        self.0
    }

    pub(super) fn uuid(self) -> Uuid {
        self.0.uuid()
    }
}

/// Whose registries a query is about. The key of a registry's row is the owner's id,
/// whatever the owner is; the ministry's is the nil id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A school.
    School(School),
    /// A municipality that the caller has been let into.
    Municipality(MunicipalityId),
    /// The ministry.
    Ministry,
}

impl From<School> for Owner {
    fn from(school: School) -> Self {
        Self::School(school)
    }
}

impl Owner {
    /// What the domain's rules ask for.
    pub fn keeper(self) -> Keeper {
        match self {
            Self::School(_) => Keeper::School,
            Self::Municipality(_) => Keeper::Municipality,
            Self::Ministry => Keeper::Ministry,
        }
    }

    pub(super) fn uuid(self) -> Uuid {
        match self {
            Self::School(school) => school.uuid(),
            Self::Municipality(municipality) => municipality.uuid(),
            Self::Ministry => Uuid::nil(),
        }
    }
}
