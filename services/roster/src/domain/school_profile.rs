//! What a school says of itself (сведения об ОО, R184, R216, R218), and how current that is.
//!
//! Invariant: a profile that was [`checked`](Profile::checked) holds no number whose check
//! digit is wrong and no address of the web that is not https.

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};

use super::link::{https_host, is_page_of};
use super::registry::Broken;
use super::school_import::value::{Email, Phone, Value};
use super::text::tidy;

/// A profile; empty texts and no buildings are what is not filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// Full title as in the charter.
    pub full_title: String,
    /// Short title as in the charter.
    pub short_title: String,
    /// ИНН.
    pub inn: String,
    /// ОГРН.
    pub ogrn: String,
    /// Legal address.
    pub legal_address: String,
    /// Actual address.
    pub actual_address: String,
    /// Phone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Official site.
    pub site: String,
    /// Page of the site with the link to the e-journal (R216).
    pub journal_page: String,
    /// Buildings in which there are lessons.
    pub buildings: u32,
}

/// Field of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Full title.
    FullTitle,
    /// Short title.
    ShortTitle,
    /// ИНН.
    Inn,
    /// ОГРН.
    Ogrn,
    /// Legal address.
    LegalAddress,
    /// Actual address.
    ActualAddress,
    /// Phone.
    Phone,
    /// E-mail.
    Email,
    /// Site.
    Site,
    /// Page with the link to the e-journal.
    JournalPage,
    /// Buildings.
    Buildings,
}

impl Field {
    /// Every field in the order in which a page shows them.
    pub const ALL: [Self; 11] = [
        Self::FullTitle,
        Self::ShortTitle,
        Self::Inn,
        Self::Ogrn,
        Self::LegalAddress,
        Self::ActualAddress,
        Self::Phone,
        Self::Email,
        Self::Site,
        Self::JournalPage,
        Self::Buildings,
    ];
}

/// A field that was changed: what stood there, what stands there.
pub type Changed = (Field, String, String);

impl Profile {
    /// The profile in canonical spelling, or every rule that it breaks.
    pub fn checked(mut self) -> Result<Self, Vec<Broken>> {
        let mut broken: Vec<Broken> = Vec::new();
        for text in [
            &mut self.full_title,
            &mut self.short_title,
            &mut self.legal_address,
            &mut self.actual_address,
            &mut self.site,
            &mut self.journal_page,
        ] {
            *text = tidy(text);
        }
        for number in [&mut self.inn, &mut self.ogrn] {
            number.retain(|c| !c.is_whitespace());
        }
        if self.full_title.is_empty() {
            broken.push(("fullTitle", "REQUIRED", "Напишите полное наименование"));
        }
        if !(self.inn.is_empty() || is_inn(&self.inn)) {
            broken.push((
                "inn",
                "INN",
                "Это не ИНН организации: 10 цифр, последняя — контрольная",
            ));
        }
        if !(self.ogrn.is_empty() || is_ogrn(&self.ogrn)) {
            broken.push((
                "ogrn",
                "OGRN",
                "Это не ОГРН: 13 цифр, последняя — контрольная",
            ));
        }
        match canonical::<Phone>(&self.phone) {
            Some(phone) => self.phone = phone,
            None => broken.push(("phone", "PHONE", "Это не номер телефона")),
        }
        match canonical::<Email>(&self.email) {
            Some(email) => self.email = email,
            None => broken.push(("email", "EMAIL", "Это не адрес электронной почты")),
        }
        for (field, link) in [("site", &self.site), ("journalPage", &self.journal_page)] {
            if !link.is_empty() && https_host(link).is_none() {
                broken.push((field, "NOT_HTTPS", "Ссылка должна начинаться с https://"));
            }
        }
        let elsewhere = !self.journal_page.is_empty()
            && https_host(&self.journal_page).is_some()
            && !is_page_of(&self.journal_page, &self.site);
        if elsewhere {
            broken.push((
                "journalPage",
                "OTHER_SITE",
                "Страница со ссылкой на электронный журнал должна быть на сайте школы",
            ));
        }
        if broken.is_empty() {
            Ok(self)
        } else {
            Err(broken)
        }
    }

    /// What stands in a field; empty = nothing.
    pub fn value(&self, field: Field) -> String {
        match field {
            Field::FullTitle => self.full_title.clone(),
            Field::ShortTitle => self.short_title.clone(),
            Field::Inn => self.inn.clone(),
            Field::Ogrn => self.ogrn.clone(),
            Field::LegalAddress => self.legal_address.clone(),
            Field::ActualAddress => self.actual_address.clone(),
            Field::Phone => self.phone.clone(),
            Field::Email => self.email.clone(),
            Field::Site => self.site.clone(),
            Field::JournalPage => self.journal_page.clone(),
            Field::Buildings if self.buildings == 0 => String::new(),
            Field::Buildings => self.buildings.to_string(),
        }
    }

    /// Fields that a confirmation waits for.
    pub fn missing(&self) -> Vec<Field> {
        let empty = |field: &Field| self.value(*field).is_empty();
        Field::ALL.into_iter().filter(empty).collect()
    }

    /// What a later version has otherwise.
    pub fn changed_to(&self, later: &Self) -> Vec<Changed> {
        Field::ALL
            .into_iter()
            .map(|field| (field, self.value(field), later.value(field)))
            .filter(|(_, old, new)| old != new)
            .collect()
    }
}

/// A text in its one spelling; `None` when it is none of the kind.
fn canonical<V: Value>(text: &str) -> Option<String> {
    match tidy(text).as_str() {
        "" => Some(String::new()),
        text => V::parse(text).ok().map(|value| value.canonical()),
    }
}

/// ИНН of an organisation: the tenth digit follows from the nine before it.
fn is_inn(text: &str) -> bool {
    const WEIGHTS: [u32; 9] = [2, 4, 10, 3, 5, 9, 4, 6, 8];
    let Some((last, digits)) = digits(text, 10) else {
        return false;
    };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
    sum % 11 % 10 == last
}

/// ОГРН: the last digit is the rest of the others divided by eleven.
fn is_ogrn(text: &str) -> bool {
    let Some((last, digits)) = digits(text, 13) else {
        return false;
    };
    let rest = digits
        .iter()
        .fold(0, |rest, digit| (rest * 10 + digit) % 11);
    rest % 10 == last
}

/// The last digit and those before it of a number of so many, not all of them zeros.
fn digits(text: &str, count: usize) -> Option<(u32, Vec<u32>)> {
    let mut digits: Vec<u32> = text
        .chars()
        .map(|c| c.to_digit(10))
        .collect::<Option<_>>()?;
    if digits.len() != count || digits.iter().all(|digit| *digit == 0) {
        return None;
    }
    Some((digits.pop()?, digits))
}

/// How current a profile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has filled it in.
    Empty,
    /// Never confirmed.
    Unconfirmed,
    /// Confirmed as it stands.
    Confirmed,
    /// Changed after the last confirmation.
    Changed,
    /// The last confirmation is too old.
    Due,
}

/// When a profile that is filled in was confirmed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation {
    /// Day.
    pub on: Date,
    /// The profile was changed later.
    pub changed_later: bool,
}

/// How current a profile is that somebody has filled in; a confirmation is good for `days`
/// days and for the academic year in which it was given.
pub fn state(last: Option<Confirmation>, today: Date, days: u32) -> State {
    let Some(last) = last else {
        return State::Unconfirmed;
    };
    let term: Span = i64::from(days).days();
    let too_old = last.on < academic_year_of(today)
        || last.on.checked_add(term).is_ok_and(|until| until < today);
    match (last.changed_later, too_old) {
        (true, _) => State::Changed,
        (false, true) => State::Due,
        (false, false) => State::Confirmed,
    }
}

/// The 1 September that began the academic year of a day.
fn academic_year_of(day: Date) -> Date {
    let this = date(day.year(), 9, 1);
    if day < this {
        this.checked_sub(1.year()).unwrap_or(this)
    } else {
        this
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Profile {
        Profile {
            full_title: "Муниципальное бюджетное общеобразовательное учреждение «Школа-пример»"
                .into(),
            short_title: "МБОУ «Школа-пример»".into(),
            inn: "9102000006".into(),
            ogrn: "1149102000002".into(),
            legal_address: "г. Примерск, ул. Школьная, 1".into(),
            actual_address: "г. Примерск, ул. Школьная, 1".into(),
            phone: "+79780000000".into(),
            email: "school@school.example".into(),
            site: "https://school.example".into(),
            journal_page: "https://school.example/journal".into(),
            buildings: 2,
        }
    }

    fn rules(profile: Profile) -> Vec<(&'static str, &'static str)> {
        let broken = profile.checked().err().unwrap_or_default();
        broken
            .iter()
            .map(|(field, rule, _)| (*field, *rule))
            .collect()
    }

    #[test]
    fn numbers_of_organisations_carry_their_check_digits() {
        // Published numbers of well-known companies.
        for inn in ["7707083893", "7736207543", "7702070139"] {
            assert!(is_inn(inn), "{inn}");
        }
        for ogrn in ["1027700132195", "1027739609391", "1027700229193"] {
            assert!(is_ogrn(ogrn), "{ogrn}");
        }
        for other in [
            "7707083894",
            "770708389",
            "77070838930",
            "770708389Х",
            "0000000000",
            "",
        ] {
            assert!(!is_inn(other), "{other}");
        }
        for other in [
            "1027700132196",
            "102770013219",
            "0000000000000",
            "102770013219X",
            "",
        ] {
            assert!(!is_ogrn(other), "{other}");
        }
    }

    #[test]
    fn a_profile_is_spelled_in_one_way() {
        let written = Profile {
            inn: "77 07 083893".into(),
            phone: "8 (978) 000-00-00".into(),
            full_title: "  Школа   «Пример» ".into(),
            ..full()
        };
        let kept = Profile {
            ogrn: "1027700132195".into(),
            ..written
        }
        .checked()
        .unwrap();
        assert_eq!(
            (
                kept.inn.as_str(),
                kept.phone.as_str(),
                kept.full_title.as_str()
            ),
            ("7707083893", "+7 978 000-00-00", "Школа «Пример»")
        );
    }

    #[test]
    fn every_broken_rule_is_told_at_once() {
        let wrong = Profile {
            full_title: " ".into(),
            inn: "1".into(),
            ogrn: "2".into(),
            phone: "нет".into(),
            email: "нет".into(),
            site: "http://school.example".into(),
            journal_page: "https://other.example/".into(),
            ..full()
        };
        assert_eq!(
            rules(wrong),
            [
                ("fullTitle", "REQUIRED"),
                ("inn", "INN"),
                ("ogrn", "OGRN"),
                ("phone", "PHONE"),
                ("email", "EMAIL"),
                ("site", "NOT_HTTPS"),
                ("journalPage", "OTHER_SITE"),
            ]
        );
    }

    #[test]
    fn what_is_empty_is_missing_and_breaks_nothing() {
        let title = Profile {
            full_title: "Школа".into(),
            ..Profile::default()
        };
        let kept = title.checked().unwrap();
        assert_eq!(kept.missing(), Field::ALL[1..].to_vec());
        assert!(full().missing().is_empty());
        assert_eq!(
            kept.changed_to(&Profile {
                buildings: 2,
                ..kept.clone()
            }),
            [(Field::Buildings, String::new(), "2".to_owned())]
        );
    }

    #[test]
    fn a_confirmation_is_good_for_its_academic_year_and_its_days() {
        let on = |on| {
            Some(Confirmation {
                on,
                changed_later: false,
            })
        };
        let today = date(2026, 11, 22);
        assert_eq!(state(None, today, 365), State::Unconfirmed);
        assert_eq!(state(on(date(2026, 9, 1)), today, 365), State::Confirmed);
        assert_eq!(state(on(date(2026, 8, 31)), today, 365), State::Due);
        // In August the year that began in September goes on.
        assert_eq!(
            state(on(date(2026, 9, 1)), date(2027, 8, 31), 365),
            State::Confirmed
        );
        assert_eq!(
            state(on(date(2026, 9, 1)), date(2027, 9, 1), 365),
            State::Due
        );
        assert_eq!(state(on(date(2026, 10, 23)), today, 30), State::Confirmed);
        assert_eq!(state(on(date(2026, 10, 22)), today, 30), State::Due);
        let changed = Confirmation {
            on: date(2026, 9, 1),
            changed_later: true,
        };
        assert_eq!(state(Some(changed), today, 30), State::Changed);
    }
}
