//! What a comparison says beside its tables, a line each.

use evalward_core::{ExampleId, Finite};
use evalward_gate::GateStatus;
use evalward_gate::compare::{
    ComparedRun, ComparisonVerdict, MetricComparison, MetricRole, Overlap, Procedure, RunComparison,
};

use super::table::{Amount, interval_title};
use crate::number;
use crate::text::{append, one_line};

/// The number of ids that a line names.
const MAX_IDS: usize = 8;

/// Writes `20261103-142207-00beef, openai gpt-4o-mini, prompt 2026-11-03`.
pub(crate) fn run(run: &ComparedRun) -> String {
    let prompt = run.prompt_version.as_ref().map(|version| format!(", prompt {version}"));
    one_line(&format!("{}, {}{}", run.run_id, run.subject, prompt.unwrap_or_default()))
}

/// Writes `60 examples (100.0 % of the smaller run)`, and what is not paired.
pub(crate) fn overlap(overlap: &Overlap) -> String {
    let mut text = format!(
        "{} ({} of the smaller run)",
        number::count(overlap.paired, "example"),
        number::percent(overlap.share)
    );
    for (ids, word) in
        [(&overlap.added, "added"), (&overlap.removed, "removed"), (&overlap.changed, "changed")]
    {
        if !ids.is_empty() {
            append(&mut text, format_args!(", {} {word}", ids.len()));
        }
    }
    text
}

/// Names what is not paired.
pub(crate) fn unpaired(overlap: &Overlap) -> Vec<String> {
    [
        ("added", &overlap.added, "only the candidate has them"),
        ("removed", &overlap.removed, "only the baseline has them"),
        ("changed", &overlap.changed, "their content differs"),
    ]
    .into_iter()
    .filter(|(_, ids, _)| !ids.is_empty())
    .map(|(word, ids, why)| format!("{word}: {} ({why})", id_list(ids)))
    .collect()
}

fn id_list(ids: &[ExampleId]) -> String {
    let mut names: Vec<String> = ids.iter().take(MAX_IDS).map(|id| one_line(id.as_str())).collect();
    if ids.len() > MAX_IDS {
        names.push(format!("and {} more", ids.len() - MAX_IDS));
    }
    names.join(", ")
}

/// Says how the numbers of the tables are to be read.
pub(crate) fn legend(comparison: &RunComparison) -> String {
    let (n, p) = match comparison.procedure {
        Procedure::Paired => {
            ("pairs of examples", "that nothing got worse, corrected for the number of comparisons")
        }
        Procedure::Welch => {
            ("scores of the smaller side", "of Welch's test for any difference, not corrected")
        }
    };
    let is_two_sided = comparison.procedure == Procedure::Paired
        && comparison.metrics.iter().any(|it| it.role == MetricRole::Exploratory);
    let others = if is_two_sided { "; of what is only reported: that nothing changed" } else { "" };
    format!(
        "difference: candidate - baseline, positive where the candidate is better, with its {}; n: {n}; p: {p}{others}",
        interval_title(comparison)
    )
}

/// Says what a comparison needs to be understood: what it would take to know, what errored, what was corrected.
pub(crate) fn notes(it: &MetricComparison) -> Vec<String> {
    let mut notes = Vec::new();
    if it.conclusion.is_some() {
        return it.notes.clone();
    }
    if it.verdict == ComparisonVerdict::Regression {
        notes.push(loss(it));
    }
    // Without a difference the comparison's own notes say why there is none.
    if it.verdict == ComparisonVerdict::Inconclusive && it.difference.is_some() {
        notes.push(evidence(it));
    }
    if let Some(worst) = &it.worst_case {
        let amount = Amount::of(it);
        notes.push(format!(
            "{} errored: whatever they would have scored, the difference lies between {} and {}{}",
            number::count(worst.errored, "example"),
            amount.signed(worst.low),
            amount.signed(worst.high),
            if it.status == GateStatus::Incomplete {
                ", so that a loss may hide there"
            } else {
                ""
            },
        ));
    }
    if it.baseline_trials + it.candidate_trials > 2 * it.n {
        notes.push(format!(
            "{} and {} trials, averaged for each example",
            it.baseline_trials, it.candidate_trials
        ));
    }
    if it.companions.as_ref().is_some_and(|companions| companions.ranks_disagree) {
        notes.push("ranks and means disagree about the direction: look at the examples".to_owned());
    }
    notes.extend(it.notes.iter().cloned());
    notes
}

fn loss(it: &MetricComparison) -> String {
    let amount = Amount::of(it);
    match (it.confirmed, it.high) {
        (true, _) => "the loss is at least the margin".to_owned(),
        (false, Some(high)) => {
            let least = Finite::new(-high.get()).unwrap_or_default();
            format!("the loss is at least {}", amount.plain(least))
        }
        (false, None) => "there is a loss".to_owned(),
    }
}

fn evidence(it: &MetricComparison) -> String {
    let amount = Amount::of(it);
    let margin = it.margin.map_or_else(|| "the margin".to_owned(), |margin| amount.plain(margin));
    if it.non_inferior {
        return format!("a loss of {margin} is excluded, a gain of as much is not");
    }
    let chance = it.power.map_or_else(String::new, |power| {
        format!(", which find it in {} of cases", number::percent(power))
    });
    match it.n_required {
        Some(needed) if needed > it.n => {
            format!(
                "to find a loss of {margin} it takes about {needed} examples ({} now{chance})",
                it.n
            )
        }
        _ => format!(
            "{} can neither show nor exclude a loss of {margin}",
            number::count(it.n, "example")
        ),
    }
}

/// Says how the answers' lengths changed, where they did.
pub(crate) fn lengths(comparison: &RunComparison) -> Vec<String> {
    comparison
        .lengths
        .iter()
        .filter_map(|it| {
            let percent = it.notable_percent()?;
            let word = if percent > 0 { "longer" } else { "shorter" };
            Some(format!(
                "{}: answers are {} % {word}, {:.0} to {:.0} characters on average",
                it.partition,
                percent.abs(),
                it.baseline_mean.get(),
                it.candidate_mean.get()
            ))
        })
        .collect()
}

/// Names the metrics that only one run has.
pub(crate) fn uncompared(comparison: &RunComparison) -> Vec<String> {
    comparison
        .uncompared
        .iter()
        .map(|it| format!("{} is not compared: {}", it.metric, it.cause))
        .collect()
}

/// Writes `right in golden`.
pub(crate) fn name(it: &MetricComparison) -> String {
    one_line(&format!("{} in {}", it.what, it.partition))
}

/// Returns the title of the comparisons of a role.
pub(crate) const fn role(role: MetricRole) -> &'static str {
    match role {
        MetricRole::Blocking => "decides",
        MetricRole::Exploratory => "only reported",
    }
}
