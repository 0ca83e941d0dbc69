//! What texts state that similarity cannot see: numbers, prices, percentages, dates, times, durations, links, negations and names.
//!
//! [`facts`] finds them and writes each in one form, so that `1,000` equals `1000` and `3 May 2026` equals `2026-05-03`; a
//! [`FactIndex`] tells which of them another text has; [`FactDifference`] tells how two texts differ.

mod amounts;
mod claims;
mod dates;
mod decimal;
mod difference;
mod fact;
mod find;
mod index;
mod links;
mod names;
mod negations;
mod number_words;

pub use difference::{FactDifference, differing_facts};
pub use fact::{Fact, FactKind};
pub use find::facts;
pub use index::FactIndex;
pub(crate) use negations::is_negation;
