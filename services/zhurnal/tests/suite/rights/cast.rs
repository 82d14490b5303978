//! Who calls: every role in each of two schools, the families, those above the schools,
//! other systems, our own services, and nobody.

use std::time::Duration;

use chassis::caller::{Client, Proof, User, UserKind};
use chassis::lifecycle::Running;
use zhurnal_proto::id::{AccountId, MunicipalityId, PersonId, SchoolId, SessionId};

use super::stage::Place;

/// One caller. What is not said is not there.
#[derive(Clone, Default)]
pub struct Caller {
    pub name: String,
    pub kind: Kind,
    /// Acting school, by its place on the stage; the school of a family; the schools of a client.
    pub school: Option<usize>,
    /// Acting municipality, by the place of its school.
    pub municipality: Option<usize>,
    pub region: bool,
    pub role: &'static str,
    /// Own cards.
    pub cards: Vec<String>,
    pub scope: &'static str,
    pub token: String,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Kind {
    #[default]
    Anonymous,
    Staff,
    Guardian,
    Pupil,
    Client,
    Service,
}

const SERVICES: [&str; 7] = [
    "gateway",
    "identity",
    "roster",
    "schedule",
    "grading",
    "notification",
    "reporting",
];

/// Scopes of other systems.
const SCOPES: [&str; 6] = [
    "roster.read",
    "schedule.read",
    "identity.events",
    "roster.events",
    "schedule.events",
    "grading.events",
];

pub fn callers(running: &Running, places: &[Place]) -> Vec<Caller> {
    let mut all = vec![Caller {
        name: "nobody".to_owned(),
        ..Caller::default()
    }];
    for (at, place) in places.iter().enumerate() {
        all.extend(people(at, place));
    }
    all.extend(above());
    for caller in &mut all {
        if caller.kind != Kind::Anonymous {
            caller.token = token_of(running, places, caller);
        }
    }
    for school in [None, Some(0), Some(1)] {
        all.extend(SCOPES.map(|scope| client(running, places, scope, school)));
    }
    all
}

/// Our own services, as `to` hears them.
pub fn services(running: &Running, to: &str) -> Vec<Caller> {
    let tokens = running.guards().tokens.clone();
    SERVICES
        .iter()
        .filter(|from| **from != to)
        .map(|from| Caller {
            name: format!("service {from}"),
            kind: Kind::Service,
            token: tokens.mint_service(from, to).unwrap(),
            ..Caller::default()
        })
        .collect()
}

fn people(at: usize, place: &Place) -> Vec<Caller> {
    let staff = |surname: &str, role: &'static str| Caller {
        name: format!("{role} {surname} of school {at}"),
        kind: Kind::Staff,
        school: Some(at),
        role,
        cards: vec![place.person(surname)],
        ..Caller::default()
    };
    let family = |kind: Kind, name: &str, card: &str| Caller {
        name: format!("{kind:?} {name} of school {at}"),
        kind,
        school: Some(at),
        role: if kind == Kind::Pupil {
            "PUPIL"
        } else {
            "GUARDIAN"
        },
        cards: vec![card.to_owned()],
        ..Caller::default()
    };
    vec![
        staff("Павленко", "DIRECTOR"),
        staff("Завучева", "DEPUTY"),
        staff("Журналова", "ADMINISTRATOR"),
        staff("Белая", "SECRETARY"),
        staff("Электронов", "ENGINEER"),
        staff("Алиев", "TEACHER"),
        staff("Гончар", "TEACHER"),
        staff("Ёлкин", "TEACHER"),
        staff("Библиотекарева", "TEACHER"),
        family(Kind::Guardian, "mother of Maria", &place.mother_of_maria),
        family(Kind::Guardian, "father of Pyotr", &place.father_of_pyotr),
        family(Kind::Guardian, "mother of Alisa", &place.mother_of_alisa),
        family(Kind::Pupil, "Maria", &place.pupil("Мария")),
        family(Kind::Pupil, "Pyotr", &place.pupil("Пётр")),
        family(Kind::Pupil, "Osman", &place.pupil("Осман")),
    ]
}

fn above() -> Vec<Caller> {
    let regional = |role: &'static str| Caller {
        name: format!("{role} of the region"),
        kind: Kind::Staff,
        region: true,
        role,
        ..Caller::default()
    };
    let municipal = |at: usize| Caller {
        name: format!("MUNICIPAL_OFFICER of school {at}"),
        kind: Kind::Staff,
        municipality: Some(at),
        role: "MUNICIPAL_OFFICER",
        ..Caller::default()
    };
    vec![
        regional("ADMINISTRATOR"),
        regional("MINISTRY_OFFICER"),
        regional("OPERATOR"),
        municipal(0),
        municipal(1),
    ]
}

fn token_of(running: &Running, places: &[Place], caller: &Caller) -> String {
    let cx = running.context("identity").expect("identity");
    let card = |text: &String| text.parse::<PersonId>().unwrap();
    let staff = caller.kind == Kind::Staff;
    let cards: Vec<PersonId> = caller.cards.iter().map(card).collect();
    let user = User {
        account: AccountId::from_uuid(cx.ids.uuid()),
        session: SessionId::from_uuid(cx.ids.uuid()),
        kind: if staff {
            UserKind::Staff
        } else {
            UserKind::Family
        },
        person: cards.first().copied().filter(|_| staff),
        persons: if staff { Vec::new() } else { cards },
        school: caller.school.filter(|_| staff).map(|at| school(places, at)),
        municipality: caller.municipality.map(|at| municipality(places, at)),
        roles: if staff {
            vec![caller.role.to_owned()]
        } else {
            Vec::new()
        },
        region: caller.region,
        display: "Проба".to_owned(),
    };
    let proof = Proof {
        given_at: Some(cx.clock.now()),
        ..Proof::default()
    };
    cx.tokens.mint_user(&user, proof, TOKEN).unwrap()
}

/// The clock of the stage stands still.
const TOKEN: Duration = Duration::from_secs(300);

fn client(running: &Running, places: &[Place], scope: &'static str, at: Option<usize>) -> Caller {
    let cx = running.context("identity").expect("identity");
    let client = Client {
        id: format!("{scope}-{at:?}"),
        scopes: vec![scope.to_owned()],
        schools: at.map(|at| school(places, at)).into_iter().collect(),
    };
    Caller {
        name: format!("client {scope} of {at:?}"),
        kind: Kind::Client,
        school: at,
        scope,
        token: cx.tokens.mint_client(&client, 0, TOKEN).unwrap(),
        ..Caller::default()
    }
}

fn school(places: &[Place], at: usize) -> SchoolId {
    places[at].school.parse().unwrap()
}

fn municipality(places: &[Place], at: usize) -> MunicipalityId {
    places[at].municipality.parse().unwrap()
}
