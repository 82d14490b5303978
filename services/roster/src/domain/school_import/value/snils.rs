//! СНИЛС: the insurance number. Secret: no `Display`, and `Debug` prints nothing of it.

use std::fmt;

use super::Value;
use crate::domain::{
    school_import::findings::{Problem, Reason},
    text,
};

/// Eleven digits. Store it encrypted, compare it by a keyed hash, list it never (settled
/// question 20).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snils([u8; 11]);

impl Snils {
    /// The eleven digits, for encryption and for the keyed hash only.
    pub fn expose_digits(&self) -> String {
        self.0.iter().map(|d| char::from(b'0' + d)).collect()
    }

    /// Whether the last two digits follow from the first nine. Numbers up to 001-001-998 were given
    /// without them and always pass.
    pub fn check_digits_fit(&self) -> bool {
        let number = self
            .0
            .iter()
            .take(9)
            .fold(0u32, |n, d| n * 10 + u32::from(*d));
        if number <= 1_001_998 {
            return true;
        }
        let sum: u32 = self
            .0
            .iter()
            .take(9)
            .zip((1..=9u32).rev())
            .map(|(d, weight)| u32::from(*d) * weight)
            .sum();
        let expected = match sum % 101 {
            100 => 0,
            rest => rest,
        };
        let written = self
            .0
            .iter()
            .skip(9)
            .fold(0u32, |n, d| n * 10 + u32::from(*d));
        written == expected
    }

    /// Any text with all digits but the last two hidden.
    pub fn mask(text: &str) -> String {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let mut seen = 0;
        let hide = |c: char| {
            if c.is_ascii_digit() {
                seen += 1;
                if seen + 2 > digits && digits == 11 {
                    c
                } else {
                    '•'
                }
            } else if c.is_alphanumeric() {
                '•'
            } else {
                c
            }
        };
        text.chars().map(hide).collect()
    }
}

impl fmt::Debug for Snils {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snils")
    }
}

impl Value for Snils {
    const FORM: Reason = Reason::NumberForm;
    const BAD: Reason = Reason::BadSnils;

    /// Eleven digits with spaces and hyphens anywhere between.
    fn parse(raw: &str) -> Result<Self, Problem> {
        let digits: Vec<u8> = raw
            .bytes()
            .filter(u8::is_ascii_digit)
            .map(|b| b - b'0')
            .collect();
        let plain = raw
            .chars()
            .all(|c| c.is_ascii_digit() || c == ' ' || text::plain_dash(c) == '-');
        match <[u8; 11]>::try_from(digits.as_slice()) {
            Ok(digits) if plain => Ok(Self(digits)),
            _ => Err(Problem::new(
                Reason::BadSnils,
                "Это не СНИЛС: в нём 11 цифр",
                "Напишите номер как 112-233-445 95 или очистите ячейку",
            )),
        }
    }

    fn canonical(&self) -> String {
        let digits = self.expose_digits();
        let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
        format!(
            "{}-{}-{} {}",
            part(0..3),
            part(3..6),
            part(6..9),
            part(9..11)
        )
    }
}
