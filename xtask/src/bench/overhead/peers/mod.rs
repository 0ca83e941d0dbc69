//! Other tools that judge outputs by a model, installed from their registries below the target folder.
//!
//! `all()` lists them, `Peer::install` installs one, `Peer::measure` measures it: a run with an empty cache, one in which every
//! answer is cached, and the time in which it tells its version.

mod install;
mod list;
mod measure;
mod peer;
mod results;

pub(super) use list::all;
pub(super) use peer::Peer;
