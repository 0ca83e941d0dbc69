//! Asking for windows.

use evalward_core::{Clock, SystemClock, Timestamp};

/// An hour in milliseconds.
const HOUR: i64 = 3_600_000;

/// Returns the path of all windows of the last hours; no command here runs longer than that.
pub(crate) fn recent_windows(resolution: &str) -> String {
    let now = SystemClock.now().as_millis();
    let at = |hours: i64| Timestamp::from_millis(now + hours * HOUR);
    format!("/api/v1/windows?resolution={resolution}&from={}&until={}", at(-6), at(2))
}
