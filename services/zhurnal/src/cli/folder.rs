//! The data folder belongs to one process at a time.

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use anyhow::Context;
use chassis::config::Common;

/// Holds the folder until dropped.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the folder of the configuration; `None` where the databases are elsewhere.
    pub fn of(common: &Common) -> anyhow::Result<Option<Self>> {
        let own = common.database.urls.is_empty();
        own.then(|| Self::take(&common.data.dir)).transpose()
    }

    /// Takes the folder; an error says who is in the way.
    pub fn take(folder: &Path) -> anyhow::Result<Self> {
        let mut builder = DirBuilder::new();
        // Names and marks are in it: nobody else on the machine may look.
        builder.recursive(true).mode(0o700);
        builder
            .create(folder)
            .with_context(|| format!("data folder {}", folder.display()))?;
        let path = folder.join("zhurnal.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => anyhow::bail!(
                "a running server holds {}: stop it first, or use its pages and its HTTP API instead",
                folder.display()
            ),
            Err(std::fs::TryLockError::Error(error)) => {
                Err(error).with_context(|| path.display().to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::unwrap_used)]
    fn a_folder_is_held_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let held = FolderLock::take(folder.path()).unwrap();
        let refused = FolderLock::take(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("a running server holds"), "{refused}");
        drop(held);
        FolderLock::take(folder.path()).unwrap();
    }
}
