//! The folder of a run and what is started in it.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::keeper::Keeper;

/// A folder with a keeper: processes started here end with the run.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    keeper: Keeper,
}

impl Place {
    /// A temporary folder, removed at the end.
    pub fn temporary() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("zhurnal-load-")
            .tempdir()?
            .keep();
        // The database's user passes through; secrets lie in folders of their own.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o711))?;
        let keeper = Keeper::start(Some(&folder))?;
        Ok(Self { folder, keeper })
    }

    /// A given folder, kept at the end.
    pub fn kept(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let folder = folder.canonicalize()?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o711))?;
        let keeper = Keeper::start(None)?;
        Ok(Self { folder, keeper })
    }

    /// A folder inside, made when it is not there.
    pub fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join(name);
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(folder)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Who stops what is started here.
    pub fn keeper(&self) -> &Keeper {
        &self.keeper
    }

    /// Stops what is still running and removes the folder if it is temporary.
    pub fn finish(&self) -> anyhow::Result<()> {
        self.keeper.finish()
    }
}

/// Whom to run a database as: it refuses to run as root. `None`: as we are.
pub fn unprivileged() -> anyhow::Result<Option<(u32, u32)>> {
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = passwd
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(str::parse::<u32>);
        Some((ids.next()?.ok()?, ids.next()?.ok()?))
    };
    let nobody = (65534, 65534);
    Ok(Some(
        ids("postgres").or_else(|| ids("nobody")).unwrap_or(nobody),
    ))
}

/// Gives a path to the unprivileged user.
pub fn hand_over(path: &Path) -> anyhow::Result<()> {
    if let Some((user, group)) = unprivileged()? {
        chown(path, Some(user), Some(group)).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
