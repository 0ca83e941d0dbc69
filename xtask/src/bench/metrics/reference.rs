//! The reference implementations, in an environment of their own below the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::console::say;

/// The libraries, of the versions that the fixtures were made with.
const LIBRARIES: [&str; 4] =
    ["rouge-score==0.1.2", "sacrebleu==2.5.1", "rapidfuzz==3.14.1", "nltk==3.10.4"];

/// The script that calls the libraries.
const SCRIPT: &str = include_str!("reference.py");

/// The environment and the script in it.
#[derive(Debug)]
pub(super) struct Reference {
    python: PathBuf,
    script: PathBuf,
}

impl Reference {
    /// Installs the libraries, once, and writes the script.
    pub(super) fn install(shell: &Shell, target: &Path) -> Result<Self> {
        let folder = target.join("bench-metrics");
        fs::create_dir_all(&folder)?;
        let (environment, done) = (folder.join("venv"), folder.join("installed"));
        let python = environment.join("bin/python");
        let wanted = LIBRARIES.join("\n");
        if fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
            say("the reference implementations are installed");
        } else {
            say("installing the reference implementations");
            cmd!(shell, "python3 -m venv {environment}").quiet().run()?;
            cmd!(shell, "{python} -m pip install --quiet {LIBRARIES...}").quiet().run()?;
            fs::write(&done, wanted)?;
        }
        let script = folder.join("reference.py");
        fs::write(&script, SCRIPT).context("failed to write the script of the reference")?;
        Ok(Self { python, script })
    }

    /// Returns the command that answers for the reference.
    pub(super) fn command(&self, pairs: &Path) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(&self.script).arg(pairs);
        command
    }
}
