//! The processor time that a process took.

use std::fs;

use anyhow::{Context, Result};

/// Returns the user and system time of a process until now, in seconds.
pub(super) fn seconds_of(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"));
    let stat = stat.context("the processor time cannot be read; this measurement needs Linux")?;
    ticks_of(&stat, 0).map(|ticks| ticks / 100.0).context("failed to read the processor time")
}

/// Returns the user and system time of all children of this process that ended, and of theirs, in seconds.
pub(super) fn seconds_of_children() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat");
    let stat = stat.context("the processor time cannot be read; this measurement needs Linux")?;
    ticks_of(&stat, 2).map(|ticks| ticks / 100.0).context("failed to read the processor time")
}

/// Reads both times, in hundredths of a second, so many fields behind those of the process itself; the program's name, which may
/// hold anything, ends with a parenthesis.
fn ticks_of(stat: &str, behind: usize) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut times = fields.split(' ').skip(11 + behind).map(str::parse::<f64>);
    Some(times.next()?.ok()? + times.next()?.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_any_name() {
        let stat = "1 (a) b) S 1 2 3 4 5 6 7 8 9 10 150 50 7 8";
        assert_eq!(ticks_of(stat, 0), Some(200.0));
        assert_eq!(ticks_of(stat, 2), Some(15.0));
        assert_eq!(ticks_of("1 (a) S 1", 0), None);
    }
}
