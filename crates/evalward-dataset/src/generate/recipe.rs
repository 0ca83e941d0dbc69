//! The recipe, `generate.toml`: what to make, from what, and how much of it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use evalward_core::Partition;
use schemars::JsonSchema;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::text::RecipeText;

/// The content of `generate.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The recipe's name, a part of the ids of what it makes.
    pub name: String,
    /// The seed; another one makes other examples.
    #[serde(default)]
    pub seed: u64,
    /// Texts with slots.
    #[serde(default)]
    pub templates: BTreeMap<String, TemplateRecipe>,
    /// Changes of examples that the dataset has.
    #[serde(default)]
    pub perturbations: BTreeMap<String, PerturbationRecipe>,
    /// Examples in other words, which a model writes.
    #[serde(default)]
    pub paraphrases: BTreeMap<String, ParaphraseRecipe>,
    /// Inputs that a system must withstand.
    #[serde(default)]
    pub adversarial: AdversarialRecipe,
    /// The folder that files are relative to.
    #[serde(skip)]
    pub folder: PathBuf,
    /// The text, so that what turns out to be wrong later has a place.
    #[serde(skip)]
    pub(super) text: RecipeText,
}

/// A text with slots, such as `How do I {action} my {thing}?`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateRecipe {
    /// The text; `{name}` is a slot, `{{` and `}}` are braces.
    pub text: String,
    /// The field of the input that the text goes to; `question` by default.
    #[serde(default = "question")]
    pub field: String,
    /// How many examples to make.
    pub count: u32,
    /// The partition; `distribution` by default.
    #[serde(default = "distribution")]
    pub partition: Partition,
    /// Tags beside `generated`.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What fills the slots.
    #[serde(default)]
    pub slots: BTreeMap<String, SlotRecipe>,
}

/// What fills a slot: `values`, or the lines of a `file`, or a `column` of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotRecipe {
    /// The values.
    #[serde(default)]
    pub values: Vec<String>,
    /// A file with a value on each line, relative to the recipe.
    #[serde(default)]
    pub file: Option<String>,
    /// The column of the file, which is then read as CSV with a header.
    #[serde(default)]
    pub column: Option<String>,
    /// How often each value is drawn beside the others; all alike by default.
    #[serde(default)]
    pub weights: Vec<u32>,
}

/// A change of examples: `[perturbations.<id>.<kind>]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PerturbationRecipe {
    /// Letters are swapped, dropped, doubled, or replaced by their neighbours on the keyboard.
    Typos(Perturbation),
    /// Upper case, lower case, or both in turn.
    Case(Perturbation),
    /// Spaces are doubled, dropped or made into tabs and line ends.
    Spacing(Perturbation),
    /// Letters are replaced by those of other scripts that look alike.
    Homoglyphs(Perturbation),
    /// The end is cut off.
    Truncation(Perturbation),
    /// A long text without meaning stands before the input.
    VeryLong(Perturbation),
    /// A sentence in another language stands before the input.
    OtherLanguage(Perturbation),
    /// An instruction that is not the user's stands behind the input.
    Injection(Perturbation),
}

/// How examples are changed. What a kind has no use for is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Perturbation {
    /// How many examples to make.
    pub count: u32,
    /// The partitions whose examples are changed; `golden` by default.
    #[serde(default = "golden")]
    pub from: Vec<Partition>,
    /// The partition; `adversarial` by default.
    #[serde(default = "adversarial")]
    pub partition: Partition,
    /// The field of the input that is changed; by default its only text, or the last message of the user.
    #[serde(default)]
    pub field: Option<String>,
    /// Tags beside `generated`.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The share of letters, or of spaces, that are changed, or of the text that is kept; 0.1, 0.3, or 0.5 by default.
    #[serde(default)]
    pub rate: Option<f64>,
    /// For `case`: `upper`, `lower` or `alternating`; `upper` by default.
    #[serde(default)]
    pub style: Option<CaseStyle>,
    /// For `very_long`: the least number of characters; 20000 by default.
    #[serde(default)]
    pub characters: Option<u32>,
    /// For `injection`: a file with an instruction on each line, beside those that evalward knows.
    #[serde(default)]
    pub file: Option<String>,
}

/// Examples in other words: `[paraphrases.<id>]`, with a model as suites have it, `[paraphrases.<id>.openai]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParaphraseRecipe {
    /// How many examples to make, as far as the model's paraphrases hold.
    pub count: u32,
    /// How many examples to make of one parent; 1 by default.
    #[serde(default = "one")]
    pub per_parent: u32,
    /// The partitions whose examples are put in other words; `golden` by default.
    #[serde(default = "golden")]
    pub from: Vec<Partition>,
    /// The partition; `distribution` by default.
    #[serde(default = "distribution")]
    pub partition: Partition,
    /// The field of the input that is put in other words; by default its only text, or the last message of the user.
    #[serde(default)]
    pub field: Option<String>,
    /// Tags beside `generated`.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What the model is told beyond evalward's own prompt.
    #[serde(default)]
    pub instructions: Option<String>,
    /// A model behind any server that speaks the OpenAI chat API, with the keys of a suite's `[subject.openai]`.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub openai: Option<ModelTable>,
    /// A model behind the Anthropic Messages API, with the keys of a suite's `[subject.anthropic]`.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub anthropic: Option<ModelTable>,
}

/// The place of a model's table, which holds secrets and is read by those who build models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ModelTable;

impl<'de> Deserialize<'de> for ModelTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnyTable)
    }
}

struct AnyTable;

impl<'de> Visitor<'de> for AnyTable {
    type Value = ModelTable;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a table with a model")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ModelTable, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(ModelTable)
    }
}

/// How the case of letters is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseStyle {
    /// All letters large.
    #[default]
    Upper,
    /// All letters small.
    Lower,
    /// Large and small in turn.
    Alternating,
}

/// Families of inputs that need no parent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdversarialRecipe {
    /// Instructions that a system must not follow.
    pub injections: Option<FamilyRecipe>,
    /// The empty input.
    pub empty: Option<FamilyRecipe>,
    /// Only white space.
    pub whitespace: Option<FamilyRecipe>,
    /// Only punctuation.
    pub punctuation: Option<FamilyRecipe>,
    /// Very long inputs.
    pub huge: Option<FamilyRecipe>,
    /// Questions about anything else.
    pub off_scope: Option<FamilyRecipe>,
    /// Questions in other languages.
    pub other_language: Option<FamilyRecipe>,
    /// Direction marks, zero-width characters, piles of combining marks, homoglyphs.
    pub unicode: Option<FamilyRecipe>,
}

/// How much of a family to make.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyRecipe {
    /// How many examples to make, as far as the family goes.
    pub count: u32,
    /// The field of the input; `question` by default.
    #[serde(default = "question")]
    pub field: String,
    /// The partition; `adversarial` by default.
    #[serde(default = "adversarial")]
    pub partition: Partition,
    /// Tags beside `generated`.
    #[serde(default)]
    pub tags: Vec<String>,
    /// A file with a text on each line, beside those that evalward knows.
    #[serde(default)]
    pub file: Option<String>,
}

fn question() -> String {
    "question".to_owned()
}

const fn one() -> u32 {
    1
}

const fn distribution() -> Partition {
    Partition::Distribution
}

const fn adversarial() -> Partition {
    Partition::Adversarial
}

fn golden() -> Vec<Partition> {
    vec![Partition::Golden]
}

impl PerturbationRecipe {
    /// Returns the kind as recipes spell it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Typos(_) => "typos",
            Self::Case(_) => "case",
            Self::Spacing(_) => "spacing",
            Self::Homoglyphs(_) => "homoglyphs",
            Self::Truncation(_) => "truncation",
            Self::VeryLong(_) => "very_long",
            Self::OtherLanguage(_) => "other_language",
            Self::Injection(_) => "injection",
        }
    }

    /// Returns how examples are changed.
    pub const fn settings(&self) -> &Perturbation {
        match self {
            Self::Typos(it)
            | Self::Case(it)
            | Self::Spacing(it)
            | Self::Homoglyphs(it)
            | Self::Truncation(it)
            | Self::VeryLong(it)
            | Self::OtherLanguage(it)
            | Self::Injection(it) => it,
        }
    }
}
