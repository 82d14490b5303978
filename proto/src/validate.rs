//! Checks of request fields, driven by the `zhurnal.validate.v1.field` options.
//! The checks are written by the build; the rules and their words live here.

use std::fmt;

/// One field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON path of the field: `operations[3].setMark.value`.
    pub field: String,
    /// Stable name of the rule: `REQUIRED`, `TOO_LONG`, ...
    pub rule: &'static str,
    /// What is wrong, in Russian.
    pub message: String,
}

/// Rules of one field, as in `zhurnal.validate.v1.Rules`.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Must be present and not empty.
    pub required: bool,
    /// Fewest characters.
    pub min_len: u32,
    /// Most characters; 0 = [`DEFAULT_MAX_LEN`].
    pub max_len: u32,
    /// `zhurnal.validate.v1.Format`.
    pub format: i32,
    /// Prefix of an id; empty = not an id.
    pub id: &'static str,
    /// Least value.
    pub min: Option<i64>,
    /// Greatest value.
    pub max: Option<i64>,
    /// Fewest items.
    pub min_items: u32,
    /// Most items; 0 = [`DEFAULT_MAX_ITEMS`].
    pub max_items: u32,
    /// Most bytes.
    pub max_bytes: u32,
}

/// Longest string without a rule of its own, characters.
pub const DEFAULT_MAX_LEN: u32 = 1_000;
/// Longest list without a rule of its own.
pub const DEFAULT_MAX_ITEMS: u32 = 1_000;

/// A message that can check itself.
pub trait Validate {
    /// Adds every violation of this message.
    fn validate(&self, at: &mut Violations);
}

/// Checks a message; all violations at once.
pub fn check(message: &impl Validate) -> Result<(), Vec<Violation>> {
    let mut at = Violations::default();
    message.validate(&mut at);
    if at.found.is_empty() {
        Ok(())
    } else {
        Err(at.found)
    }
}

/// Collects violations with the path of the field being checked.
#[derive(Debug, Default)]
pub struct Violations {
    path: String,
    found: Vec<Violation>,
}

impl Violations {
    /// Checks inside the field `name`.
    pub fn field(&mut self, name: &str, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(name);
        check(self);
        self.path.truncate(length);
    }

    /// Checks inside item `index` of the list `name`.
    pub fn index(&mut self, name: &str, index: usize, check: impl FnOnce(&mut Self)) {
        self.field(&format!("{name}[{index}]"), check);
    }

    /// A string field.
    pub fn string(&mut self, name: &str, value: &str, rules: &Rules) {
        self.field(name, |at| at.item_string(value, rules));
    }

    /// A string at the present path.
    pub fn item_string(&mut self, value: &str, rules: &Rules) {
        if value.is_empty() {
            if rules.required {
                self.add("REQUIRED", "поле обязательно");
            }
            return;
        }
        let length = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
        let max = if rules.max_len == 0 {
            DEFAULT_MAX_LEN
        } else {
            rules.max_len
        };
        if length > max {
            self.add(
                "TOO_LONG",
                format_args!("не длиннее {max} знаков, сейчас {length}"),
            );
            return;
        }
        if length < rules.min_len {
            self.add(
                "TOO_SHORT",
                format_args!("не короче {} знаков", rules.min_len),
            );
        }
        if !rules.id.is_empty() && !is_id(rules.id, value) {
            self.add(
                "INVALID_ID",
                format_args!("ожидается идентификатор {}_…", rules.id),
            );
        }
        if let Some((rule, message)) = format_violation(rules.format, value) {
            self.add(rule, message);
        }
    }

    /// A bytes field.
    pub fn bytes(&mut self, name: &str, length: usize, rules: &Rules) {
        self.field(name, |at| {
            if length == 0 && rules.required {
                at.add("REQUIRED", "поле обязательно");
            }
            if rules.max_bytes > 0 && length > rules.max_bytes as usize {
                at.add(
                    "TOO_LARGE",
                    format_args!("не больше {} байт, сейчас {length}", rules.max_bytes),
                );
            }
        });
    }

    /// An enum field.
    pub fn enumeration(&mut self, name: &str, value: i32, known: bool, rules: &Rules) {
        self.field(name, |at| {
            if value == 0 && rules.required {
                at.add("REQUIRED", "поле обязательно");
            } else if !known {
                at.add("UNKNOWN_VALUE", "неизвестное значение");
            }
        });
    }

    /// Presence of a message field.
    pub fn presence(&mut self, name: &str, present: bool, rules: &Rules) {
        if rules.required && !present {
            self.field(name, |at| at.add("REQUIRED", "поле обязательно"));
        }
    }

    /// An integer field.
    pub fn integer(&mut self, name: &str, value: i64, rules: &Rules) {
        self.field(name, |at| {
            if let Some(min) = rules.min
                && value < min
            {
                at.add("TOO_SMALL", format_args!("не меньше {min}"));
            }
            if let Some(max) = rules.max
                && value > max
            {
                at.add("TOO_BIG", format_args!("не больше {max}"));
            }
        });
    }

    /// Length of a list.
    pub fn items(&mut self, name: &str, length: usize, rules: &Rules) {
        self.field(name, |at| {
            let max = if rules.max_items == 0 {
                DEFAULT_MAX_ITEMS
            } else {
                rules.max_items
            };
            if length > max as usize {
                at.add(
                    "TOO_MANY_ITEMS",
                    format_args!("не больше {max} элементов, сейчас {length}"),
                );
            }
            if length < rules.min_items as usize {
                at.add(
                    "TOO_FEW_ITEMS",
                    format_args!("не меньше {} элементов", rules.min_items),
                );
            }
        });
    }

    /// A violation at the present path.
    pub fn add(&mut self, rule: &'static str, message: impl fmt::Display) {
        self.found.push(Violation {
            field: self.path.clone(),
            rule,
            message: message.to_string(),
        });
    }
}

fn is_id(prefix: &str, value: &str) -> bool {
    value
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .is_some_and(|hex| {
            hex.len() == 32
                && hex
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        })
}

/// `FORMAT_*` of `zhurnal.validate.v1.Format`, by number.
fn format_violation(format: i32, value: &str) -> Option<(&'static str, &'static str)> {
    use crate::zhurnal::validate::v1::Format;
    let (fits, rule, message) = match Format::try_from(format).ok()? {
        Format::Unspecified => return None,
        Format::Date => (is_date(value), "INVALID_DATE", "ожидается дата ГГГГ-ММ-ДД"),
        Format::Time => (is_time(value), "INVALID_TIME", "ожидается время ЧЧ:ММ"),
        Format::Uuid => (
            uuid::Uuid::try_parse(value).is_ok(),
            "INVALID_UUID",
            "ожидается UUID",
        ),
        Format::Login => (
            is_login(value),
            "INVALID_LOGIN",
            "от 3 до 64 знаков: буквы, цифры, точка, дефис, подчёркивание, @",
        ),
        Format::Line => (
            !value.chars().any(is_forbidden),
            "CONTROL_CHARACTER",
            "управляющие и невидимые знаки запрещены",
        ),
        Format::Text => (
            !value
                .chars()
                .any(|c| is_forbidden(c) && !matches!(c, '\n' | '\r' | '\t')),
            "CONTROL_CHARACTER",
            "управляющие и невидимые знаки запрещены",
        ),
    };
    (!fits).then_some((rule, message))
}

/// Control characters, bidirectional overrides and zero-width characters: they
/// make a text look like another (Trojan Source).
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_date(value: &str) -> bool {
    let bytes = value.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let number = |range: std::ops::Range<usize>| {
        value
            .get(range)
            .filter(|p| p.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|p| p.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return false,
    };
    (1900..=2200).contains(&year) && (1..=days).contains(&day)
}

fn is_time(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.len() == 5
        && bytes[2] == b':'
        && [0, 1, 3, 4].iter().all(|&i| bytes[i].is_ascii_digit())
        && &value[0..2] <= "23"
        && &value[3..5] <= "59"
}

fn is_login(value: &str) -> bool {
    (3..=64).contains(&value.chars().count())
        && value
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grading::v1::{MarkOperation, RecordMarksRequest, SetMark, mark_operation::Action};

    fn sound() -> RecordMarksRequest {
        RecordMarksRequest {
            school_id: "sch_0192f0c10000700080000000000000ff".into(),
            journal_id: "jrn_0192f0c10000700080000000000000ff".into(),
            operations: vec![MarkOperation {
                lesson_id: "les_0192f0c10000700080000000000000ff".into(),
                pupil_id: "per_0192f0c10000700080000000000000ff".into(),
                slot: 1,
                action: Some(Action::SetMark(SetMark {
                    value: "5".into(),
                    kind: 0,
                    comment: String::new(),
                })),
                base_revision: 0,
                client_time: None,
            }],
            request_id: "0192f0c1-0000-7000-8000-0000000000ff".into(),
        }
    }

    #[test]
    fn a_sound_request_passes() {
        assert_eq!(check(&sound()), Ok(()));
    }

    #[test]
    fn every_violation_is_named_with_its_path_and_rule() {
        let mut request = sound();
        request.school_id = "cls_1".into();
        request.request_id = String::new();
        request.operations[0].slot = 9;
        request.operations[0].action = Some(Action::SetMark(SetMark {
            value: String::new(),
            kind: 99,
            comment: "\u{202e}".into(),
        }));
        let found: Vec<_> = check(&request)
            .unwrap_err()
            .into_iter()
            .map(|v| (v.field, v.rule))
            .collect();
        assert_eq!(
            found,
            [
                ("schoolId".to_owned(), "INVALID_ID"),
                ("operations[0].slot".to_owned(), "TOO_BIG"),
                ("operations[0].setMark.value".to_owned(), "REQUIRED"),
                ("operations[0].setMark.kind".to_owned(), "UNKNOWN_VALUE"),
                (
                    "operations[0].setMark.comment".to_owned(),
                    "CONTROL_CHARACTER"
                ),
                ("requestId".to_owned(), "REQUIRED"),
            ]
        );
    }

    #[test]
    fn too_many_operations_are_refused_with_the_limit() {
        let mut request = sound();
        request.operations = vec![request.operations[0].clone(); 201];
        let found = check(&request).unwrap_err();
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].field.as_str(), found[0].rule),
            ("operations", "TOO_MANY_ITEMS")
        );
        assert!(found[0].message.contains("200"));
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for date in [
            "2026-02-29",
            "2026-13-01",
            "2026-1-01",
            "0000-01-01",
            "2026-04-31",
            "２０２６-01-01",
        ] {
            assert!(!is_date(date), "{date}");
        }
        for date in ["2028-02-29", "2026-12-31"] {
            assert!(is_date(date), "{date}");
        }
    }

    #[test]
    fn times_are_of_the_day() {
        assert!(is_time("00:00") && is_time("23:59"));
        assert!(!is_time("24:00") && !is_time("12:60") && !is_time("9:00"));
    }
}
