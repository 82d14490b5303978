//! Who an account is today: its cards, duties, grants and children, and what a
//! session of it may act as.

use chassis::caller::{User, UserKind};
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;
use zhurnal_proto::id::{AccountId, MunicipalityId, PersonId, SchoolId, SessionId};
use zhurnal_proto::identity::v1 as pb;
use zhurnal_proto::types::v1::PersonName;

use crate::domain::role::{Role, in_order};
use crate::store::entity::{account, person_card, session};
use crate::store::{accounts, grants, people};

/// What a session can act as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Family side, all own children.
    pub family: bool,
    /// School; `None` for the region, a municipality and families.
    pub school_id: Option<Uuid>,
    /// Municipality; only of a municipal officer.
    pub municipality_id: Option<Uuid>,
    /// Card in that school.
    pub person_id: Option<Uuid>,
    /// Roles in order of precedence; never empty.
    pub roles: Vec<Role>,
    /// Family: the cards of the account.
    pub cards: Vec<(Uuid, Uuid)>,
    /// Family: (school, pupil).
    pub children: Vec<(Uuid, Uuid)>,
}

/// Every place of an account, the first is where a new session starts.
pub async fn places(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    today: Date,
) -> Result<Vec<Place>, DbErr> {
    let cards = accounts::cards(conn, account_id).await?;
    let granted = grants::of_account(conn, account_id, today).await?;
    let mut schools: Vec<(Uuid, Option<Uuid>, Vec<Role>)> = Vec::new();
    for card in cards.iter().filter(|c| c.role == Role::Teacher.number()) {
        let duties = people::duties(conn, card.school_id, card.person_id, today).await?;
        if !duties.is_empty() {
            schools.push((card.school_id, Some(card.person_id), duties));
        }
    }
    let mut regional = Vec::new();
    let mut municipalities: Vec<Uuid> = Vec::new();
    for grant in &granted {
        let Some(role) = Role::from_number(grant.role.into()) else {
            continue;
        };
        if role == Role::MunicipalOfficer {
            // Of a municipality or of nothing: earlier versions took a school.
            municipalities.extend(grant.municipality_id);
            continue;
        }
        match grant.school_id {
            None => regional.push(role),
            Some(school) => match schools.iter_mut().find(|(s, _, _)| *s == school) {
                Some((_, _, roles)) => roles.push(role),
                None => schools.push((school, None, vec![role])),
            },
        }
    }
    municipalities.sort_unstable();
    municipalities.dedup();
    let staff = |school_id, person_id, roles| Place {
        family: false,
        school_id,
        municipality_id: None,
        person_id,
        roles: in_order(roles),
        cards: Vec::new(),
        children: Vec::new(),
    };
    let mut places = Vec::new();
    if !regional.is_empty() {
        places.push(staff(None, None, regional));
    }
    places.extend(
        schools
            .into_iter()
            .map(|(school, person, roles)| staff(Some(school), person, roles)),
    );
    places.extend(municipalities.into_iter().map(|municipality| Place {
        municipality_id: Some(municipality),
        ..staff(None, None, vec![Role::MunicipalOfficer])
    }));
    places.extend(family(conn, &cards, today).await?);
    Ok(places)
}

async fn family(
    conn: &impl ConnectionTrait,
    cards: &[crate::store::entity::account_card::Model],
    today: Date,
) -> Result<Option<Place>, DbErr> {
    let mut own = Vec::new();
    let mut children = Vec::new();
    let mut guardian = false;
    for card in cards.iter().filter(|c| c.role != Role::Teacher.number()) {
        own.push((card.school_id, card.person_id));
        for child in people::children(conn, card.school_id, card.person_id, today).await? {
            guardian |= child.1 != card.person_id;
            children.push(child);
        }
    }
    children.sort_unstable();
    children.dedup();
    let roles = vec![if guardian {
        Role::Guardian
    } else {
        Role::Pupil
    }];
    Ok((!children.is_empty()).then_some(Place {
        family: true,
        school_id: None,
        municipality_id: None,
        person_id: None,
        roles,
        cards: own,
        children,
    }))
}

/// The place that a session acts in; `None` when the account lost it.
pub fn of_session(places: Vec<Place>, session: &session::Model) -> Option<Place> {
    let at = (session.family, session.school_id, session.municipality_id);
    places.into_iter().find(|place| place.at() == at)
}

impl Place {
    /// What tells a place from the others of an account: family side, school, municipality.
    pub fn at(&self) -> (bool, Option<Uuid>, Option<Uuid>) {
        (self.family, self.school_id, self.municipality_id)
    }

    fn municipality_text(&self) -> String {
        let id = self.municipality_id.map(MunicipalityId::from_uuid);
        id.map(|id| id.to_string()).unwrap_or_default()
    }
}

/// The caller that services see.
pub fn user(
    account: &account::Model,
    session_id: Uuid,
    place: &Place,
    name: Option<&person_card::Model>,
) -> User {
    User {
        account: AccountId::from_uuid(account.account_id),
        session: SessionId::from_uuid(session_id),
        kind: if place.family {
            UserKind::Family
        } else {
            UserKind::Staff
        },
        person: place.person_id.map(PersonId::from_uuid),
        persons: place
            .cards
            .iter()
            .map(|(_, person)| PersonId::from_uuid(*person))
            .collect(),
        school: place.school_id.map(SchoolId::from_uuid),
        municipality: place.municipality_id.map(MunicipalityId::from_uuid),
        roles: place.roles.iter().map(|r| r.name().to_owned()).collect(),
        region: !place.family && place.school_id.is_none() && place.municipality_id.is_none(),
        display: name.map_or_else(
            || account.login.clone(),
            |n| format!("{} {}", n.surname, n.given_name),
        ),
    }
}

/// The name on the card that a place acts with.
pub async fn name_of(
    conn: &impl ConnectionTrait,
    place: &Place,
) -> Result<Option<person_card::Model>, DbErr> {
    let card = match (place.school_id, place.person_id) {
        (Some(school), Some(person)) => Some((school, person)),
        _ => place.cards.first().copied(),
    };
    let Some((school, person)) = card else {
        return Ok(None);
    };
    Ok(people::names(conn, school, &[person])
        .await?
        .remove(&person))
}

/// The caller as the interface shows it.
pub async fn me(
    conn: &impl ConnectionTrait,
    account: &account::Model,
    (place, all): (&Place, &[Place]),
    second_factor_missing: bool,
    today: Date,
) -> Result<pb::Me, DbErr> {
    let mut available = Vec::new();
    for place in all {
        available.push(pb::AvailableRole {
            role: primary(place).into(),
            school_id: place
                .school_id
                .map(|s| SchoolId::from_uuid(s).to_string())
                .unwrap_or_default(),
            school_title: title(conn, place.school_id).await?,
            municipality_id: place.municipality_text(),
            municipality_title: municipality_title(conn, place).await?,
        });
    }
    let mut children = Vec::new();
    for (school_id, pupil_id) in &place.children {
        let name = people::names(conn, *school_id, &[*pupil_id])
            .await?
            .remove(pupil_id);
        children.push(pb::Child {
            pupil_id: PersonId::from_uuid(*pupil_id).to_string(),
            name: name.as_ref().map(person_name),
            class_title: people::class_title(conn, *school_id, *pupil_id, today).await?,
            school_id: SchoolId::from_uuid(*school_id).to_string(),
            school_title: title(conn, Some(*school_id)).await?,
        });
    }
    let card = place
        .person_id
        .or_else(|| place.cards.first().map(|(_, person)| *person));
    Ok(pb::Me {
        account_id: AccountId::from_uuid(account.account_id).to_string(),
        login: account.login.clone(),
        name: name_of(conn, place).await?.as_ref().map(person_name),
        role: primary(place).into(),
        school_id: place
            .school_id
            .map(|s| SchoolId::from_uuid(s).to_string())
            .unwrap_or_default(),
        school_title: title(conn, place.school_id).await?,
        person_id: card
            .map(|p| PersonId::from_uuid(p).to_string())
            .unwrap_or_default(),
        roles: place.roles.iter().map(|r| i32::from(r.number())).collect(),
        available,
        children,
        second_factor_missing,
        municipality_id: place.municipality_text(),
        municipality_title: municipality_title(conn, place).await?,
    })
}

/// The role that a place shows first.
pub fn primary(place: &Place) -> pb::Role {
    place
        .roles
        .first()
        .and_then(|r| pb::Role::try_from(i32::from(r.number())).ok())
        .unwrap_or(pb::Role::Unspecified)
}

async fn title(conn: &impl ConnectionTrait, school_id: Option<Uuid>) -> Result<String, DbErr> {
    match school_id {
        Some(school) => Ok(people::school(conn, school)
            .await?
            .map_or_else(String::new, |s| s.title)),
        None => Ok(String::new()),
    }
}

/// Title of the municipality of a place; empty where it acts in none.
pub async fn municipality_title(
    conn: &impl ConnectionTrait,
    place: &Place,
) -> Result<String, DbErr> {
    match place.municipality_id {
        Some(id) => Ok(people::municipality(conn, id)
            .await?
            .map_or_else(String::new, |found| found.title)),
        None => Ok(String::new()),
    }
}

/// Domain → proto.
pub fn person_name(card: &person_card::Model) -> PersonName {
    PersonName {
        surname: card.surname.clone(),
        given_name: card.given_name.clone(),
        patronymic: card.patronymic.clone(),
    }
}
