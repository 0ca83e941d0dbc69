//! The keys that promptfoo knows, and what becomes of those without a counterpart.

use crate::node::{Entry, Node};
use crate::remark::Remarks;

/// Keys of one map: those that are translated elsewhere, and those that are not, each with the reason.
pub(super) struct Keys {
    pub(super) read: &'static [&'static str],
    pub(super) unread: &'static [(&'static str, &'static str)],
}

/// Keys of the configuration.
pub(super) const CONFIGURATION: Keys = Keys {
    read: &[
        "$schema",
        "description",
        "providers",
        "targets",
        "prompts",
        "tests",
        "scenarios",
        "defaultTest",
        "evaluateOptions",
        "commandLineOptions",
    ],
    unread: &[
        ("tags", "tags of a whole suite"),
        ("outputPath", "files are asked for with `evalward run --report`"),
        ("sharing", "nothing is shared: a run is a folder"),
        ("writeLatestResults", "every run is kept"),
        ("nunjucksFilters", "templates take no filters of one's own"),
        ("env", "put the variables into `.env`, or into the environment"),
        ("derivedMetrics", "no metric is computed from other metrics"),
        ("extensions", "hooks in JavaScript or Python"),
        ("metadata", "metadata of a whole suite"),
        ("redteam", "attacks are not generated"),
        ("tracing", "traces are taken in by the monitor"),
    ],
};

/// Keys of a test, of `defaultTest` and of a row of a scenario.
pub(super) const TEST: Keys = Keys {
    read: &["description", "vars", "assert", "options", "metadata", "threshold", "providerOutput"],
    unread: &[
        ("provider", "one subject answers every example"),
        ("providers", "every variant answers every example"),
        ("prompts", "every prompt is asked with every example"),
        ("assertScoringFunction", "a function in JavaScript or Python"),
    ],
};

/// Keys of `options` of a test.
pub(super) const TEST_OPTIONS: Keys = Keys {
    read: &["prefix", "suffix", "disableVarExpansion", "disableDefaultAsserts"],
    unread: &[
        ("transform", "answers are not rewritten before they are scored"),
        ("postprocess", "answers are not rewritten before they are scored"),
        ("transformVars", "a function in JavaScript or Python"),
        ("storeOutputAs", "examples do not depend on one another"),
        ("runSerially", "examples do not depend on one another"),
        ("rubricPrompt", "it is for a judge"),
        ("provider", "it is for a judge or for embeddings"),
        ("factuality", "it is for a judge"),
        ("disableConversationVar", "earlier turns are part of `input.messages` here"),
        ("repeat", "every example has the same number of trials: `run.repeats`"),
        ("tools", "the request is the same for every example"),
        ("response_format", "the request is the same for every example"),
    ],
};

/// Keys of an assertion.
pub(super) const ASSERTION: Keys = Keys {
    read: &["type", "value", "threshold", "weight", "metric", "assert"],
    unread: &[
        ("transform", "answers are not rewritten before they are scored"),
        ("contextTransform", "answers are not rewritten before they are scored"),
        ("rubricPrompt", "it is for a judge"),
        ("provider", "it is for a judge or for embeddings"),
        ("config", "settings of a program"),
    ],
};

impl Keys {
    /// Makes a remark for each key that has no counterpart or is not known.
    pub(super) fn check(&self, node: &Node, of: &str, remarks: &mut Remarks) {
        for entry in node.entries().iter().filter(|entry| !entry.value.is_null()) {
            self.check_one(entry, of, remarks);
        }
    }

    pub(super) fn check_one(&self, entry: &Entry, of: &str, remarks: &mut Remarks) {
        let key = entry.key.as_str();
        if self.read.contains(&key) {
            return;
        }
        let name = if of.is_empty() { format!("`{key}`") } else { format!("`{key}` of {of}") };
        if let Some((_, reason)) = self.unread.iter().find(|(unread, _)| *unread == key) {
            remarks.not_translated(&entry.place, name, *reason);
        } else {
            let known = self.read.iter().chain(self.unread.iter().map(|(key, _)| key)).copied();
            let text = match nearest(key, known) {
                Some(word) => format!("unknown key; did you mean `{word}`?"),
                None => "unknown key".to_owned(),
            };
            remarks.not_translated(&entry.place, name, text);
        }
    }
}

/// Returns the known word that a misspelt one most likely stands for.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let close =
        |known: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &known.to_lowercase());
    let (distance, nearest) = known.map(|known| (close(known), known)).min()?;
    (distance <= 1 + word.chars().count() / 4).then_some(nearest)
}
