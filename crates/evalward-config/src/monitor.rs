//! The file of the monitor.

/// A validated `monitor.toml`.
#[derive(Debug)]
pub struct MonitorConfig {}
