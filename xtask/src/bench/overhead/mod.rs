//! What a run takes beyond the time of its calls, beside other tools on the same suite and the same local model server.
//!
//! Each tool judges the same given outputs by a model, one call an example, in its own usual way; the server answers each in the
//! form that it expects, after the same time.

mod command;
mod evalward;
mod measured;
mod peers;
mod report;
mod scale;
mod server;
mod suite;
mod timed;

pub(super) use command::{OverheadArgs, run};
pub(super) use scale::{ScaleArgs, run as run_scale};
