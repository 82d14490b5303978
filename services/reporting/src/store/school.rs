//! The school of a query.

use chassis::access::Scope;
use uuid::Uuid;
use zhurnal_proto::id::SchoolId;

/// A school that the caller has been let into, that a feed has told of, or whose
/// job a worker holds. No query on school rows can be written without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct School(SchoolId);

impl School {
    /// The school that an access decision opened; `None` when it is about several.
    pub fn of(scope: &Scope) -> Option<Self> {
        scope.school().ok().map(Self)
    }

    /// The school of an event.
    pub fn told_by_feed(school: SchoolId) -> Self {
        Self(school)
    }

    /// The school that a request names, to load the facts that decide about it and
    /// nothing else.
    pub fn to_decide_about(school: SchoolId) -> Self {
        Self(school)
    }

    /// The school of a stored row.
    pub(super) fn of_row(school: Uuid) -> Self {
        Self(SchoolId::from_uuid(school))
    }

    /// Its id.
    pub fn id(self) -> SchoolId {
        self.0
    }

    pub(super) fn uuid(self) -> Uuid {
        self.0.uuid()
    }
}
