//! The reference libraries, in an environment of their own below the target folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::console::say;

/// The libraries, of the versions that the fixtures were made with.
const LIBRARIES: [&str; 6] = [
    "numpy==2.4.6",
    "scipy==1.17.1",
    "scikit-learn==1.9.1",
    "statsmodels==0.15.0",
    "river==0.26.1",
    "krippendorff==0.9.0",
];

/// The name of confseq's source archive without its ending; only its Python modules are used, which need no compiler.
const CONFSEQ: &str = "confseq-0.0.11";

/// The script that calls the libraries.
const SCRIPT: &str = include_str!("reference.py");

/// The environment and the script in it.
#[derive(Debug)]
pub(super) struct Reference {
    python: PathBuf,
    script: PathBuf,
    sources: PathBuf,
}

impl Reference {
    /// Installs the libraries, once, and writes the script.
    pub(super) fn install(shell: &Shell, target: &Path) -> Result<Self> {
        let folder = target.join("bench-stats");
        fs::create_dir_all(&folder)?;
        let (environment, done) = (folder.join("venv"), folder.join("installed"));
        let python = environment.join("bin/python");
        let wanted = format!("{}\n{CONFSEQ}\n", LIBRARIES.join("\n"));
        if fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
            say("the reference libraries are installed");
        } else {
            say("installing the reference libraries");
            cmd!(shell, "python3 -m venv {environment}").quiet().run()?;
            cmd!(shell, "{python} -m pip install --quiet {LIBRARIES...}").quiet().run()?;
            let confseq = CONFSEQ.replace("confseq-", "confseq==");
            cmd!(
                shell,
                "{python} -m pip download --quiet --no-deps --no-binary confseq --dest {folder} {confseq}"
            )
            .quiet()
            .run()?;
            let archive = folder.join(format!("{CONFSEQ}.tar.gz"));
            cmd!(shell, "tar --extract --file {archive} --directory {folder}").quiet().run()?;
            fs::write(&done, wanted)?;
        }
        let script = folder.join("reference.py");
        fs::write(&script, SCRIPT).context("failed to write the script of the reference")?;
        Ok(Self { python, script, sources: folder.join(CONFSEQ).join("src") })
    }

    /// Writes the data that both sides read.
    pub(super) fn prepare(&self, shell: &Shell, folder: &Path) -> Result<()> {
        let Self { python, script, .. } = self;
        Ok(cmd!(shell, "{python} {script} prepare {folder}").quiet().run()?)
    }

    /// Returns the command that answers for the reference.
    pub(super) fn command(&self, folder: &Path) -> std::process::Command {
        let mut command = std::process::Command::new(&self.python);
        command.arg(&self.script).arg(folder).arg(&self.sources);
        // One processor, as on our side.
        for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"] {
            command.env(name, "1");
        }
        command
    }
}
