//! Logins: shown as typed, unique as folded.

/// A login that cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("3 to 64 letters, digits, '.', '-', '_', '@'")]
pub struct InvalidLogin;

/// A login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    shown: String,
    key: String,
}

impl Login {
    /// Reads a login; outer spaces do not count.
    pub fn parse(text: &str) -> Result<Self, InvalidLogin> {
        let shown = text.trim();
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
        if !(3..=64).contains(&shown.chars().count()) || !shown.chars().all(allowed) {
            return Err(InvalidLogin);
        }
        Ok(Self {
            shown: shown.to_owned(),
            key: shown.to_lowercase(),
        })
    }

    /// As the person typed it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Two logins that differ only by case are the same.
    pub fn key(&self) -> &str {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_make_another_login() {
        assert_eq!(
            Login::parse(" Иванова.А ").unwrap().key(),
            Login::parse("иванова.а").unwrap().key()
        );
    }

    #[test]
    fn short_long_and_strange_logins_are_refused() {
        for text in ["ab", "", "a b c", "x<y", &"a".repeat(65)] {
            assert_eq!(Login::parse(text), Err(InvalidLogin), "{text}");
        }
    }
}
