//! Who makes the call.
//!
//! The authentication stage puts exactly one [`Caller`] into the extensions of
//! every request that reaches a handler; a handler reads it with [`of`].

use std::fmt;

use jiff::Timestamp;
use tonic::{Request, Status};
use zhurnal_proto::access::v1::CallerKind;
use zhurnal_proto::id::{AccountId, MunicipalityId, PersonId, SchoolId, SessionId};

/// The authenticated origin of a call.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Nobody logged in.
    Anonymous,
    /// A person in a session.
    User(User),
    /// One of our services.
    Service {
        /// Its name, e.g. `roster`.
        name: String,
    },
    /// Another ministry system.
    Client(Client),
}

/// A person in a session. A staff session acts as one (role, school); a family
/// session covers all own children.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct User {
    /// The account.
    pub account: AccountId,
    /// The session the token was made for.
    pub session: SessionId,
    /// Staff or family.
    pub kind: UserKind,
    /// Card in the acting school; `None` for families and regional officers.
    pub person: Option<PersonId>,
    /// Family: the account's guardian and pupil cards. Empty for staff.
    pub persons: Vec<PersonId>,
    /// Acting school; `None` for families, municipal and regional officers.
    pub school: Option<SchoolId>,
    /// Acting municipality; only of a municipal officer.
    pub municipality: Option<MunicipalityId>,
    /// Granted roles in force: DIRECTOR, DEPUTY, ADMINISTRATOR, SECRETARY, TEACHER...
    pub roles: Vec<String>,
    /// The roles hold in the whole region, not in one school or municipality.
    pub region: bool,
    /// Name to show. Never logged.
    pub display: String,
}

/// Which side of the school a session is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UserKind {
    /// An employee.
    Staff,
    /// A guardian or a pupil.
    Family,
}

/// A machine of another system.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Client {
    /// Stable id of the registration.
    pub id: String,
    /// Granted scopes, e.g. `roster.read`.
    pub scopes: Vec<String>,
    /// Schools it may see; empty = the whole region.
    pub schools: Vec<SchoolId>,
}

/// How a session proved who is in it, as its access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Proof {
    /// When the last proof was given: a code of the second factor, or the password
    /// where the account has none.
    pub given_at: Option<Timestamp>,
    /// The account has a second factor: its code is the proof.
    pub second_factor: bool,
    /// The acting role demands a second factor that the account has not: the session
    /// may only set one up.
    pub unfinished: bool,
}

/// What an access token says besides who calls; nothing for services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Of a person's session.
    pub proof: Proof,
    /// Calls a minute of another system; 0 = not limited by the token.
    pub rate_per_minute: u32,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("account", &self.account.to_string())
            .field("kind", &self.kind)
            .field("school", &self.school.map(|s| s.to_string()))
            .field("municipality", &self.municipality.map(|m| m.to_string()))
            .field("roles", &self.roles)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl User {
    /// Whether the session acts with the role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|r| r == role)
    }

    /// All cards of the user: the acting card and the family's cards.
    pub fn cards(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.person.iter().chain(self.persons.iter()).copied()
    }
}

impl Caller {
    /// Stable text for idempotency rows and audit: `acc_...`, `service:roster`,
    /// `client:...`, `anonymous`.
    pub fn actor(&self) -> String {
        match self {
            Caller::Anonymous => "anonymous".to_owned(),
            Caller::User(u) => u.account.to_string(),
            Caller::Service { name } => format!("service:{name}"),
            Caller::Client(c) => format!("client:{}", c.id),
        }
    }

    /// The kind that access rules name.
    pub fn kind(&self) -> CallerKind {
        match self {
            Caller::Anonymous => CallerKind::Anonymous,
            Caller::User(u) if u.kind == UserKind::Staff => CallerKind::Staff,
            Caller::User(_) => CallerKind::Family,
            Caller::Service { .. } => CallerKind::Service,
            Caller::Client(_) => CallerKind::Client,
        }
    }

    /// The person in the session, if it is one.
    pub fn user(&self) -> Option<&User> {
        match self {
            Caller::User(u) => Some(u),
            _ => None,
        }
    }

    /// A service caller.
    pub fn service(name: impl Into<String>) -> Self {
        Caller::Service { name: name.into() }
    }
}

/// The caller of the request. UNAUTHENTICATED only when the request did not come
/// through the server stack.
pub fn of<T>(request: &Request<T>) -> Result<&Caller, Status> {
    request
        .extensions()
        .get::<Caller>()
        .ok_or_else(|| crate::status::unauthenticated("CALLER_UNKNOWN"))
}

/// The caller as a person, or PERMISSION_DENIED.
pub fn user_of<T>(request: &Request<T>) -> Result<&User, Status> {
    of(request)?
        .user()
        .ok_or_else(|| crate::status::denied("user"))
}

#[cfg(test)]
pub(crate) mod tests {
    use uuid::Uuid;

    use super::*;

    /// A member of staff with the roles in the school.
    pub(crate) fn staff(school: SchoolId, roles: &[&str]) -> User {
        User {
            account: AccountId::from_uuid(Uuid::from_u128(1)),
            session: SessionId::from_uuid(Uuid::from_u128(2)),
            kind: UserKind::Staff,
            person: Some(PersonId::from_uuid(Uuid::from_u128(3))),
            persons: Vec::new(),
            school: Some(school),
            municipality: None,
            roles: roles.iter().map(|r| (*r).to_owned()).collect(),
            region: false,
            display: "Петрова Анна Ивановна".into(),
        }
    }

    /// A family whose cards are `cards`.
    pub(crate) fn family(cards: &[PersonId]) -> User {
        User {
            account: AccountId::from_uuid(Uuid::from_u128(4)),
            session: SessionId::from_uuid(Uuid::from_u128(5)),
            kind: UserKind::Family,
            person: None,
            persons: cards.to_vec(),
            school: None,
            municipality: None,
            roles: Vec::new(),
            region: false,
            display: "Петров Пётр Петрович".into(),
        }
    }

    #[test]
    fn a_caller_never_prints_the_name() {
        let user = staff(SchoolId::from_uuid(Uuid::from_u128(9)), &["TEACHER"]);
        assert!(!format!("{:?}", Caller::User(user)).contains("Петрова"));
    }

    #[test]
    fn actors_of_different_kinds_cannot_collide() {
        let user = Caller::User(family(&[]));
        let service = Caller::service("acc_1");
        let client = Caller::Client(Client {
            id: "acc_1".into(),
            scopes: vec![],
            schools: vec![],
        });
        assert!(user.actor().starts_with("acc_"));
        assert_eq!(service.actor(), "service:acc_1");
        assert_eq!(client.actor(), "client:acc_1");
    }

    #[test]
    fn a_request_that_did_not_pass_the_stack_has_no_caller() {
        let status = of(&Request::new(())).unwrap_err();
        assert_eq!(status.code(), tonic::Code::Unauthenticated);
    }
}
