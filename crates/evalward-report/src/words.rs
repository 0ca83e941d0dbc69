//! The words of core and gate types.

use evalward_core::{ReasonKind, RunManifest, Score, Trial};
use evalward_gate::compare::{ComparisonVerdict, MetricComparison};
use evalward_gate::{Decision, GateResult, GateStatus, Summary};

use crate::number;

pub(crate) const fn reason_kind(kind: ReasonKind) -> &'static str {
    match kind {
        ReasonKind::Constraint => "constraint",
        ReasonKind::Hallucination => "hallucination",
        ReasonKind::SemanticSimilarity => "semantic_similarity",
        ReasonKind::Judge => "judge",
        ReasonKind::Metric => "metric",
    }
}

/// Returns a mark and a word, so that the line says the same without colour.
pub(crate) const fn gate_status(status: GateStatus) -> (&'static str, &'static str) {
    match status {
        GateStatus::Holds => ("✓", "holds"),
        GateStatus::Failed => ("✗", "failed"),
        GateStatus::Incomplete => ("!", "incomplete"),
        GateStatus::Inconclusive => ("?", "inconclusive"),
        GateStatus::Warned => ("?", "warning"),
        GateStatus::Skipped => ("!", "skipped"),
        GateStatus::Reported => ("–", "reported"),
        GateStatus::Deferred => ("…", "deferred"),
    }
}

pub(crate) const fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Holds => "Passed",
        Decision::Failed => "Blocked",
        Decision::Incomplete => "Incomplete",
        Decision::Inconclusive => "Inconclusive",
        Decision::Deferred => "Deferred",
    }
}

/// Returns what a comparison comes to, with what a reader must not overlook about it.
pub(crate) fn verdict(it: &MetricComparison) -> &str {
    if let Some(conclusion) = &it.conclusion {
        return conclusion;
    }
    match it.verdict {
        ComparisonVerdict::Regression => "regression",
        ComparisonVerdict::Improvement => "improvement",
        ComparisonVerdict::Equivalent => "equivalent",
        ComparisonVerdict::Trivial => "trivial",
        ComparisonVerdict::Inconclusive if it.non_inferior => "not worse",
        ComparisonVerdict::Inconclusive => "inconclusive",
        ComparisonVerdict::Invalid => "invalid",
        ComparisonVerdict::Described => "described",
    }
}

/// Returns `openai gpt-4o-mini, prompt 2026-11-03`.
pub(crate) fn subject(manifest: &RunManifest) -> String {
    let subject = &manifest.subject;
    let prompt = subject.prompt_version.as_ref().map(|version| format!("prompt {version}"));
    let from = manifest.rescored_from.as_ref().map(|run| format!("answers of run {run}"));
    let name = format!("{} {}", subject.kind, subject.name);
    [Some(name), prompt, from].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Returns `support, 62 of 662 examples`.
pub(crate) fn dataset(manifest: &RunManifest) -> String {
    let dataset = &manifest.dataset;
    let selected = dataset.selected.values().sum::<u64>();
    let available = dataset.available.values().sum::<u64>();
    let examples = if selected == available {
        number::count(selected, "example")
    } else {
        format!("{selected} of {}", number::count(available, "example"))
    };
    format!("{}, {examples}", dataset.name)
}

/// Returns what a failed score says for itself where no problem explains it.
pub(crate) fn missed(score: &Score) -> String {
    let value = number::score(score.value);
    match score.threshold {
        Some(threshold) if score.scale.lower_is_better => {
            format!("{value} is above {}", number::score(threshold))
        }
        Some(threshold) => format!("{value} is below {}", number::score(threshold)),
        None => format!("{value} does not pass"),
    }
}

/// Returns the warnings that no gate's message tells already.
pub(crate) fn untold_warnings(summary: &Summary) -> impl Iterator<Item = &str> {
    let is_told = |warning: &&String| {
        let told = |gate: &GateResult| **warning == format!("{}: {}", gate.partition, gate.message);
        summary.gates.iter().any(told)
    };
    summary.warnings.iter().filter(move |warning| !is_told(warning)).map(String::as_str)
}

/// Returns the name of a trial: the example's id, with the number of the attempt where it is repeated.
pub(crate) fn trial_name(trial: &Trial) -> String {
    match trial.trial {
        0 | 1 => trial.example_id.to_string(),
        number => format!("{} #{number}", trial.example_id),
    }
}
