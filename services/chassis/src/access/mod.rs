//! Who may do what: the descriptor's rules and the Cedar policies.
//!
//! [`Rule`] is the coarse gate that every call passes (kind of caller);
//! [`Access::could`] refuses a verb that no facts could ever open; and
//! [`Access::check`], called by the handler with the facts of its own copies,
//! gives the [`Scope`] that store functions demand. Deny by default.

mod facts;
mod policies;
mod principal;
mod question;
mod rule;
mod scope;

pub use facts::Facts;
pub use policies::AccessError;
pub use rule::{Rule, RuleError, Rules};
pub use scope::{Reach, Scope};

use std::sync::Arc;

use tonic::Status;

use crate::caller::Caller;
use crate::status;
use policies::Policies;

/// The policy set with its schema. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    inner: Arc<Inner>,
}

struct Inner {
    policies: Policies,
    /// Answers of [`Access::could`] by permission and shape of the principal.
    could: moka::sync::Cache<String, bool>,
    /// Decisions by [`question`], on which alone they depend: an evaluation costs
    /// as much as reading the cells of a class.
    decided: moka::sync::Cache<[u8; 32], bool>,
}

/// Remembered answers of either kind.
const REMEMBERED: u64 = 10_000;

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Access")
    }
}

impl Access {
    /// The suite's policies (`proto/policies/`), validated in strict mode.
    pub fn new() -> Result<Self, AccessError> {
        Self::from_text(zhurnal_proto::POLICIES, zhurnal_proto::POLICY_SCHEMA)
    }

    /// Policies and schema from text, validated in strict mode.
    pub fn from_text(policies: &str, schema: &str) -> Result<Self, AccessError> {
        let inner = Inner {
            policies: Policies::parse(policies, schema)?,
            could: moka::sync::Cache::new(REMEMBERED),
            decided: moka::sync::Cache::new(REMEMBERED),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Decides on one resource.
    ///
    /// Refused on an object: NOT_FOUND, the same answer as for one that does not
    /// exist. Refused on a collection or on the caller's own things:
    /// PERMISSION_DENIED. Facts that do not fit the permission are a programming
    /// error: INTERNAL.
    pub fn check(&self, caller: &Caller, permission: &str, facts: &Facts) -> Result<Scope, Status> {
        match self.decide(caller, permission, facts) {
            Ok(true) => Ok(scope::of(caller, facts)),
            Ok(false) if facts.is_object() => Err(status::not_found(facts.kind())),
            Ok(false) => Err(status::denied(permission)),
            Err(error) => Err(status::internal(error)),
        }
    }

    /// The bare decision, for filtering rows and for property tests.
    pub fn permits(&self, caller: &Caller, permission: &str, facts: &Facts) -> bool {
        match self.decide(caller, permission, facts) {
            Ok(decision) => decision,
            Err(error) => {
                tracing::error!(error = %error, permission, "access check failed");
                false
            }
        }
    }

    fn decide(
        &self,
        caller: &Caller,
        permission: &str,
        facts: &Facts,
    ) -> Result<bool, AccessError> {
        let Inner {
            policies, decided, ..
        } = &*self.inner;
        let key = question::key(caller, permission, facts);
        if let Some(decision) = decided.get(&key) {
            return Ok(decision);
        }
        let decision = policies.decide(caller, permission, facts)?;
        decided.insert(key, decision);
        Ok(decision)
    }

    /// Whether some facts could open the permission to this caller. The answer
    /// depends on the caller alone, so PERMISSION_DENIED for it tells nothing
    /// about any object; the server stack asks before the handler runs.
    pub fn could(&self, caller: &Caller, permission: &str) -> bool {
        let key = format!("{permission} {}", principal::shape(caller));
        self.inner
            .could
            .get_with(key, || self.inner.policies.could(caller, permission))
    }

    /// Names of all actions in the schema.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.inner.policies.actions()
    }
}

#[cfg(test)]
mod tests;
