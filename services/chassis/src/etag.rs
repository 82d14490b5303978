//! Entity tags of records that count their versions: `v3`.

/// The tag of a version.
pub fn of(version: i64) -> String {
    format!("v{version}")
}

/// The version in a tag; `None` when the caller said nothing. What is no tag of ours is
/// no version of the record either: 0, which none has.
pub fn version(text: &str) -> Option<i64> {
    let version = |text: &str| text.strip_prefix('v')?.parse().ok();
    (!text.is_empty()).then(|| version(text.trim_matches('"')).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_that_is_not_ours_matches_no_version() {
        assert_eq!(
            (version(""), version("v3"), version("\"v3\"")),
            (None, Some(3), Some(3))
        );
        for other in ["3", "x", "v", "v-", "*"] {
            assert_eq!(version(other), Some(0), "{other}");
        }
        assert_eq!(version(&of(7)), Some(7));
    }
}
