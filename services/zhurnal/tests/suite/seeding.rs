//! `zhurnal seed demo` as an operator runs it: another process, a folder, once.

use std::process::Output;

use crate::program::zhurnal;

fn seed(data: &std::path::Path) -> Output {
    let args = ["seed", "demo", "--pupils-per-class", "3"];
    zhurnal(&args, data).output().unwrap()
}

#[test]
fn a_demo_school_is_made_in_an_empty_folder_and_only_there() {
    let data = tempfile::tempdir().unwrap();
    let made = seed(data.path());
    let told = String::from_utf8_lossy(&made.stdout) + String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{told}");
    for login in ["region", "municipal", "director", "teacher", "parent"] {
        assert!(told.contains(login), "no login {login}: {told}");
    }
    let again = seed(data.path());
    let told = String::from_utf8_lossy(&again.stderr);
    assert_eq!(again.status.code(), Some(1), "{told}");
    assert!(told.contains("there are accounts already"), "{told}");
}
