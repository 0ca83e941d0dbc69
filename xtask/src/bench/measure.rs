//! Running the program while its memory is watched.

use std::fs;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::console::Stopwatch;
use crate::program::watch;

/// The longest that a run may take.
const LIMIT: Duration = Duration::from_mins(10);

/// What a run took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measured {
    /// The most memory that was resident at once, in KiB.
    pub(super) peak_kib: u32,
    /// The wall time.
    pub(super) wall: Duration,
}

impl Measured {
    /// Returns the peak in MB of a million bytes.
    pub(super) fn peak_megabytes(self) -> f64 {
        f64::from(self.peak_kib) * 1024.0 / 1e6
    }
}

/// Runs the program in a folder and measures it; it must exit 0. What it says stays in `output.txt`.
pub(super) fn measure(evalward: &Path, folder: &Path, arguments: &[&str]) -> Result<Measured> {
    let output = File::create(folder.join("output.txt"))?;
    let mut command = Command::new(evalward);
    command.args(arguments).current_dir(folder);
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let stopwatch = Stopwatch::start();
    let mut child = command.spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0;
    // The system keeps the peak, so that the last look before the end tells nearly all.
    let ended = watch(&mut child, LIMIT, || {
        if let Some(peak) = fs::read_to_string(&status).ok().as_deref().and_then(peak_of) {
            peak_kib = peak_kib.max(peak);
        }
    })?;
    let wall = stopwatch.elapsed();
    if !ended.success() {
        let output = fs::read_to_string(folder.join("output.txt"))?;
        ensure!(ended.success(), "the run must hold, but ended with {ended}:\n{output}");
    }
    ensure!(peak_kib > 0, "the peak memory could not be read; this measurement needs Linux");
    Ok(Measured { peak_kib, wall })
}

/// Reads `VmHWM`, the peak of resident memory, in KiB.
pub(super) fn peak_of(status: &str) -> Option<u32> {
    let value = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    value.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read() {
        assert_eq!(peak_of("Name:\tx\nVmHWM:\t   1234 kB\nVmRSS:\t 12 kB\n"), Some(1234));
        assert_eq!(peak_of("Name:\tx\n"), None);
    }
}
