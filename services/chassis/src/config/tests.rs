//! Layers, unknown keys and secrets.

use serde::{Deserialize, Serialize};

use super::*;

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Journal {
    grace_minutes: u32,
    strict: bool,
    kinds: Vec<String>,
    clocks: Clocks,
}

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Clocks {
    due: String,
    late: String,
}

const DEFAULTS: &str = r#"
grace_minutes = 5
strict = true
kinds = ["oral"]
[clocks]
due = "17:00"
late = "24:00"
"#;

fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    use std::io::Write as _;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn flags_win_over_environment_over_file_over_defaults() {
    let file =
        file("[grading]\ngrace_minutes = 6\nstrict = false\n[grading.clocks]\ndue = \"18:00\"\n");
    let sources = Sources::new()
        .file(file.path())
        .unwrap()
        .env(env(&[
            ("ZHURNAL__GRADING__GRACE_MINUTES", "7"),
            ("PATH", "/bin"),
        ]))
        .set("grading.clocks.late", "23:00", "--late");
    let journal: Journal = sources.section("grading", DEFAULTS).unwrap();
    assert_eq!(journal.grace_minutes, 7);
    assert!(!journal.strict);
    assert_eq!(journal.kinds, ["oral"]);
    assert_eq!(
        journal.clocks,
        Clocks {
            due: "18:00".into(),
            late: "23:00".into()
        }
    );
}

#[test]
fn variables_may_hold_lists_and_digits_that_stay_text() {
    let sources = Sources::new().env(env(&[
        ("ZHURNAL__GRADING__KINDS", "[\"oral\", \"test\"]"),
        ("ZHURNAL__GRADING__STRICT", "false"),
        ("ZHURNAL__GRADING__CLOCKS__DUE", "0017"),
    ]));
    let journal: Journal = sources.section("grading", DEFAULTS).unwrap();
    assert_eq!(journal.kinds, ["oral", "test"]);
    assert!(!journal.strict);
    assert_eq!(journal.clocks.due, "0017");
}

#[test]
fn an_unknown_key_of_the_environment_is_named() {
    let sources = Sources::new().env(env(&[("ZHURNAL__GRADING__CLOCKS__DEU", "1")]));
    let error = sources
        .section::<Journal>("grading", DEFAULTS)
        .unwrap_err()
        .to_string();
    assert!(error.contains("grading.clocks.deu"), "{error}");
    assert!(error.contains("ZHURNAL__GRADING__CLOCKS__DEU"), "{error}");
    assert!(error.contains("due"), "{error}");
}

#[test]
fn an_unknown_key_of_a_file_is_named_with_the_file() {
    let file = file("[grading]\ngrace = 6\n");
    let sources = Sources::new().file(file.path()).unwrap();
    let error = sources
        .section::<Journal>("grading", DEFAULTS)
        .unwrap_err()
        .to_string();
    assert!(error.contains("grading.grace"), "{error}");
    assert!(error.contains(file.path().to_str().unwrap()), "{error}");
}

#[test]
fn an_unknown_section_is_refused() {
    let sources = Sources::new().env(env(&[("ZHURNAL__GRADNIG__STRICT", "true")]));
    let error = sources
        .check_sections(&["grading", "roster"])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("gradnig") && error.contains("ZHURNAL__GRADNIG__STRICT"),
        "{error}"
    );
    assert!(Sources::new().check_sections(&[]).is_ok());
}

#[test]
fn a_value_of_the_wrong_type_names_key_and_origin() {
    let sources = Sources::new().env(env(&[("ZHURNAL__GRADING__GRACE_MINUTES", "soon")]));
    let error = sources
        .section::<Journal>("grading", DEFAULTS)
        .unwrap_err()
        .to_string();
    assert!(error.contains("grace_minutes"), "{error}");
    assert!(error.contains("ZHURNAL__GRADING__GRACE_MINUTES"), "{error}");
}

#[test]
fn a_missing_or_broken_file_is_named() {
    let error = Sources::new()
        .file(std::path::Path::new("/nonexistent.toml"))
        .unwrap_err();
    assert!(error.to_string().contains("/nonexistent.toml"));
    let broken = file("[grading\n");
    let error = Sources::new().file(broken.path()).unwrap_err();
    assert!(error.to_string().contains(broken.path().to_str().unwrap()));
}

#[test]
fn secrets_are_read_but_never_printed() {
    let sources = Sources::new().env(env(&[
        (
            "ZHURNAL__DATABASE__URLS__GRADING",
            "postgres://u:hunter2@db/grading",
        ),
        ("ZHURNAL__CACHE__URL", "redis://:hunter2@redis/0"),
    ]));
    let common = Common::load(&sources).unwrap();
    assert_eq!(
        common.database_url("grading").expose(),
        "postgres://u:hunter2@db/grading"
    );
    let printed = format!("{} {common:?}", common.print().unwrap());
    assert!(!printed.contains("hunter2"), "{printed}");
    assert!(printed.contains("***"));
}

#[test]
fn a_service_without_a_url_has_sqlite_in_the_data_folder() {
    let sources = Sources::new().set("data.dir", "/var/lib/zhurnal", "--data");
    let common = Common::load(&sources).unwrap();
    let url = common.database_url("roster");
    assert_eq!(url.expose(), "sqlite:///var/lib/zhurnal/roster.db?mode=rwc");
}

#[test]
fn every_section_prints_and_is_read_back() {
    let printed = Common::default().print().unwrap();
    let file = file(&printed);
    let sources = Sources::new().file(file.path()).unwrap();
    sources.check_sections(&Common::SECTIONS).unwrap();
    assert_eq!(Common::load(&sources).unwrap().print().unwrap(), printed);
}

#[test]
fn the_documented_defaults_are_the_defaults_and_name_every_key() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config.default.toml");
    let sources = Sources::new().file(&path).unwrap();
    sources.check_sections(&Common::SECTIONS).unwrap();
    let defaults = Common::default().print().unwrap();
    assert_eq!(Common::load(&sources).unwrap().print().unwrap(), defaults);
    let text = std::fs::read_to_string(&path).unwrap();
    for line in defaults.lines() {
        let key = line.split(" = ").next().unwrap_or_default();
        assert!(text.contains(key), "{key} is not documented");
    }
}
