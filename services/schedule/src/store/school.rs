//! The school of a query.

use chassis::access::Scope;
use uuid::Uuid;
use zhurnal_proto::id::SchoolId;

/// A school that the caller has been let into, or of which roster has told. No
/// query on school rows can be written without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct School(SchoolId);

impl School {
    /// The school that an access decision opened; `None` when it is about several.
    pub fn of(scope: &Scope) -> Option<Self> {
        scope.school().ok().map(Self)
    }

    /// The school of an event in roster's feed.
    pub fn told_by_roster(school: SchoolId) -> Self {
        Self(school)
    }

    /// The school that a question of access is about: its facts are read for the decision.
    pub fn asked_about(school: SchoolId) -> Self {
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
