//! Which paraphrases become examples.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use evalward_core::Example;
use serde::Serialize;

use super::plan::normal_form;
use super::task::{ParaphraseAnswer, ParaphraseTask};
use crate::DatasetError;
use crate::generate::draft::finish;
use crate::generate::parents::{cluster_of, same_expectation, with_text};
use crate::generate::recipe::Recipe;

/// Tells how the facts of a paraphrase, the second text, differ from those of its original; nothing where they are the same.
pub type FactCheck<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

/// Why a paraphrase was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// It says nothing.
    Empty,
    /// It is its original, or another paraphrase of it, but for case, punctuation or spaces.
    Repeated,
    /// It is much shorter or much longer than its original.
    Length,
    /// It asks nothing, while its original does.
    Statement,
    /// It states other facts than its original.
    Facts,
}

impl DropReason {
    /// Returns what so many paraphrases do, as people read it.
    pub fn told(self, count: u64) -> String {
        let (one, many) = match self {
            Self::Empty => ("is empty", "are empty"),
            Self::Repeated => ("repeats a text", "repeat a text"),
            Self::Length => ("is too short or too long", "are too short or too long"),
            Self::Statement => ("is no question any more", "are no questions any more"),
            Self::Facts => ("changes a fact", "change a fact"),
        };
        format!("{count} {}", if count == 1 { one } else { many })
    }
}

/// A paraphrase that did not become an example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DroppedParaphrase {
    /// The rule of the recipe.
    pub rule: String,
    /// The id of the original.
    pub parent: String,
    /// What it says.
    pub text: String,
    /// Why it was dropped.
    pub reason: DropReason,
    /// What exactly is wrong.
    pub detail: String,
}

impl fmt::Display for DroppedParaphrase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}: {:?}", self.parent, self.detail, self.text)
    }
}

/// What a recipe's models wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paraphrases {
    /// The new examples.
    pub(crate) examples: Vec<Example>,
    /// How many the dataset had already.
    pub(crate) present: u64,
    /// What was dropped.
    pub(crate) dropped: Vec<DroppedParaphrase>,
}

/// Makes examples of those paraphrases that hold.
///
/// # Errors
/// A name of the recipe that gives no id.
pub fn keep_paraphrases(
    recipe: &Recipe,
    answers: &[ParaphraseAnswer],
    facts: FactCheck<'_>,
) -> Result<Paraphrases, DatasetError> {
    let mut kept = Paraphrases::default();
    // Whatever rule a text comes from, of one parent each is made once.
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for ParaphraseAnswer { task, .. } in answers {
        let texts = known.entry(task.parent.id.as_str()).or_default();
        texts.extend(task.present.iter().cloned());
    }
    for ParaphraseAnswer { task, texts } in answers {
        let Some(known) = known.get_mut(task.parent.id.as_str()) else { continue };
        kept.present += count(task.present.len().min(task.wanted));
        let mut room = task.wanted.saturating_sub(task.present.len());
        for text in texts.iter().map(|text| text.trim()) {
            let normal = normal_form(text);
            if room == 0 {
                break;
            }
            if task.present.contains(&normal) {
                continue;
            }
            if let Some((reason, detail)) = flaw(task, text, &normal, known, facts) {
                kept.dropped.push(DroppedParaphrase {
                    rule: task.rule.clone(),
                    parent: task.parent.id.to_string(),
                    text: text.to_owned(),
                    reason,
                    detail,
                });
                continue;
            }
            kept.examples.push(example(recipe, task, text)?);
            known.insert(normal);
            room -= 1;
        }
    }
    Ok(kept)
}

/// Returns what keeps a paraphrase from becoming an example.
fn flaw(
    task: &ParaphraseTask,
    text: &str,
    normal: &str,
    known: &BTreeSet<String>,
    facts: FactCheck<'_>,
) -> Option<(DropReason, String)> {
    if normal.is_empty() {
        return Some((DropReason::Empty, "it is empty".to_owned()));
    }
    if normal == normal_form(&task.text) {
        return Some((DropReason::Repeated, "it repeats its original".to_owned()));
    }
    if known.contains(normal) {
        return Some((DropReason::Repeated, "it repeats another paraphrase".to_owned()));
    }
    let (own, original) = (text.chars().count(), task.text.trim().chars().count());
    // A short text may well be said at length.
    if own.saturating_mul(3) < original || own > original.max(40).saturating_mul(3) {
        let detail = format!("it has {own} characters, its original {original}");
        return Some((DropReason::Length, detail));
    }
    if asks(&task.text) && !asks(text) {
        return Some((DropReason::Statement, "it asks nothing".to_owned()));
    }
    facts(&task.text, text).map(|detail| (DropReason::Facts, detail))
}

/// Returns whether a text has a question mark of any script.
fn asks(text: &str) -> bool {
    text.contains(['?', '？', '؟', '⸮', '\u{37e}'])
}

fn example(recipe: &Recipe, task: &ParaphraseTask, text: &str) -> Result<Example, DatasetError> {
    let rule = recipe.paraphrases.get(&task.rule);
    let (partition, tags, field) = match rule {
        Some(rule) => (rule.partition, rule.tags.as_slice(), rule.field.as_deref()),
        None => (task.parent.partition, &[][..], None),
    };
    let example = with_text(same_expectation(&task.parent), field, text.to_owned());
    finish(example, partition, tags, cluster_of(&task.parent), &task.origin(recipe))
        .map_err(|error| recipe.refuse(&["name"], error.to_string()))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
