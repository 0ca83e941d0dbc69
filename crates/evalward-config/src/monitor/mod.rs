//! The file of the monitor, `monitor.toml`: its tables, what is checked about them, and the configuration they come to.

mod alarms;
mod check;
mod config;
mod evaluate;
mod file;
mod load;
mod sampling;

pub use config::{
    Alarm, AlarmKind, AlarmSeverity, AlwaysSampled, AuthMode, EvaluationConfig, MonitorConfig,
    SamplingConfig, SegmentKey, ServerConfig, SpanSelection, Webhook,
};
pub use load::{load_monitor, monitor_schema};
