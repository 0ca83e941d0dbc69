//! The command: prepares what tests need from outside and runs them.

use anyhow::{Context, Result};
use evalward_testkit::{PostgresServer, axe_script, fetch_models};
use xshell::{Cmd, cmd};

use super::{python, system};
use crate::console::say;
use crate::repository::Repository;

/// Where tests find the URL of a PostgreSQL superuser; each makes a database of its own there.
const POSTGRES_URL: &str = "EVALWARD_TEST_POSTGRES_URL";

/// Where tests find a Python interpreter that sees the packages which they need.
const PYTHON: &str = "EVALWARD_TEST_PYTHON";

/// Where tests find the folder of models.
const MODELS: &str = "EVALWARD_TEST_MODELS_DIR";

/// Installs what is missing and runs all tests and documentation tests.
pub(crate) fn run(repository: &Repository) -> Result<()> {
    let shell = repository.shell()?;
    system::ensure_python(&shell)?;
    system::ensure_postgres(&shell)?;
    system::ensure_browser(&shell)?;
    let python = python::prepare(repository)?;
    let models = repository.target()?.join("models");
    fetch_models(&models)
        .map_err(anyhow::Error::msg)
        .context("failed to get the model of the tests")?;
    drop(axe_script().map_err(anyhow::Error::msg).context("failed to get axe-core for the tests")?);
    // One server for all tests; it stops when this returns, whether they pass or fail, and when this process is killed.
    let postgres = PostgresServer::start().map_err(anyhow::Error::msg);
    let postgres = postgres.context("failed to start a PostgreSQL server for the tests")?;
    let with_services = |command: Cmd<'_>| -> Result<()> {
        let command = command.env(POSTGRES_URL, postgres.url()).env(PYTHON, &python);
        Ok(command.env(MODELS, &models).run()?)
    };
    if system::is_present(&shell, "cargo-nextest") {
        with_services(cmd!(shell, "cargo nextest run --workspace"))?;
    } else {
        say(
            "cargo-nextest is not installed; running the tests with `cargo test`, which takes longer",
        );
        with_services(cmd!(shell, "cargo test --workspace --lib --bins --tests --examples"))?;
    }
    with_services(cmd!(shell, "cargo test --doc --workspace"))
}
