//! Settings of grading.

use anyhow::{Context, ensure};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::domain::policy::{DayTime, EntryDue, MarkBlock, Policy, small_letters};

/// Settings; every key stands with its default in `config.default.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Columns of journals kept in memory.
    pub cached_columns: u64,
    /// Rules.
    pub policy: PolicyConfig,
    /// The ledger.
    pub ledger: LedgerConfig,
}

/// The rules as written in a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyConfig {
    /// Id and version.
    pub id: String,
    /// `1` is a mark.
    pub one_allowed: bool,
    /// `AFTER_LAST_LESSON` or `HH:MM`.
    pub entry_due: String,
    /// Minutes after the last lesson.
    pub entry_due_minutes: u16,
    /// `HH:MM` up to `24:00`.
    pub free_correction_until: String,
    /// Minutes.
    pub self_correction_minutes: u16,
    /// Seconds.
    pub undo_seconds: u16,
    /// `LOCK_THEN_FREE`, `GRACE_THEN_LOCK` or `OFF`.
    pub mark_block: String,
    /// Minutes.
    pub mark_block_minutes: u16,
    /// Titles of subjects without marks.
    pub unmarked_subjects: Vec<String>,
}

/// Settings of the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerConfig {
    /// File of the key; empty = one made in the service's folder.
    pub key_file: String,
    /// Name of the key in notes.
    pub key_name: String,
    /// Seconds between checkpoints.
    pub checkpoint_seconds: u16,
}

impl PolicyConfig {
    /// The rules, or which key is wrong.
    pub fn policy(&self) -> anyhow::Result<Policy> {
        let minutes = |number: u16| SignedDuration::from_mins(i64::from(number));
        let entry_due = match self.entry_due.as_str() {
            "AFTER_LAST_LESSON" => EntryDue::AfterLastLesson(minutes(self.entry_due_minutes)),
            time => EntryDue::At(
                DayTime::parse(time)
                    .context("grading.policy.entry_due: AFTER_LAST_LESSON or HH:MM")?,
            ),
        };
        let mark_block = match self.mark_block.as_str() {
            "OFF" => MarkBlock::Off,
            "LOCK_THEN_FREE" => MarkBlock::LockThenFree(minutes(self.mark_block_minutes)),
            "GRACE_THEN_LOCK" => MarkBlock::GraceThenLock(minutes(self.mark_block_minutes)),
            _ => anyhow::bail!("grading.policy.mark_block: LOCK_THEN_FREE, GRACE_THEN_LOCK or OFF"),
        };
        ensure!(!self.id.is_empty(), "grading.policy.id: must not be empty");
        Ok(Policy {
            id: self.id.clone(),
            one_allowed: self.one_allowed,
            entry_due,
            free_correction_until: DayTime::parse(&self.free_correction_until)
                .context("grading.policy.free_correction_until: HH:MM up to 24:00")?,
            self_correction: minutes(self.self_correction_minutes),
            undo: SignedDuration::from_secs(i64::from(self.undo_seconds)),
            mark_block,
            unmarked_subjects: self
                .unmarked_subjects
                .iter()
                .map(|title| small_letters(title))
                .collect(),
        })
    }
}

impl LedgerConfig {
    /// Checks the keys.
    pub fn validate(&self) -> anyhow::Result<()> {
        ensure!(
            (1..=60).contains(&self.checkpoint_seconds),
            "grading.ledger.checkpoint_seconds: 1 to 60"
        );
        let plain =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic() && c != '+');
        ensure!(
            plain(&self.key_name),
            "grading.ledger.key_name: printable, without spaces and `+`"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chassis::config::{Sources, load};

    use super::*;
    use crate::GradingService;

    fn policy(key: &str, value: &str) -> anyhow::Result<Policy> {
        let config = load::<GradingService>(&Sources::new().set(key, value, "test"))?;
        config.policy.policy()
    }

    #[test]
    fn the_default_file_holds_the_regions_defaults() {
        let config = load::<GradingService>(&Sources::new()).unwrap();
        assert_eq!(config.policy.policy().unwrap(), Policy::default());
        config.ledger.validate().unwrap();
    }

    #[test]
    fn a_school_may_have_a_fixed_hour_and_the_other_reading_of_the_block() {
        let fixed = policy("grading.policy.entry_due", "17:00").unwrap();
        assert_eq!(
            fixed.entry_due,
            EntryDue::At(DayTime::parse("17:00").unwrap())
        );
        let grace = policy("grading.policy.mark_block", "GRACE_THEN_LOCK").unwrap();
        assert_eq!(
            grace.mark_block,
            MarkBlock::GraceThenLock(SignedDuration::from_mins(5))
        );
    }

    #[test]
    fn a_wrong_value_names_its_key() {
        for (key, value) in [
            ("grading.policy.entry_due", "noon"),
            ("grading.policy.mark_block", "SOMETIMES"),
            ("grading.policy.free_correction_until", "25:00"),
            ("grading.policy.id", ""),
        ] {
            let error = policy(key, value).unwrap_err();
            assert!(format!("{error:#}").contains(key), "{error:#}");
        }
    }
}
