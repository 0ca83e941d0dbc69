//! The variables by which `cargo run` describes this package to its program.
//!
//! Some build scripts watch variables of these names. Handed on to the cargo that the commands call, they would build half of the
//! dependencies again after each call from a terminal, and the terminal's cargo would do so after each command.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// Starts this program anew without those variables, in the same process, where it has them.
///
/// # Errors
/// Returns only where there are none, or where the new start fails.
pub(crate) fn shed() -> io::Result<()> {
    let shed: Vec<_> =
        std::env::vars_os().map(|(name, _)| name).filter(|name| is_of_cargo_run(name)).collect();
    if shed.is_empty() {
        return Ok(());
    }
    let mut command = Command::new(this_program()?);
    command.args(std::env::args_os().skip(1));
    for name in shed {
        command.env_remove(name);
    }
    Err(command.exec())
}

/// Returns a path that starts this program, also where a build has replaced its file in the meantime.
pub(crate) fn this_program() -> io::Result<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() { Ok(running) } else { std::env::current_exe() }
}

/// Tells whether a variable describes the package; others, such as `CARGO_TARGET_DIR`, are the user's.
fn is_of_cargo_run(name: &OsStr) -> bool {
    const PREFIXES: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];
    let name = name.to_string_lossy();
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_user_set_is_kept() {
        for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION_PRE"] {
            assert!(is_of_cargo_run(OsStr::new(name)), "{name}");
        }
        for name in ["CARGO_TARGET_DIR", "CARGO_HOME", "CARGO_INCREMENTAL", "PATH"] {
            assert!(!is_of_cargo_run(OsStr::new(name)), "{name}");
        }
    }
}
