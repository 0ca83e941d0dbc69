//! What hidden probes say of a judge, and what becomes of a run whose judge is swayed.

mod figures;
mod suspend;

pub use figures::{ProbeFigures, ProbeRecord, ProbedJudge, Susceptibility, susceptibility};
pub use suspend::suspend;
