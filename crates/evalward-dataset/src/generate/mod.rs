//! Making distribution and adversarial examples from a recipe and a seed: the same recipe, dataset and seed make the same
//! examples to the byte. Only what models write is theirs: it is the same where their answers are.

mod adversarial;
mod draft;
mod files;
mod letters;
mod paraphrase;
mod parents;
mod perturb;
mod problems;
mod recipe;
mod run;
mod stream;
mod templates;
mod text;

pub use paraphrase::{
    DropReason, DroppedParaphrase, FactCheck, ParaphraseAnswer, ParaphraseError, ParaphraseTask,
    Paraphrases, keep_paraphrases, plan_paraphrases,
};
pub use recipe::{
    AdversarialRecipe, CaseStyle, FamilyRecipe, ModelTable, ParaphraseRecipe, Perturbation,
    PerturbationRecipe, Recipe, SlotRecipe, TemplateRecipe,
};
pub use run::{GenerateOptions, Generated, generate};
pub use text::RecipeProblem;
