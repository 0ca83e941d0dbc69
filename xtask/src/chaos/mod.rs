//! `cargo xtask chaos`: what was acknowledged survives whatever happens to the process.
//!
//! Senders keep a ledger of what the monitor acknowledged while it is killed and restarted at random moments. At the end the
//! ledger is compared with what the monitor's own interface tells.
//!
//! A run is killed at random moments and gone on with; runs meet a server that fails now and then, and one that dies. The server
//! counts what it was asked.

mod audit;
mod calls;
mod command;
mod ledger;
mod material;
mod runs;
mod sender;
mod stage;
mod stored;
mod suite;

pub(crate) use command::{Chaos, ChaosArgs, run};
pub(crate) use runs::RunsArgs;
