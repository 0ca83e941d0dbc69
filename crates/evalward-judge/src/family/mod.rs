//! Families of models: a judge tends to favour answers of its own kind.

mod kinship;
mod name;
mod table;

pub use kinship::{Kinship, kinship};
pub use table::{FamilyMember, families_of, family_names};
