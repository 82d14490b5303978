//! A pupil's family as the class teacher keeps it: what the RPCs on cards share.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::PersonId;
use zhurnal_proto::roster::v1 as pb;

use super::found_pupil::FoundPupil;
use super::{convert, parse};
use crate::Roster;
use crate::domain::card::{Entry, Field};
use crate::domain::record::{self, GuardianLink, Informing, Name, Sex};
use crate::domain::text::tidy;
use crate::store::School;
use crate::store::cards::{Kept, Made, Namesake};

const OFFICE: [&str; 3] = ["ADMINISTRATOR", "DIRECTOR", "SECRETARY"];

/// A pupil that the caller may ask about.
pub(super) struct Family {
    /// School.
    pub school: School,
    /// The school's record.
    pub found: record::School,
    /// Pupil.
    pub pupil: PersonId,
    /// Title of the present class.
    pub class_title: String,
    /// The facts of the decision.
    pub facts: Facts,
}

/// The pupil, once the caller is let in; for everybody else the card does not exist.
pub(super) async fn family(
    roster: &Roster,
    caller: &Caller,
    permission: &str,
    pupil_id: &str,
) -> Result<Family, Status> {
    let found = FoundPupil::find(roster, caller, pupil_id).await?;
    let pupil = found.pupil(roster).await?;
    let facts = found.facts_in_class(roster, &pupil).await?;
    roster.cx.access.check(caller, permission, &facts)?;
    Ok(Family {
        school: found.school,
        found: found.found,
        pupil: pupil.id,
        class_title: pupil.place.map(|(_, title, _)| title).unwrap_or_default(),
        facts,
    })
}

/// Who writes, as the history shows it.
pub(super) fn by_name(caller: &Caller) -> String {
    let user = caller.user();
    user.map(|user| user.display.clone()).unwrap_or_default()
}

/// Whether the caller keeps every card of the school, those of employees too.
pub(super) fn is_of_office(caller: &Caller) -> bool {
    let of_office = |role: &String| OFFICE.contains(&role.as_str());
    caller
        .user()
        .is_some_and(|user| user.roles.iter().any(of_office))
}

/// What a request writes on a card.
pub(super) fn entry(at: &str, entry: &pb::CardEntry, today: Date) -> Result<Entry, Status> {
    let name = entry.name.clone().unwrap_or_default();
    let entry = Entry {
        name: Name {
            surname: tidy(&name.surname),
            given_name: tidy(&name.given_name),
            patronymic: tidy(&name.patronymic),
        },
        sex: match entry.sex() {
            pb::Sex::Unspecified => None,
            pb::Sex::Male => Some(Sex::Male),
            pb::Sex::Female => Some(Sex::Female),
        },
        birth_date: parse::optional_date(&format!("{at}.birthDate"), &entry.birth_date)?,
        phone: tidy(&entry.phone),
        email: tidy(&entry.email),
        address: tidy(&entry.address),
    };
    entry.checked(today).map_err(|broken| {
        status::invalid(broken.into_iter().map(|(field, rule, message)| {
            status::violation(format!("{at}.{field}"), rule, message)
        }))
    })
}

/// A card as answers show it.
pub(super) fn card(kept: &Kept) -> pb::Card {
    let entry = &kept.entry;
    pb::Card {
        person_id: kept.id.to_string(),
        name: Some(convert::name(&entry.name)),
        sex: convert::sex(entry.sex).into(),
        birth_date: convert::date(entry.birth_date),
        phone: entry.phone.clone(),
        email: entry.email.clone(),
        address: entry.address.clone(),
        etag: chassis::etag::of(kept.version),
    }
}

/// A guardian as answers show one.
pub(super) fn guardian(
    school: School,
    (link, version): (&GuardianLink, i64),
    kept: Option<&Kept>,
) -> pb::GuardianCard {
    let name = kept.map(|kept| &kept.entry.name);
    pb::GuardianCard {
        link: Some(convert::guardian_link(school.id(), link, name)),
        card: kept.map(card),
        etag: chassis::etag::of(version),
    }
}

/// How a family is informed; electronically when nothing is said.
pub(super) fn informing(informing: pb::Informing) -> Informing {
    match informing {
        pb::Informing::Paper => Informing::Paper,
        pb::Informing::Electronic | pb::Informing::Unspecified => Informing::Electronic,
    }
}

/// Cards that may be of the same person.
pub(super) async fn namesakes(
    conn: &impl ConnectionTrait,
    school: School,
    kept: &Kept,
) -> Result<Vec<pb::CardNamesake>, Status> {
    let found = crate::store::cards::namesakes(conn, school, kept).await;
    let found = found.map_err(status::from_db)?.into_iter();
    let shown = |one: Namesake| pb::CardNamesake {
        person_id: one.id.to_string(),
        name: Some(convert::name(&one.name)),
        birth_date: convert::date(one.birth_date),
    };
    Ok(found.map(shown).collect())
}

/// A change as answers show it.
pub(super) fn change(made: Made, names: &[Kept]) -> pb::CardChange {
    let (field, old_value, new_value) = made.changed;
    let card = names.iter().find(|card| card.id == made.person);
    pb::CardChange {
        changed_at: Some(convert::stored(made.at_us)),
        changed_by: made.by,
        person_id: made.person.to_string(),
        name: card.map(|card| convert::name(&card.entry.name)),
        field: self::field(field).into(),
        old_value,
        new_value,
    }
}

fn field(field: Field) -> pb::CardField {
    match field {
        Field::Name => pb::CardField::Name,
        Field::Sex => pb::CardField::Sex,
        Field::BirthDate => pb::CardField::BirthDate,
        Field::Phone => pb::CardField::Phone,
        Field::Email => pb::CardField::Email,
        Field::Address => pb::CardField::Address,
        Field::Guardian => pb::CardField::Guardian,
        Field::Relation => pb::CardField::Relation,
        Field::Representative => pb::CardField::Representative,
        Field::Informing => pb::CardField::Informing,
        Field::StartsOn => pb::CardField::StartsOn,
        Field::EndsOn => pb::CardField::EndsOn,
    }
}
