//! Telephone numbers and e-mail addresses. `Debug` prints none of them.

use std::fmt;

use super::Value;
use crate::domain::{
    school_import::findings::{Problem, Reason},
    text,
};

/// A telephone number with its country code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// `+79781464801`.
    pub fn e164(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone")
    }
}

impl Value for Phone {
    const FORM: Reason = Reason::PhoneForm;
    const BAD: Reason = Reason::BadPhone;

    /// One number; ten digits, or eleven that begin with 7 or 8, are a Russian one.
    fn parse(raw: &str) -> Result<Self, Problem> {
        let bad = || {
            Problem::new(
                Reason::BadPhone,
                "Это не номер телефона",
                "Один номер вида +7 978 123-45-67; если номера нет, очистите ячейку",
            )
        };
        let plain: String = raw.chars().map(text::plain_dash).collect();
        let abroad = plain.starts_with('+');
        let body = plain.strip_prefix('+').unwrap_or(&plain);
        if !body
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.'))
        {
            return Err(bad());
        }
        let digits: String = body.chars().filter(char::is_ascii_digit).collect();
        let number = match (digits.len(), digits.as_bytes().first()) {
            (10, Some(b'3'..=b'9')) if !abroad => format!("+7{digits}"),
            (11, Some(b'8')) if !abroad => format!("+7{}", digits.get(1..).unwrap_or_default()),
            (11, Some(b'7')) => format!("+{digits}"),
            (8..=15, Some(b'1'..=b'9')) if abroad => format!("+{digits}"),
            _ => return Err(bad()),
        };
        Ok(Self(number))
    }

    /// Russian numbers in groups, others as they are dialled.
    fn canonical(&self) -> String {
        let parts = |range: std::ops::Range<usize>| self.0.get(range).unwrap_or_default();
        if self.0.len() == 12 && self.0.starts_with("+7") {
            format!(
                "+7 {} {}-{}-{}",
                parts(2..5),
                parts(5..8),
                parts(8..10),
                parts(10..12)
            )
        } else {
            self.0.clone()
        }
    }
}

/// An e-mail address in small letters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email")
    }
}

impl Value for Email {
    const FORM: Reason = Reason::EmailForm;
    const BAD: Reason = Reason::BadEmail;

    /// One address of a mailbox; the domain may be Cyrillic.
    fn parse(raw: &str) -> Result<Self, Problem> {
        let address = raw.to_lowercase();
        if is_address(&address) {
            Ok(Self(address))
        } else {
            Err(Problem::new(
                Reason::BadEmail,
                "Это не адрес электронной почты",
                "Один адрес вида имя@сервер.ru; если адреса нет, очистите ячейку",
            ))
        }
    }

    fn canonical(&self) -> String {
        self.0.clone()
    }
}

fn is_address(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else {
        return false;
    };
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    let labels: Vec<&str> = domain.split('.').collect();
    let label_fits = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    local_fits && address.len() <= 254 && labels.len() >= 2 && labels.iter().all(label_fits)
}
