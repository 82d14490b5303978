//! A caller as a Cedar entity.

use std::collections::{HashMap, HashSet};

use cedar_policy::{Entity, EntityUid, RestrictedExpression};

use super::policies::{AccessError, Kinds, set_of};
use crate::caller::{Caller, Client, User, UserKind};

/// The caller's entity.
pub(super) fn entity(kinds: &Kinds, caller: &Caller) -> Result<Entity, AccessError> {
    let (uid, attributes) = match caller {
        Caller::Anonymous => (kinds.uid("Anonymous", "anonymous")?, HashMap::new()),
        Caller::Service { name } => (kinds.uid("Service", name)?, HashMap::new()),
        Caller::Client(client) => (
            kinds.uid("Client", &client.id)?,
            client_attributes(kinds, client)?,
        ),
        Caller::User(user) => match user.kind {
            UserKind::Staff => (
                kinds.uid("Staff", &user.account.to_string())?,
                staff_attributes(kinds, user)?,
            ),
            UserKind::Family => {
                let ids = HashMap::from([("ids".to_owned(), set_of(ids(user)))]);
                (kinds.uid("Family", &user.account.to_string())?, ids)
            }
        },
    };
    Entity::new(uid, attributes, HashSet::new()).map_err(AccessError::other)
}

/// The account and all cards of the session.
pub(super) fn ids(user: &User) -> impl Iterator<Item = String> + '_ {
    std::iter::once(user.account.to_string()).chain(user.cards().map(|c| c.to_string()))
}

/// Where hypothetical resources of [`super::Access::could`] lie: in a school, and it in a
/// municipality.
pub(super) fn home(kinds: &Kinds, caller: &Caller) -> Result<(EntityUid, EntityUid), AccessError> {
    let school = match caller {
        Caller::User(user) => user.school,
        Caller::Client(client) => client.schools.first().copied(),
        _ => None,
    };
    let municipality = caller.user().and_then(|user| user.municipality);
    let any = || "any".to_owned();
    Ok((
        kinds.uid("School", &school.map_or_else(any, |s| s.to_string()))?,
        kinds.uid(
            "Municipality",
            &municipality.map_or_else(any, |m| m.to_string()),
        )?,
    ))
}

/// What [`super::Access::could`] depends on, as a cache key.
pub(super) fn shape(caller: &Caller) -> String {
    match caller {
        Caller::Anonymous => "anonymous".to_owned(),
        Caller::Service { name } => format!("service {name}"),
        Caller::Client(c) => {
            format!("client {} {}", c.schools.is_empty(), sorted(&c.scopes))
        }
        Caller::User(u) => format!(
            "{:?} {} {} {} {}",
            u.kind,
            u.region,
            u.school.is_some(),
            u.municipality.is_some(),
            sorted(&u.roles)
        ),
    }
}

fn sorted(words: &[String]) -> String {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_unstable();
    words.join(",")
}

fn staff_attributes(
    kinds: &Kinds,
    user: &User,
) -> Result<HashMap<String, RestrictedExpression>, AccessError> {
    let mut attributes = HashMap::from([
        ("ids".to_owned(), set_of(ids(user))),
        ("roles".to_owned(), set_of(user.roles.iter().cloned())),
        (
            "region".to_owned(),
            RestrictedExpression::new_bool(user.region),
        ),
    ]);
    if let Some(school) = user.school {
        let uid = kinds.uid("School", &school.to_string())?;
        attributes.insert(
            "school".to_owned(),
            RestrictedExpression::new_entity_uid(uid),
        );
    }
    if let Some(municipality) = user.municipality {
        let uid = kinds.uid("Municipality", &municipality.to_string())?;
        attributes.insert(
            "municipality".to_owned(),
            RestrictedExpression::new_entity_uid(uid),
        );
    }
    Ok(attributes)
}

fn client_attributes(
    kinds: &Kinds,
    client: &Client,
) -> Result<HashMap<String, RestrictedExpression>, AccessError> {
    let scopes = set_of(client.scopes.iter().cloned());
    let mut attributes = HashMap::from([("scopes".to_owned(), scopes)]);
    if !client.schools.is_empty() {
        let schools: Result<Vec<_>, _> = client
            .schools
            .iter()
            .map(|s| {
                kinds
                    .uid("School", &s.to_string())
                    .map(RestrictedExpression::new_entity_uid)
            })
            .collect();
        attributes.insert(
            "schools".to_owned(),
            RestrictedExpression::new_set(schools?),
        );
    }
    Ok(attributes)
}
