//! Running a program to its end, and what that took.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::bench::measure::peak_of;
use crate::bench::processor::seconds_of_children;
use crate::console::Stopwatch;

/// How often the program is looked at; wall times are that exact.
const POLL: Duration = Duration::from_millis(1);

/// So many looks pass between two at its memory.
const LOOKS_PER_PEAK: u32 = 20;

/// The longest that a program may take.
const LIMIT: Duration = Duration::from_mins(20);

/// What a program took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Timed {
    /// The wall time in seconds.
    pub(super) wall: f64,
    /// The processor time of the program and of all that it started and waited for, in seconds.
    pub(super) processor: f64,
    /// The most memory of the program itself that was resident at once, in KiB.
    pub(super) peak_kib: u32,
}

/// Runs a program, whose output goes to a file; it must exit 0.
pub(super) fn run(command: &mut Command, output: &Path) -> Result<Timed> {
    let file = File::create(output)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let before = seconds_of_children()?;
    let stopwatch = Stopwatch::start();
    let (ended, peak_kib) = watch(command)?;
    let wall = stopwatch.elapsed().as_secs_f64();
    let processor = seconds_of_children()? - before;
    if !ended.success() {
        let said = fs::read(output)?;
        ensure!(ended.success(), "it ended with {ended}: {}", last_line(&said));
    }
    Ok(Timed { wall, processor, peak_kib })
}

fn watch(command: &mut Command) -> Result<(ExitStatus, u32)> {
    let program = command.get_program().to_string_lossy().into_owned();
    let stopwatch = Stopwatch::start();
    let mut child = command.spawn().with_context(|| format!("failed to start `{program}`"))?;
    let status = format!("/proc/{}/status", child.id());
    let (mut peak_kib, mut looks) = (0, 0_u32);
    loop {
        if let Some(ended) = child.try_wait()? {
            return Ok((ended, peak_kib));
        }
        if stopwatch.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            bail!("it did not end within {} s", LIMIT.as_secs());
        }
        // The system keeps the peak, so that a few looks tell nearly all.
        if looks % LOOKS_PER_PEAK == 0
            && let Some(peak) = fs::read_to_string(&status).ok().as_deref().and_then(peak_of)
        {
            peak_kib = peak_kib.max(peak);
        }
        looks = looks.wrapping_add(1);
        thread::sleep(POLL);
    }
}

/// Returns the last line that says something: with most programs it is the error.
fn last_line(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_tells_what_the_program_said() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo 'no such model' >&2; echo; exit 3"]);
        let error = run(&mut command, &folder.path().join("output.txt")).unwrap_err();
        assert_eq!(error.to_string(), "it ended with exit status: 3: no such model");
    }
}
