//! The Python packages of the tests, in a virtual environment in the target folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::cmd;

use super::system;
use crate::console::say;
use crate::repository::Repository;

/// The packages, with their exact versions.
const REQUIREMENTS: &str = "crates/evalward-monitor/tests/python/requirements.txt";

/// Installs the packages unless they are there already, and returns the interpreter that sees them.
pub(super) fn prepare(repository: &Repository) -> Result<PathBuf> {
    let folder = repository.target()?.join("test-python");
    let python = folder.join("bin/python");
    let wanted = fs::read_to_string(repository.root().join(REQUIREMENTS))
        .with_context(|| format!("failed to read `{REQUIREMENTS}`"))?;
    // Written last, so that an interrupted installation starts again.
    let installed = folder.join("installed-requirements.txt");
    if is_same(&installed, &wanted) && python.exists() {
        return Ok(python);
    }
    say("installing the Python packages of the tests");
    let shell = repository.shell()?;
    system::ensure_venv(&shell)?;
    let requirements = repository.root().join(REQUIREMENTS);
    cmd!(shell, "python3 -m venv --clear {folder}").quiet().run()?;
    cmd!(
        shell,
        "{python} -m pip install --quiet --disable-pip-version-check --requirement {requirements}"
    )
    .quiet()
    .run()
    .context("failed to install the Python packages of the tests")?;
    fs::write(&installed, wanted)?;
    Ok(python)
}

fn is_same(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|found| found == text)
}
