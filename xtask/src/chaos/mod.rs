//! `cargo xtask chaos`: what was acknowledged survives whatever happens to the process.
//!
//! Senders keep a ledger of what the monitor acknowledged while it is killed and restarted at random moments. At the end the
//! ledger is compared with what the monitor's own interface tells.

mod audit;
mod command;
mod ledger;
mod material;
mod sender;
mod stage;
mod stored;

pub(crate) use command::{Chaos, ChaosArgs, run};
