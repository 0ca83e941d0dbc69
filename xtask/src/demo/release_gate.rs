//! Promoting an example, and the suites that it guards from then on.

use anyhow::{Context, Result, ensure};

use super::scene::Scene;

/// Tries to promote the approved candidates and returns the exit code with what was printed.
pub(super) fn promote(scene: &Scene) -> Result<(Option<i32>, String)> {
    let finished = scene.xtask(&["promote", "--monitor", &scene.monitor_url()])?;
    Ok((finished.code, finished.output))
}

/// Runs a suite in the clone; it must end with this code. Returns what it printed.
pub(super) fn run_suite(scene: &Scene, suite: &str, code: i32) -> Result<String> {
    let finished = scene.evalward(&["run", suite])?;
    ensure!(
        finished.code == Some(code),
        "`evalward run {suite}` ended with {:?}, expected {code}:\n{}",
        finished.code,
        finished.output
    );
    Ok(finished.output)
}

/// Returns the first line that contains a text, without the space around it.
pub(super) fn line_with<'a>(output: &'a str, text: &str) -> Result<&'a str> {
    let line = output.lines().find(|line| line.contains(text));
    line.map(str::trim).with_context(|| format!("`{text}` is not in the output:\n{output}"))
}
