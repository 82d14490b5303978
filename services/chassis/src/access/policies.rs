//! The Cedar policy set: parsed once, split by action, evaluated per call.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Display;

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName,
    EntityUid, PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};

use super::facts::{Facts, Sets};
use super::principal;
use crate::caller::Caller;

/// Policies that cannot be used, or facts that do not fit them.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The schema or the policies do not parse or do not agree.
    #[error("access policies: {0}")]
    Policies(String),
    /// No such action in the schema.
    #[error("permission {0} is not an action of the policy schema")]
    UnknownPermission(String),
    /// The action does not apply to resources of the kind.
    #[error("permission {permission} does not apply to a resource of kind {kind}")]
    WrongKind {
        /// The permission.
        permission: String,
        /// The facts' kind.
        kind: String,
    },
    /// An evaluation failed.
    #[error("access evaluation: {0}")]
    Evaluation(String),
}

impl AccessError {
    pub(super) fn other(error: impl Display) -> Self {
        AccessError::Evaluation(error.to_string())
    }
}

/// Entity type names, parsed once.
#[derive(Debug)]
pub(super) struct Kinds(HashMap<String, EntityTypeName>);

impl Kinds {
    pub(super) fn uid(&self, kind: &str, id: &str) -> Result<EntityUid, AccessError> {
        let name = self.0.get(kind).ok_or_else(|| {
            AccessError::Evaluation(format!("entity type {kind} is not in the schema"))
        })?;
        Ok(EntityUid::from_type_name_and_id(
            name.clone(),
            EntityId::new(id),
        ))
    }
}

#[derive(Debug)]
struct Action {
    uid: EntityUid,
    /// Only the policies that can apply to the action.
    policies: PolicySet,
    principals: HashSet<EntityTypeName>,
    resources: Vec<EntityTypeName>,
}

#[derive(Debug)]
pub(super) struct Policies {
    kinds: Kinds,
    actions: BTreeMap<String, Action>,
    authorizer: Authorizer,
}

impl Policies {
    pub(super) fn parse(policies: &str, schema: &str) -> Result<Self, AccessError> {
        let wrong = |e: &dyn Display| AccessError::Policies(e.to_string());
        let (schema, _) = Schema::from_cedarschema_str(schema).map_err(|e| wrong(&e))?;
        let set: PolicySet = policies.parse().map_err(|e| wrong(&e))?;
        let result = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
        if !result.validation_passed_without_warnings() {
            let errors = result.validation_errors().map(ToString::to_string);
            let warnings = result.validation_warnings().map(ToString::to_string);
            let all: Vec<String> = errors.chain(warnings).collect();
            return Err(AccessError::Policies(all.join("; ")));
        }
        let kinds = schema
            .entity_types()
            .map(|t| (t.to_string(), t.clone()))
            .collect();
        let mut actions = BTreeMap::new();
        for uid in schema.actions() {
            let name: &str = uid.id().unescaped();
            actions.insert(name.to_owned(), action(&schema, &set, uid)?);
        }
        Ok(Self {
            kinds: Kinds(kinds),
            actions,
            authorizer: Authorizer::new(),
        })
    }

    pub(super) fn actions(&self) -> impl Iterator<Item = &str> {
        self.actions.keys().map(String::as_str)
    }

    #[cfg(test)]
    pub(super) fn principals(&self, permission: &str) -> std::collections::BTreeSet<String> {
        self.actions[permission]
            .principals
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[cfg(test)]
    pub(super) fn resources(&self, permission: &str) -> std::collections::BTreeSet<String> {
        self.actions[permission]
            .resources
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// The decision on one resource. A caller of a kind the action is not for is
    /// refused; a resource of a kind the action is not for is an error.
    pub(super) fn decide(
        &self,
        caller: &Caller,
        permission: &str,
        facts: &Facts,
    ) -> Result<bool, AccessError> {
        let action = self.action(permission)?;
        let resource = self.kinds.uid(facts.kind(), facts.id())?;
        if !action.resources.contains(resource.type_name()) {
            return Err(AccessError::WrongKind {
                permission: permission.to_owned(),
                kind: facts.kind().to_owned(),
            });
        }
        let school = facts
            .of_school()
            .map(|s| self.kinds.uid("School", &s.to_string()))
            .transpose()?;
        let municipality = facts
            .of_municipality()
            .map(|m| self.kinds.uid("Municipality", &m.to_string()))
            .transpose()?;
        let place = Place {
            school,
            municipality,
        };
        self.evaluate(caller, action, resource, place, &facts.sets)
    }

    /// Whether any facts could open the action: tries resources whose every
    /// relation is the caller's own, with and without an author and a supervisor.
    pub(super) fn could(&self, caller: &Caller, permission: &str) -> bool {
        let tried = || -> Result<bool, AccessError> {
            let action = self.action(permission)?;
            let (home, municipality) = principal::home(&self.kinds, caller)?;
            for kind in &action.resources {
                for sets in favourable(caller) {
                    let uids = match kind.to_string().as_str() {
                        "School" => vec![home.clone()],
                        "Municipality" => {
                            vec![
                                municipality.clone(),
                                self.kinds.uid("Municipality", "region")?,
                            ]
                        }
                        _ => vec![EntityUid::from_type_name_and_id(
                            kind.clone(),
                            EntityId::new("any"),
                        )],
                    };
                    for uid in uids {
                        let place = Place {
                            school: Some(home.clone()),
                            municipality: Some(municipality.clone()),
                        };
                        if self.evaluate(caller, action, uid, place, &sets)? {
                            return Ok(true);
                        }
                    }
                }
            }
            Ok(false)
        };
        tried().unwrap_or_else(|error| {
            tracing::error!(error = %error, permission, "access check failed");
            false
        })
    }

    fn action(&self, permission: &str) -> Result<&Action, AccessError> {
        self.actions
            .get(permission)
            .ok_or_else(|| AccessError::UnknownPermission(permission.to_owned()))
    }

    fn evaluate(
        &self,
        caller: &Caller,
        action: &Action,
        resource: EntityUid,
        place: Place,
        sets: &Sets,
    ) -> Result<bool, AccessError> {
        let principal = principal::entity(&self.kinds, caller)?;
        if !action.principals.contains(principal.uid().type_name()) {
            return Ok(false);
        }
        let (above, school) = place.around(&resource)?;
        let request = Request::new(
            principal.uid(),
            action.uid.clone(),
            resource.clone(),
            Context::empty(),
            None,
        )
        .map_err(AccessError::other)?;
        let resource =
            Entity::new(resource, attributes(sets), above).map_err(AccessError::other)?;
        let entities =
            Entities::from_entities([principal, resource].into_iter().chain(school), None)
                .map_err(AccessError::other)?;
        let response = self
            .authorizer
            .is_authorized(&request, &action.policies, &entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(AccessError::other(error));
        }
        Ok(response.decision() == Decision::Allow)
    }
}

/// Where a resource lies.
struct Place {
    school: Option<EntityUid>,
    municipality: Option<EntityUid>,
}

impl Place {
    /// The parents of the resource, and its school as an entity where that has a parent
    /// itself. Self and a municipality lie in nothing, a school in its municipality.
    fn around(
        self,
        resource: &EntityUid,
    ) -> Result<(HashSet<EntityUid>, Option<Entity>), AccessError> {
        let municipality: HashSet<EntityUid> = self.municipality.into_iter().collect();
        match resource.type_name().to_string().as_str() {
            "Self" | "Municipality" => Ok((HashSet::new(), None)),
            "School" => Ok((municipality, None)),
            _ => {
                let Some(school) = self.school else {
                    return Ok((HashSet::new(), None));
                };
                let above = HashSet::from([school.clone()]);
                if municipality.is_empty() {
                    return Ok((above, None));
                }
                let school = Entity::new(school, attributes(&Sets::default()), municipality)
                    .map_err(AccessError::other)?;
                Ok((above, Some(school)))
            }
        }
    }
}

fn action(schema: &Schema, set: &PolicySet, uid: &EntityUid) -> Result<Action, AccessError> {
    let applying = set.policies().filter(|p| match p.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(one) => one == *uid,
        ActionConstraint::In(many) => many.contains(uid),
    });
    let policies = PolicySet::from_policies(applying.cloned())
        .map_err(|e| AccessError::Policies(e.to_string()))?;
    let unknown = || AccessError::UnknownPermission(uid.to_string());
    let principals = schema
        .principals_for_action(uid)
        .ok_or_else(unknown)?
        .cloned()
        .collect();
    let resources = schema
        .resources_for_action(uid)
        .ok_or_else(unknown)?
        .cloned()
        .collect();
    Ok(Action {
        uid: uid.clone(),
        policies,
        principals,
        resources,
    })
}

fn favourable(caller: &Caller) -> Vec<Sets> {
    let own: Vec<String> = caller
        .user()
        .map(|u| principal::ids(u).collect())
        .unwrap_or_default();
    let flags = ["staff", "class", "open"].map(str::to_owned).to_vec();
    let base = Sets {
        teachers: own.clone(),
        class_teachers: own.clone(),
        guardians: own.clone(),
        pupils: own.clone(),
        flags,
        ..Sets::default()
    };
    let mut all = Vec::with_capacity(4);
    for authors in [Vec::new(), own.clone()] {
        for supervisors in [Vec::new(), own.clone()] {
            all.push(Sets {
                authors: authors.clone(),
                supervisors,
                ..base.clone()
            });
        }
    }
    all
}

fn attributes(sets: &Sets) -> HashMap<String, RestrictedExpression> {
    [
        ("teachers", &sets.teachers),
        ("classTeachers", &sets.class_teachers),
        ("guardians", &sets.guardians),
        ("pupils", &sets.pupils),
        ("supervisors", &sets.supervisors),
        ("authors", &sets.authors),
        ("subjects", &sets.subjects),
        ("flags", &sets.flags),
    ]
    .into_iter()
    .map(|(name, values)| (name.to_owned(), set_of(values.iter().cloned())))
    .collect()
}

/// A Cedar set of strings.
pub(super) fn set_of(values: impl IntoIterator<Item = String>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.into_iter().map(RestrictedExpression::new_string))
}
