//! What changed between two runs.

use std::collections::BTreeSet;

use evalward_core::{Confirmations, MetricStamp, Partition, RunManifest};

use crate::text::one_line;

/// What changed between two runs that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of thing it is.
    pub kind: ChangeKind,
    /// What changed, such as `model gpt-4o-mini → gpt-4o`.
    pub text: String,
}

/// A kind of thing that can move what a run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// The model, or the application.
    Model,
    /// The prompt.
    Prompt,
    /// Another setting of the subject.
    Settings,
    /// The dataset.
    Dataset,
    /// The version of a judge.
    Judge,
    /// The version of another metric, or which metrics there are.
    Metric,
    /// What a metric demands of a score.
    Threshold,
    /// The number of repeats.
    Repeats,
    /// Whether a gate confirms failures, and by how many trials.
    Confirm,
}

impl ChangeKind {
    /// Returns the word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Prompt => "prompt",
            Self::Settings => "settings",
            Self::Dataset => "dataset",
            Self::Judge => "judge",
            Self::Metric => "metric",
            Self::Threshold => "threshold",
            Self::Repeats => "repeats",
            Self::Confirm => "confirm",
        }
    }

    /// Returns whether the runs before and after it measured different things, so that no line may join them.
    pub const fn breaks_line(self) -> bool {
        match self {
            Self::Model | Self::Prompt | Self::Settings => false,
            Self::Dataset
            | Self::Judge
            | Self::Metric
            | Self::Threshold
            | Self::Repeats
            | Self::Confirm => true,
        }
    }
}

/// Lists what changed from one run to the next, of all that could move what it comes to.
pub(super) fn changes(before: &RunManifest, after: &RunManifest) -> Vec<Change> {
    let mut found = Vec::new();
    let mut add = |kind: ChangeKind, text: String| found.push(Change { kind, text });
    let prompt = |it: &RunManifest| {
        it.subject.prompt_version.as_ref().map_or_else(|| "none".to_owned(), |it| one_line(it))
    };
    let is_same_prompt = before.subject.prompt_version == after.subject.prompt_version;
    let is_same_model =
        before.subject.kind == after.subject.kind && before.subject.name == after.subject.name;
    if !is_same_model {
        add(ChangeKind::Model, model(before, after));
    }
    if !is_same_prompt {
        add(ChangeKind::Prompt, format!("prompt {} → {}", prompt(before), prompt(after)));
    }
    if is_same_model && is_same_prompt && before.subject.hash != after.subject.hash {
        add(ChangeKind::Settings, "settings of the subject".to_owned());
    }
    if before.dataset.hash != after.dataset.hash {
        add(ChangeKind::Dataset, dataset(before, after));
    }
    metrics(before, after, &mut found);
    if before.repeats != after.repeats {
        let text = format!("repeats {} → {}", before.repeats, after.repeats);
        found.push(Change { kind: ChangeKind::Repeats, text });
    }
    confirmations(before, after, &mut found);
    found
}

/// Names the gates that count failures in another way than before, which moves their pass rates.
fn confirmations(before: &RunManifest, after: &RunManifest, found: &mut Vec<Change>) {
    let of = |it: &RunManifest, partition: Partition| it.gates.get(&partition)?.confirm;
    let partitions: BTreeSet<Partition> =
        before.gates.keys().chain(after.gates.keys()).copied().collect();
    for partition in partitions {
        let [old, new] = [before, after].map(|it| of(it, partition));
        if old != new {
            let word = |it: Option<Confirmations>| {
                it.map_or_else(|| "none".to_owned(), |it| it.get().to_string())
            };
            let text = format!("confirm of {partition} {} → {}", word(old), word(new));
            found.push(Change { kind: ChangeKind::Confirm, text });
        }
    }
}

fn model(before: &RunManifest, after: &RunManifest) -> String {
    let is_model = |it: &RunManifest| matches!(it.subject.kind.as_str(), "openai" | "anthropic");
    let word = if is_model(before) && is_model(after) { "model" } else { "subject" };
    let [old, new] = [before, after].map(|it| one_line(&it.subject.name));
    if before.subject.kind == after.subject.kind {
        format!("{word} {old} → {new}")
    } else {
        format!("{word} {} {old} → {} {new}", before.subject.kind, after.subject.kind)
    }
}

fn dataset(before: &RunManifest, after: &RunManifest) -> String {
    let size = |it: &RunManifest| it.dataset.available.values().sum::<u64>();
    let (old, new) = (size(before), size(after));
    if before.dataset.name != after.dataset.name {
        let names = [before, after].map(|it| one_line(&it.dataset.name));
        format!("dataset {}", names.join(" → "))
    } else if old == new {
        format!("content of dataset {}", one_line(&after.dataset.name))
    } else {
        format!("dataset {}: {old} → {new} examples", one_line(&after.dataset.name))
    }
}

fn metrics(before: &RunManifest, after: &RunManifest, found: &mut Vec<Change>) {
    let mut add = |kind: ChangeKind, text: String| found.push(Change { kind, text });
    for (id, stamp) in &after.metrics {
        let name = one_line(id);
        let Some(earlier) = before.metrics.get(id) else {
            add(ChangeKind::Metric, format!("metric {name} is new"));
            continue;
        };
        if earlier.version != stamp.version {
            let kind = kind_of(stamp);
            add(kind, format!("version of {} {name}", kind.name()));
        }
        if !earlier.asks_the_same(stamp) {
            add(ChangeKind::Threshold, format!("what is asked of {name}"));
        }
    }
    for id in before.metrics.keys().filter(|id| !after.metrics.contains_key(*id)) {
        add(ChangeKind::Metric, format!("metric {} is gone", one_line(id)));
    }
}

fn kind_of(stamp: &MetricStamp) -> ChangeKind {
    if stamp.asks_judge() { ChangeKind::Judge } else { ChangeKind::Metric }
}
