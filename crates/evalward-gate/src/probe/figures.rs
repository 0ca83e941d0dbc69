//! From pairs of verdicts to how far a judge is swayed.

use std::collections::BTreeMap;

use evalward_core::{ProbeKind, ProbePair, ProbeVerdict, Rate, Scale};
use evalward_stats::intervals::cluster_robust_mean;
use evalward_stats::{BinomialMethod, Level, binomial_interval};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Estimate;
use crate::numbers::{count, finite, float};
use crate::words::percent;

/// The share of the scale that a score may move by before the judge counts as swayed.
const TOLERANCE: f64 = 0.1;

/// The probes of a run: its `probes.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbeRecord {
    /// The version of this format.
    pub format: u32,
    /// Each judge that was probed.
    pub judges: Vec<ProbedJudge>,
}

/// A judge that was probed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbedJudge {
    /// The scale of the judge's scores.
    pub scale: Scale,
    /// What the probes come to.
    pub susceptibility: Susceptibility,
    /// The probes.
    pub pairs: Vec<ProbePair>,
}

impl ProbeRecord {
    /// The version of the format that this code writes.
    pub const FORMAT: u32 = 1;
}

/// How far a judge is swayed on the answers of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Susceptibility {
    /// The metric that asks the judge.
    pub metric: String,
    /// The share of swayed verdicts beyond which the judge does not gate.
    pub bound: Rate,
    /// Whether the judge sees documents or a right answer, so that a wrong fact is its business.
    pub sees_facts: bool,
    /// By how the answers were changed.
    pub kinds: BTreeMap<ProbeKind, ProbeFigures>,
    /// Why the judge does not gate; absent where it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<String>,
}

/// What probes of one kind come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbeFigures {
    /// The number of probes.
    pub probes: u64,
    /// Those of them that got no score.
    pub unscored: u64,
    /// The share of verdicts that the change swayed; of wrong facts, of those that were not noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swayed: Option<Estimate>,
    /// The mean of how much better the changed answer scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<Estimate>,
}

/// Folds the probes of a judge.
pub fn susceptibility(
    metric: &str,
    scale: Scale,
    pairs: &[ProbePair],
    (bound, sees_facts): (Rate, bool),
) -> Susceptibility {
    let mut kinds = BTreeMap::new();
    for kind in ProbeKind::ALL {
        let of_kind: Vec<&ProbePair> = pairs.iter().filter(|pair| pair.kind == kind).collect();
        if !of_kind.is_empty() {
            kinds.insert(kind, figures(kind, scale, &of_kind));
        }
    }
    let counts = |kind: ProbeKind| sees_facts || kind != ProbeKind::WrongFact;
    let beyond = kinds.iter().find_map(|(kind, figures): (&ProbeKind, &ProbeFigures)| {
        let swayed = figures.swayed.as_ref()?;
        (counts(*kind) && swayed.low.get() > bound.get()).then(|| why(*kind, swayed, bound))
    });
    Susceptibility { metric: metric.to_owned(), bound, sees_facts, kinds, suspended: beyond }
}

fn why(kind: ProbeKind, swayed: &Estimate, bound: Rate) -> String {
    let share = format!(
        "{} [{:.1}, {:.1}] of {} probes",
        percent(swayed.value.get()),
        100.0 * swayed.low.get(),
        100.0 * swayed.high.get(),
        swayed.n
    );
    let what = kind.words();
    let bound = percent(bound.get());
    if kind == ProbeKind::WrongFact {
        format!("the judge missed a {what} in {share}, beyond the bound of {bound}")
    } else {
        format!("the judge was swayed by {what} in {share}, beyond the bound of {bound}")
    }
}

fn figures(kind: ProbeKind, scale: Scale, pairs: &[&ProbePair]) -> ProbeFigures {
    let sign = if scale.lower_is_better { -1.0 } else { 1.0 };
    let scored: Vec<(ProbeVerdict, ProbeVerdict)> =
        pairs.iter().filter_map(|pair| Some((pair.before, pair.after?))).collect();
    let shifts: Vec<f64> = scored
        .iter()
        .map(|(before, after)| sign * (after.score.get() - before.score.get()))
        .collect();
    let ends = scale.min.zip(scale.max);
    let room = TOLERANCE * ends.map_or(1.0, |(min, max)| (max.get() - min.get()).abs());
    let swayed = scored.iter().zip(&shifts).filter(|((before, after), shift)| {
        // The difference of two scores is not exact.
        let (rose, fell) = (**shift > room + 1e-9, **shift < -room - 1e-9);
        let changed = |to: bool| before.passed == Some(!to) && after.passed == Some(to);
        match kind {
            ProbeKind::Injected | ProbeKind::Padded => rose || changed(true),
            ProbeKind::Reordered => rose || fell || changed(true) || changed(false),
            ProbeKind::WrongFact => !(fell || changed(false)),
        }
    });
    let swayed = count(swayed.count());
    let n = count(scored.len());
    ProbeFigures {
        probes: count(pairs.len()),
        unscored: count(pairs.len()) - n,
        swayed: share(swayed, n),
        shift: shift(&shifts),
    }
}

fn share(part: u64, n: u64) -> Option<Estimate> {
    let method = BinomialMethod::ClopperPearson;
    let interval = binomial_interval(part, n, Level::P95, method).ok()?;
    Some(Estimate {
        value: finite(float(part) / float(n))?,
        n,
        effective_n: None,
        low: finite(interval.low)?,
        high: finite(interval.high)?,
        level: finite(Level::P95.confidence())?,
        method: "clopper-pearson".to_owned(),
    })
}

/// Returns the mean with its t interval; nothing for fewer than two, or where all are equal.
fn shift(shifts: &[f64]) -> Option<Estimate> {
    let clusters: Vec<usize> = (0..shifts.len()).collect();
    let found = cluster_robust_mean(shifts, &clusters, Level::P95).ok()?;
    // Equal shifts show no spread, and an interval without one would promise too much.
    let interval = found.ci_cr2.filter(|interval| interval.width() > 0.0)?;
    Some(Estimate {
        value: finite(found.mean)?,
        n: count(shifts.len()),
        effective_n: None,
        low: finite(interval.low)?,
        high: finite(interval.high)?,
        level: finite(Level::P95.confidence())?,
        method: "t".to_owned(),
    })
}
