//! Where the repository is, and how its binary is built.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use xshell::{Shell, cmd};

/// The working copy that this program works on.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
}

/// The file that only the root folder has.
const MARK: &str = "xtask/Cargo.toml";

/// How the binary is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quickly, for tests.
    Dev,
    /// Optimised, for measurements.
    Release,
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

impl Repository {
    /// Finds the working copy that this runs in; not the one it was built in, since clones may share a target folder.
    pub(crate) fn find() -> Result<Self> {
        let here = std::env::current_dir().context("failed to find the present folder")?;
        let root = here.ancestors().find(|folder| folder.join(MARK).is_file());
        let root = root.context("this is no folder of an evalward repository")?;
        Ok(Self { root: root.to_owned() })
    }

    /// Returns the root folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns a shell in the root folder.
    pub(crate) fn shell(&self) -> Result<Shell> {
        let shell = Shell::new().context("failed to start a shell")?;
        shell.change_dir(&self.root);
        Ok(shell)
    }

    /// Returns cargo's target folder.
    pub(crate) fn target(&self) -> Result<PathBuf> {
        let shell = self.shell()?;
        let metadata = cmd!(shell, "cargo metadata --format-version 1 --no-deps").quiet().read()?;
        let metadata: Metadata =
            serde_json::from_str(&metadata).context("failed to read `cargo metadata`")?;
        Ok(metadata.target_directory)
    }

    /// Builds the binary `evalward` and returns its path.
    pub(crate) fn build_evalward(&self, profile: Profile) -> Result<PathBuf> {
        self.build("evalward-cli", "evalward", profile)
    }

    /// Builds a package's binary and returns its path.
    pub(crate) fn build(&self, package: &str, binary: &str, profile: Profile) -> Result<PathBuf> {
        let shell = self.shell()?;
        let (flag, folder) = match profile {
            Profile::Dev => (None, "debug"),
            Profile::Release => (Some("--release"), "release"),
        };
        cmd!(shell, "cargo build --quiet {flag...} --package {package}").quiet().run()?;
        Ok(self.target()?.join(folder).join(format!("{binary}{}", std::env::consts::EXE_SUFFIX)))
    }
}
