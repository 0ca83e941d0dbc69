//! The monitor under stress: its suite with cheap rules, its configuration, its database.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use evalward_testkit::PostgresServer;
use tempfile::TempDir;

use crate::monitor::{MonitorProcess, free_port};

/// The probability of the stratum `base`.
pub(super) const BASE_RATE: f64 = 0.2;

const SUITE: &str = r#"[suite]
name = "chaos"
dataset = "dataset"

[subject.recorded]
file = "responses.jsonl"

[metrics.rules.constraints]
polite = { excludes_any = ["whatever", "no idea"] }
length = { words = { min = 2, max = 100 } }

[gates.golden]
pass_rate = 1.0
"#;

/// A place to run monitors one after the other, on one port and one store.
#[derive(Debug)]
pub(super) struct Stage {
    program: PathBuf,
    folder: TempDir,
    postgres: Option<PostgresServer>,
}

impl Stage {
    /// Sets the stage on a file.
    pub(super) fn on_sqlite(program: &Path) -> Result<Self> {
        Self::set(program, None)
    }

    /// Sets the stage on a PostgreSQL server of its own.
    pub(super) fn on_postgres(program: &Path) -> Result<Self> {
        let postgres = PostgresServer::start().map_err(anyhow::Error::msg);
        Self::set(program, Some(postgres.context("failed to start PostgreSQL")?))
    }

    fn set(program: &Path, postgres: Option<PostgresServer>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let url =
            postgres.as_ref().map_or_else(|| "sqlite://store.db".to_owned(), PostgresServer::url);
        let config = format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\nauth = \"off\"\n\n[store]\nurl = \"{url}\"\n\n\
             [sampling]\nbase_rate = {BASE_RATE}\n\n[sampling.always.patterns]\nrefunds = \"(?i)refund\"\n\n\
             [evaluate]\nsuite = \"evalward.toml\"\nmetrics = [\"rules\"]\nlease = \"2s\"\n\n\
             [alarms.constraints.failed_constraint]\n",
            port = free_port()?,
        );
        fs::write(folder.path().join("monitor.toml"), config)?;
        fs::write(folder.path().join("evalward.toml"), SUITE)?;
        fs::write(
            folder.path().join("responses.jsonl"),
            "{\"id\":\"one\",\"output\":\"Fine, thank you.\"}\n",
        )?;
        let dataset = folder.path().join("dataset");
        fs::create_dir(&dataset)?;
        fs::write(dataset.join("dataset.toml"), "name = \"chaos\"\ntask_type = \"support\"\n")?;
        fs::write(
            dataset.join("golden.jsonl"),
            "{\"id\":\"one\",\"input\":{\"question\":\"How are you?\"}}\n",
        )?;
        Ok(Self { program: program.to_owned(), folder, postgres })
    }

    /// Returns the engine's name.
    pub(super) fn engine(&self) -> &'static str {
        if self.postgres.is_some() { "postgres" } else { "sqlite" }
    }

    /// Starts a monitor.
    pub(super) fn start(&self) -> Result<MonitorProcess> {
        MonitorProcess::start(&self.program, &self.folder.path().join("monitor.toml"), &[])
    }
}
