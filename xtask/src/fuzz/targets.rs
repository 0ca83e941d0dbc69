//! The targets as `fuzz/Cargo.toml` lists them.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::repository::Repository;

/// A target: a program with a folder of seeds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Target {
    /// The name.
    pub(crate) name: String,
    /// The features that it needs beside what links libFuzzer.
    #[serde(default, rename = "required-features")]
    pub(crate) features: Vec<String>,
}

#[derive(Deserialize)]
struct Manifest {
    bin: Vec<Target>,
}

/// Reads the targets of the repository.
pub(crate) fn targets(repository: &Repository) -> Result<Vec<Target>> {
    let path = repository.root().join("fuzz/Cargo.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    read(&text).with_context(|| format!("failed to read {}", path.display()))
}

/// Reads the targets in the text of a manifest.
pub(crate) fn read(manifest: &str) -> Result<Vec<Target>> {
    let Manifest { bin } = toml::from_str(manifest)?;
    Ok(bin)
}
