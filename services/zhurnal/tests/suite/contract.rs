//! The published contract is the one that runs.

use std::path::Path;

#[test]
fn the_published_openapi_document_is_what_the_gateway_serves() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let served = format!(
        "{}\n",
        serde_json::to_string_pretty(&gateway::openapi().unwrap()).unwrap()
    );
    if std::env::var_os("ZHURNAL_WRITE_OPENAPI").is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == served,
        "docs/openapi.json is out of date: write it with `make openapi` and add an entry to docs/api-changelog.md"
    );
}
