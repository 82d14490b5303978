//! A place in a producer's feed.

use std::{fmt, str::FromStr};

/// Epoch and position; text form `e<epoch>.<position>`.
///
/// Positions start at 1; position 0 is before the first event. A restored
/// database starts a new epoch: cursors of the old one are refused, because the
/// events after the restore are other events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    /// Life of the producer's database.
    pub epoch: i64,
    /// Last position seen.
    pub position: i64,
}

/// The text is no cursor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a feed cursor: `{0}`")]
pub struct CursorError(pub String);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "e{}.{}", self.epoch, self.position)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Cursor, CursorError> {
        let refused = || CursorError(text.chars().take(40).collect());
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<i64>().ok()).flatten()
        };
        let (epoch, position) = text
            .strip_prefix('e')
            .and_then(|rest| rest.split_once('.'))
            .ok_or_else(refused)?;
        match (number(epoch), number(position)) {
            (Some(epoch), Some(position)) => Ok(Cursor { epoch, position }),
            _ => Err(refused()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_from_its_text() {
        let cursor = Cursor {
            epoch: 1_788_220_800,
            position: 42,
        };
        assert_eq!(cursor.to_string(), "e1788220800.42");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "e",
            "e1",
            "1.2",
            "e1.",
            "e.1",
            "e-1.2",
            "e1.-2",
            "e1.+2",
            "e1.2.3",
            "e1.99999999999999999999",
        ] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
