//! The built program, asked for its own words.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::program::run_within;

/// The number of columns that help texts are wrapped at.
const COLUMNS: &str = "100";

/// The built program.
#[derive(Debug)]
pub(super) struct Evalward(PathBuf);

impl Evalward {
    /// Takes the path of the program.
    pub(super) const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Returns what the program prints; the surroundings are fixed, so that it prints the same everywhere.
    pub(super) fn print(&self, args: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.0);
        command.args(args).env_clear().env("COLUMNS", COLUMNS).env("NO_COLOR", "1");
        let finished = run_within(&mut command, Duration::from_mins(1))?;
        let shown = args.join(" ");
        ensure!(
            finished.code == Some(0),
            "`evalward {shown}` failed: {}",
            finished.output.trim_end()
        );
        Ok(finished.output)
    }
}
