//! Answers changed in one known way, to see what a judge makes of the change.
//!
//! Nothing here reads a file, asks a model or knows a clock: the same text and seed give the same change.

mod injection;
mod order;
mod padding;
mod planting;

pub use injection::{Injection, InjectionAim, Place, inject, injections};
pub use order::reorder;
pub use padding::pad;
pub use planting::{Planted, plant_wrong_fact};
