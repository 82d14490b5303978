//! Files of a service: reports, uploads. A folder per service.
//!
//! A file appears whole or not at all; keys are ids and plain names, never a path
//! from outside.

use std::path::{Path, PathBuf};

use tokio::io::AsyncWriteExt as _;

/// Why a file could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The key is not made of `a-z 0-9 . _ -` segments.
    #[error("file key {0:?} is not allowed")]
    Key(String),
    /// The disk said no.
    #[error("file {key}: {source}")]
    Io {
        /// The file's key.
        key: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A folder of files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileStore {
    root: PathBuf,
}

impl FileStore {
    /// Files under `root`; the folder is made when the first file is written.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Keeps the bytes under `key` (`reports/rjb_…xlsx`), replacing what was there.
    /// On the disk when this returns.
    pub async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.path(key)?;
        let failed = |source| FileError::Io {
            key: key.to_owned(),
            source,
        };
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        tokio::fs::create_dir_all(&folder).await.map_err(failed)?;
        let unique: u64 = rand::random();
        let draft = folder.join(format!(".{unique:016x}.part"));
        let written = write(&draft, bytes).await;
        if let Err(e) = written {
            let _ = tokio::fs::remove_file(&draft).await;
            return Err(failed(e));
        }
        tokio::fs::rename(&draft, &path).await.map_err(failed)?;
        let folder = tokio::fs::File::open(&folder).await.map_err(failed)?;
        folder.sync_all().await.map_err(failed)
    }

    /// The bytes under `key`; `None` when there is no such file.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, FileError> {
        match tokio::fs::read(self.path(key)?).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(FileError::Io {
                key: key.to_owned(),
                source,
            }),
        }
    }

    /// Removes the file; true when there was one.
    pub async fn remove(&self, key: &str) -> Result<bool, FileError> {
        match tokio::fs::remove_file(self.path(key)?).await {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(FileError::Io {
                key: key.to_owned(),
                source,
            }),
        }
    }

    /// A secret of 32 bytes that belongs to this installation: made on the first
    /// use (mode 0600), the same ever after. For start-up; it blocks.
    pub fn secret(&self, key: &str, ids: &crate::ids::Ids) -> Result<[u8; 32], FileError> {
        let path = self.path(key)?;
        let failed = |source| FileError::Io {
            key: key.to_owned(),
            source,
        };
        match std::fs::read(&path) {
            Ok(bytes) => bytes.try_into().map_err(|_| {
                failed(std::io::Error::new(
                    std::io::ErrorKind::InvalidData,
                    "not 32 bytes",
                ))
            }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let fresh: [u8; 32] = ids.secret(32).try_into().unwrap_or_else(|_| rand::random());
                std::fs::create_dir_all(&self.root).map_err(failed)?;
                write_secret(&path, &fresh).map_err(failed)?;
                Ok(fresh)
            }
            Err(source) => Err(failed(source)),
        }
    }

    fn path(&self, key: &str) -> Result<PathBuf, FileError> {
        let good = |segment: &str| {
            !segment.is_empty()
                && !segment.starts_with('.')
                && segment
                    .bytes()
                    .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'))
        };
        if key.len() > 200 || !key.split('/').all(good) {
            return Err(FileError::Key(key.to_owned()));
        }
        Ok(self.root.join(key))
    }
}

fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

async fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = tokio::fs::File::create_new(path).await?;
    file.write_all(bytes).await?;
    file.sync_all().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_kept_is_read_back_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        let files = FileStore::new(dir.path().join("reporting"));
        assert_eq!(files.get("reports/a.xlsx").await.unwrap(), None);
        files.put("reports/a.xlsx", b"one").await.unwrap();
        files.put("reports/a.xlsx", b"two").await.unwrap();
        assert_eq!(files.get("reports/a.xlsx").await.unwrap().unwrap(), b"two");
        assert!(files.remove("reports/a.xlsx").await.unwrap());
        assert!(!files.remove("reports/a.xlsx").await.unwrap());
        assert_eq!(
            std::fs::read_dir(dir.path().join("reporting/reports"))
                .unwrap()
                .count(),
            0
        );
    }

    #[test]
    fn a_secret_is_made_once_and_only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let files = FileStore::new(dir.path().join("identity"));
        let first = files
            .secret("identity.key", &crate::ids::Ids::random())
            .unwrap();
        assert_eq!(
            files
                .secret("identity.key", &crate::ids::Ids::random())
                .unwrap(),
            first
        );
        let mode = std::fs::metadata(dir.path().join("identity/identity.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_key_cannot_leave_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let files = FileStore::new(dir.path());
        for key in [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a//b",
            ".hidden",
            "A",
            "a b",
            "a\0",
            "a\\b",
        ] {
            assert!(
                matches!(files.put(key, b"x").await, Err(FileError::Key(_))),
                "{key:?}"
            );
        }
    }
}
