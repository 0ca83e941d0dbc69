//! Programs of the machine that tests need.

use anyhow::{Context, Result};
use evalward_testkit::{BROWSER, Browser, PostgresServer};
use xshell::{Shell, cmd};

use crate::console::say;

/// Makes sure that there is a `python3`: some tests evaluate programs that are written in it.
pub(crate) fn ensure_python(shell: &Shell) -> Result<()> {
    if is_present(shell, "python3") { Ok(()) } else { install(shell, "python3") }
}

/// Makes sure that Python can make virtual environments, which Debian keeps in a package of its own.
pub(super) fn ensure_venv(shell: &Shell) -> Result<()> {
    ensure_python(shell)?;
    let probe = cmd!(shell, "python3 -c 'import venv, ensurepip'").quiet().ignore_stderr();
    if probe.run().is_ok() { Ok(()) } else { install(shell, "python3-venv") }
}

/// Makes sure that a PostgreSQL server can be started.
pub(crate) fn ensure_postgres(shell: &Shell) -> Result<()> {
    if PostgresServer::is_installed() { Ok(()) } else { install(shell, "postgresql") }
}

/// Makes sure that there is a Chromium, unless another browser is named.
pub(super) fn ensure_browser(shell: &Shell) -> Result<()> {
    let is_named = shell.var_os(BROWSER).is_some();
    if is_named || Browser::installed().is_some() { Ok(()) } else { install(shell, "chromium") }
}

/// Tells whether a program can be run.
pub(super) fn is_present(shell: &Shell, program: &str) -> bool {
    let version = cmd!(shell, "{program} --version").quiet().ignore_stdout().ignore_stderr();
    version.run().is_ok()
}

fn install(shell: &Shell, package: &str) -> Result<()> {
    say(&format!("{package} is not installed; installing it with apt-get"));
    let install = || -> xshell::Result<()> {
        cmd!(shell, "apt-get update --quiet").run()?;
        cmd!(shell, "apt-get install --yes --quiet --no-install-recommends {package}")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
    };
    install().with_context(|| {
        format!("failed to install {package}; install it by hand and run this again")
    })
}
