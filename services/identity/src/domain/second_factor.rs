//! One-time codes of an application (RFC 6238: SHA-1, six digits, thirty seconds) and
//! the limits of a log-in's second step.

use jiff::{SignedDuration, Timestamp};
use totp_rs::{Builder, Totp};

use super::code;

/// Bytes of a secret: 160 bits, as RFC 4226 asks for.
pub const SECRET_BYTES: usize = 20;
/// Recovery codes of an account.
pub const RECOVERY_CODES: usize = 10;
/// How long a second step stays open.
pub const CHALLENGE_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Codes that may be tried in one second step.
pub const CHALLENGE_TRIES: i32 = 5;

/// Name that the application shows.
const ISSUER: &str = "Журнал";

/// The generator of one account.
pub struct Generator(Totp);

impl Generator {
    /// Of a stored secret; `None` where it has not the length of one.
    pub fn new(secret: &[u8], login: &str) -> Option<Self> {
        let secret: [u8; SECRET_BYTES] = secret.try_into().ok()?;
        Builder::new()
            .with_secret(secret)
            .with_issuer(Some(ISSUER))
            .with_account_name(login)
            .build()
            .ok()
            .map(Self)
    }

    /// The time step whose code was typed, one step early or late included. Which steps
    /// were used already is not known here. Codes are compared in constant time.
    pub fn step_of(&self, digits: &str, now: Timestamp) -> Option<i64> {
        let seconds = u64::try_from(now.as_second()).ok()?;
        let step = self.0.check(digits, seconds)?;
        i64::try_from(step).ok()
    }

    /// `otpauth://totp/...` for the application.
    pub fn uri(&self) -> Option<String> {
        self.0.to_url().ok()
    }

    /// The secret for typing in: base32 in groups of four.
    pub fn secret_text(&self) -> String {
        let text = self.0.secret().to_base32();
        let groups: Vec<&str> = text
            .as_bytes()
            .chunks(4)
            .filter_map(|group| std::str::from_utf8(group).ok())
            .collect();
        groups.join(" ")
    }
}

/// What a person typed into the field of the second step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Six digits of the application.
    Digits(String),
    /// Sixteen letters of a recovery code.
    Recovery(String),
}

impl Typed {
    /// Reads it; `None` where it can be neither.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '\u{a0}'))
            .collect();
        if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Self::Digits(digits));
        }
        code::normalise(text).map(Self::Recovery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const RFC: &[u8; 20] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238_are_accepted() {
        let generator = Generator::new(RFC, "anna").unwrap();
        // Appendix B gives eight digits; six are its last six.
        for (seconds, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = generator.step_of(&code[2..], at(seconds));
            assert_eq!(step, Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let generator = Generator::new(RFC, "anna").unwrap();
        let (code, step) = ("287082", 59 / 30);
        for (now, found) in [
            (0, Some(step)),
            (29, Some(step)),
            (30, Some(step)),
            (89, Some(step)),
            (90, None),
            (3_600, None),
        ] {
            assert_eq!(generator.step_of(code, at(now)), found, "{now}");
        }
    }

    #[test]
    fn what_is_no_code_is_never_accepted() {
        let generator = Generator::new(RFC, "anna").unwrap();
        for text in ["", "28708", "2870820", "+87082", "28708a", "٢٨٧٠٨٢"] {
            assert_eq!(generator.step_of(text, at(59)), None, "{text}");
        }
        assert!(Generator::new(b"short", "anna").is_none());
    }

    #[test]
    fn an_application_reads_the_address() {
        let generator = Generator::new(RFC, "Иванова.А").unwrap();
        let uri = generator.uri().unwrap();
        let read = Totp::from_url(&uri).unwrap();
        assert_eq!(read.secret().as_bytes(), RFC);
        assert_eq!(read.account_name(), "Иванова.А");
        assert_eq!(read.issuer(), Some(ISSUER));
        assert_eq!(
            generator.secret_text(),
            "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
        );
    }

    #[test]
    fn digits_and_recovery_codes_are_told_apart_however_they_are_typed() {
        let digits = Some(Typed::Digits("123456".into()));
        assert_eq!(Typed::parse("123456"), digits);
        assert_eq!(Typed::parse(" 123 456 "), digits);
        let recovery = Some(Typed::Recovery("K7QF2MXD9RTB0ZWE".into()));
        assert_eq!(Typed::parse("k7qf-2mxd-9rtb-0zwe"), recovery);
        for text in ["", "12345", "1234567", "K7QF", "пароль"] {
            assert_eq!(Typed::parse(text), None, "{text}");
        }
    }
}
