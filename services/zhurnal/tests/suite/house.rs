//! The rules of the house: who may depend on whom, and what a domain may know.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

const SERVICES: [&str; 7] = [
    "gateway",
    "identity",
    "roster",
    "schedule",
    "grading",
    "notification",
    "reporting",
];

#[test]
fn services_depend_on_chassis_and_proto_and_never_on_a_sibling() {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let ours: BTreeSet<String> = metadata
        .packages
        .iter()
        .map(|p| p.name.to_string())
        .collect();
    let graph: BTreeMap<String, BTreeSet<String>> = metadata
        .packages
        .iter()
        .map(|p| {
            let all = p
                .dependencies
                .iter()
                .filter(|d| d.kind != DependencyKind::Development);
            (
                p.name.to_string(),
                all.map(|d| d.name.clone())
                    .filter(|n| ours.contains(n))
                    .collect(),
            )
        })
        .collect();
    let set = |names: &[&str]| {
        names
            .iter()
            .map(|n| (*n).to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(graph["zhurnal-proto"], set(&[]));
    assert_eq!(graph["chassis"], set(&["zhurnal-proto"]));
    assert_eq!(graph["reporting-pdf"], set(&[]));
    for service in SERVICES {
        let mut allowed = set(&["chassis", "zhurnal-proto"]);
        if service == "reporting" {
            allowed.insert("reporting-pdf".to_owned());
        }
        let too_much: Vec<_> = graph[service].difference(&allowed).collect();
        assert!(too_much.is_empty(), "{service} depends on {too_much:?}");
    }
}

#[test]
fn a_domain_knows_neither_network_nor_database_nor_runtime() {
    let forbidden = [
        "tonic",
        "prost",
        "sea_orm",
        "sqlx",
        "tokio",
        "chassis::",
        "axum",
    ];
    let mut looked_at = 0;
    for service in SERVICES {
        let domain = root().join("services").join(service).join("src/domain");
        for file in rust_files(&domain) {
            looked_at += 1;
            let text = std::fs::read_to_string(&file).unwrap();
            for (number, line) in text
                .lines()
                .enumerate()
                .filter(|(_, l)| !l.trim_start().starts_with("//"))
            {
                for word in forbidden {
                    assert!(
                        !line.contains(word),
                        "{}:{}: {line}",
                        file.display(),
                        number + 1
                    );
                }
            }
        }
    }
    assert!(
        looked_at > 20,
        "only {looked_at} files: the test looks in the wrong place"
    );
}

#[test]
fn no_query_is_built_from_text_outside_migrations() {
    for service in SERVICES.iter().copied().chain(["chassis"]) {
        for file in rust_files(&root().join("services").join(service).join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(!text.contains("AssertSqlSafe"), "{}", file.display());
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}
