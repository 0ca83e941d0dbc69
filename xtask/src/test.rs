//! `cargo xtask test`: every test, on a machine that has nothing but Rust.

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::console::say;
use crate::repository::Repository;

/// Installs what is missing and runs all tests and documentation tests.
pub(crate) fn run(repository: &Repository) -> Result<()> {
    let shell = repository.shell()?;
    ensure_python(&shell)?;
    if is_present(&shell, "cargo-nextest") {
        cmd!(shell, "cargo nextest run --workspace").run()?;
    } else {
        say(
            "cargo-nextest is not installed; running the tests with `cargo test`, which takes longer",
        );
        cmd!(shell, "cargo test --workspace --lib --bins --tests --examples").run()?;
    }
    cmd!(shell, "cargo test --doc --workspace").run()?;
    Ok(())
}

/// Makes sure that there is a `python3`: some tests evaluate programs that are written in it.
pub(crate) fn ensure_python(shell: &Shell) -> Result<()> {
    if is_present(shell, "python3") {
        return Ok(());
    }
    say("python3 is not installed; installing it with apt-get");
    let install = || -> xshell::Result<()> {
        cmd!(shell, "apt-get update --quiet").run()?;
        cmd!(shell, "apt-get install --yes --quiet --no-install-recommends python3")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
    };
    install().context("failed to install python3; install it by hand and run this again")
}

fn is_present(shell: &Shell, program: &str) -> bool {
    let version = cmd!(shell, "{program} --version").quiet().ignore_stdout().ignore_stderr();
    version.run().is_ok()
}
