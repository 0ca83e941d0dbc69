//! Making distribution and adversarial examples from a recipe and a seed: the same recipe, dataset and seed make the same
//! examples to the byte.

mod adversarial;
mod draft;
mod files;
mod letters;
mod parents;
mod perturb;
mod recipe;
mod run;
mod stream;
mod templates;

pub use recipe::{
    AdversarialRecipe, CaseStyle, FamilyRecipe, Perturbation, PerturbationRecipe, Recipe,
    SlotRecipe, TemplateRecipe,
};
pub use run::{GenerateOptions, Generated, generate};
