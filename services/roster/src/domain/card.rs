//! Cards of pupils and guardians as people keep them (R85, R133, R183).
//!
//! Invariant: every change of a card or a link is told by fields, with old and new value.

use jiff::civil::Date;

use super::record::{GuardianLink, Informing, Name, Sex};
use super::school_import::value::{Email, Phone, Value};

/// What is written on a card.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Name.
    pub name: Name,
    /// Sex, where it was told.
    pub sex: Option<Sex>,
    /// Birth date, where it was told.
    pub birth_date: Option<Date>,
    /// Phone; may be empty.
    pub phone: String,
    /// E-mail; may be empty.
    pub email: String,
    /// Postal address; may be empty.
    pub address: String,
}

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Name.
    Name,
    /// Sex.
    Sex,
    /// Birth date.
    BirthDate,
    /// Phone.
    Phone,
    /// E-mail.
    Email,
    /// Postal address.
    Address,
    /// A guardian was added.
    Guardian,
    /// Relation.
    Relation,
    /// Legal representative.
    Representative,
    /// How the family is informed.
    Informing,
    /// First day.
    StartsOn,
    /// Last day.
    EndsOn,
}

/// A field with the values before and after.
pub type Changed = (Field, String, String);

/// A rule that an entry breaks: field, rule, what a person is told.
pub type Broken = (&'static str, &'static str, &'static str);

impl Entry {
    /// The entry with phone and e-mail as they are kept, or every rule that it breaks.
    pub fn checked(mut self, today: Date) -> Result<Self, Vec<Broken>> {
        let mut broken = Vec::new();
        for (field, text) in [
            ("name.surname", &self.name.surname),
            ("name.givenName", &self.name.given_name),
        ] {
            if text.is_empty() {
                broken.push((field, "REQUIRED", "Укажите фамилию и имя"));
            }
        }
        if self.birth_date.is_some_and(|born| born > today) {
            let message = "Дата рождения в будущем";
            broken.push(("birthDate", "BIRTH_DATE_IN_FUTURE", message));
        }
        if !self.phone.is_empty() {
            match Phone::parse(&self.phone) {
                Ok(phone) => self.phone = phone.e164().to_owned(),
                Err(_) => broken.push(("phone", "PHONE", "Это не номер телефона")),
            }
        }
        if !self.email.is_empty() {
            match Email::parse(&self.email) {
                Ok(email) => self.email = email.canonical(),
                Err(_) => broken.push(("email", "EMAIL", "Это не адрес электронной почты")),
            }
        }
        if broken.is_empty() {
            Ok(self)
        } else {
            Err(broken)
        }
    }

    /// What another entry changes.
    pub fn changed_to(&self, next: &Self) -> Vec<Changed> {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let sex = |sex: Option<Sex>| match sex {
            None => String::new(),
            Some(Sex::Male) => "MALE".to_owned(),
            Some(Sex::Female) => "FEMALE".to_owned(),
        };
        let name = |name: &Name| {
            let parts = [&name.surname, &name.given_name, &name.patronymic];
            let parts: Vec<&str> = parts
                .into_iter()
                .map(String::as_str)
                .filter(|part| !part.is_empty())
                .collect();
            parts.join(" ")
        };
        changes([
            (Field::Name, name(&self.name), name(&next.name)),
            (Field::Sex, sex(self.sex), sex(next.sex)),
            (Field::BirthDate, day(self.birth_date), day(next.birth_date)),
            (Field::Phone, self.phone.clone(), next.phone.clone()),
            (Field::Email, self.email.clone(), next.email.clone()),
            (Field::Address, self.address.clone(), next.address.clone()),
        ])
    }
}

/// What another state of a link changes.
pub fn link_changed(was: &GuardianLink, now: &GuardianLink) -> Vec<Changed> {
    let informing = |informing: Informing| match informing {
        Informing::Electronic => "ELECTRONIC".to_owned(),
        Informing::Paper => "PAPER".to_owned(),
    };
    let last = |link: &GuardianLink| link.ends_on.map(|day| day.to_string()).unwrap_or_default();
    changes([
        (Field::Relation, was.relation.clone(), now.relation.clone()),
        (
            Field::Representative,
            was.is_representative.to_string(),
            now.is_representative.to_string(),
        ),
        (
            Field::Informing,
            informing(was.informing),
            informing(now.informing),
        ),
        (
            Field::StartsOn,
            was.starts_on.to_string(),
            now.starts_on.to_string(),
        ),
        (Field::EndsOn, last(was), last(now)),
    ])
}

fn changes<const N: usize>(all: [Changed; N]) -> Vec<Changed> {
    let all = all.into_iter();
    all.filter(|(_, was, now)| was != now).collect()
}

/// Whether two links are in force on a common day.
pub fn overlap(one: &GuardianLink, other: &GuardianLink) -> bool {
    let before =
        |a: &GuardianLink, b: &GuardianLink| a.ends_on.is_some_and(|last| last < b.starts_on);
    !before(one, other) && !before(other, one)
}
