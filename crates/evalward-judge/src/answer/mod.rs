//! Reading a judge's answer: exactly one JSON object of the agreed form, or nothing.

mod absolute;
mod claims;
mod malformed;
mod object;
mod preference;
mod unique;

pub(crate) use absolute::{Verdict, read_absolute};
pub(crate) use claims::{ToldClaim, read_claims};
pub(crate) use malformed::Malformed;
pub(crate) use object::only_object;
pub(crate) use preference::{ToldPreference, read_preference};
pub(crate) use unique::Unique;
