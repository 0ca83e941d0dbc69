//! Recording and replay of calls: one JSON line for each, so that a run needs no network and gives the same bytes again.

mod compressed;
mod entry;
mod player;
mod recording;
#[cfg(test)]
mod tests;

pub use player::{CallKey, Tape, TapeAnswer};
