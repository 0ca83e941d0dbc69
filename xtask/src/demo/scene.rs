//! Where the story plays: a clone to promote into, the programs, the monitor with its webhook.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use xshell::cmd;

use super::assistant::Application;
use crate::environment::this_program;
use crate::monitor::{Client, MonitorProcess, Receiver};
use crate::program::{Finished, run_within};
use crate::repository::{Profile, Repository};

/// The longest that a program may take.
const LIMIT: Duration = Duration::from_mins(5);

/// The clone, the programs, and what runs.
#[derive(Debug)]
pub(super) struct Scene {
    /// The program `evalward`.
    pub(super) evalward: PathBuf,
    /// The application.
    pub(super) assistant: Application,
    /// The webhook that alerts go to.
    pub(super) webhook: Receiver,
    /// The monitor.
    pub(super) monitor: MonitorProcess,
    /// The clone of the repository.
    pub(super) clone: PathBuf,
    target: PathBuf,
    _folder: TempDir,
}

impl Scene {
    /// Builds the programs, clones the repository, and starts the webhook and the monitor.
    pub(super) fn set(repository: &Repository) -> Result<Self> {
        let monitor = repository.build("evalward-monitor", "evalward-monitor", Profile::Dev)?;
        let evalward = repository.build_evalward(Profile::Dev)?;
        let program = repository.build("support-assistant", "support-assistant", Profile::Dev)?;
        let folder = tempfile::tempdir()?;
        let clone = clone(repository, folder.path())?;
        let assistant = Application { program, knowledge: clone.join("examples/support/kb") };
        let config = folder.path().join("monitor.toml");
        // The example's own file; only the port and the store differ, so that this can run beside another monitor.
        let text = format!(
            "extends = '{}'\n\n[server]\nlisten = \"127.0.0.1:0\"\n\n[store]\nurl = \"sqlite://monitor.db\"\n",
            clone.join("examples/support/monitor.toml").display()
        );
        fs::write(&config, text)?;
        let webhook = Receiver::start()?;
        let environment = [("OPS_WEBHOOK", webhook.url())];
        let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
        let monitor = MonitorProcess::start(&monitor, &config, &environment)?;
        let target = repository.target()?;
        Ok(Self { evalward, assistant, webhook, monitor, clone, target, _folder: folder })
    }

    /// Returns a client of the monitor.
    pub(super) fn client(&self) -> Client {
        self.monitor.client()
    }

    /// Returns the address of the monitor, as people write it.
    pub(super) fn monitor_url(&self) -> String {
        format!("http://{}", self.monitor.address())
    }

    /// Runs `evalward` in the clone.
    pub(super) fn evalward(&self, arguments: &[&str]) -> Result<Finished> {
        self.run(&self.evalward, arguments)
    }

    /// Runs `cargo xtask` in the clone; the program is this one, so that the clone need not build it.
    pub(super) fn xtask(&self, arguments: &[&str]) -> Result<Finished> {
        self.run(&this_program()?, arguments)
    }

    /// Runs git in the clone and returns what it prints.
    pub(super) fn git(&self, arguments: &[&str]) -> Result<String> {
        let finished = self.run(Path::new("git"), arguments)?;
        ensure!(finished.code == Some(0), "git {arguments:?} failed: {}", finished.output);
        Ok(finished.output.trim_end().to_owned())
    }

    fn run(&self, program: &Path, arguments: &[&str]) -> Result<Finished> {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.clone);
        // The dependencies of what the clone builds are there already.
        command.env("CARGO_TARGET_DIR", &self.target);
        command.env("NO_COLOR", "1").env("EVALWARD_RUNS_DIR", self.clone.join(".evalward/runs"));
        run_within(&mut command, LIMIT)
    }
}

fn clone(repository: &Repository, folder: &Path) -> Result<PathBuf> {
    let clone = folder.join("evalward");
    let (shell, root) = (repository.shell()?, repository.root());
    cmd!(shell, "git clone --quiet {root} {clone}").quiet().run().context("failed to clone")?;
    shell.change_dir(&clone);
    cmd!(shell, "git config user.name Demo").quiet().run()?;
    cmd!(shell, "git config user.email demo@evalward.example").quiet().run()?;
    Ok(clone)
}
