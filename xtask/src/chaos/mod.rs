//! `cargo xtask chaos`: what was acknowledged survives whatever happens to the process.
//!
//! Senders keep a ledger of what the monitor acknowledged while it is killed and restarted at random moments. At the end the
//! ledger is compared with what the monitor's own interface tells.
//!
//! A run is killed at random moments and gone on with; a model server counts what it was asked.

mod audit;
mod command;
mod ledger;
mod material;
mod runs;
mod sender;
mod stage;
mod stored;

pub(crate) use command::{Chaos, ChaosArgs, run};
pub(crate) use runs::RunsArgs;
