//! What many runs that might have been come to.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use evalward_core::{Finite, Partition, Rate, RunId, Seed};
use evalward_stats::{BinomialMethod, Level, StatsError, binomial_interval};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::draw::Urn;
use super::{Observed, Unstable};
use crate::numbers::{count, finite, ratio};
use crate::{Decision, GateError, GateStatus, Plan, Summary};

/// How a suite is certified.
#[derive(Clone, Debug, PartialEq)]
pub struct CertifyOptions {
    /// The number of runs that are put together for each question.
    pub resamples: NonZeroU32,
    /// The drops of the pass rate that are planted.
    pub drops: Vec<Rate>,
    /// Where the draws start.
    pub seed: Seed,
    /// The baselines that the same subject set, by their paths in the gates. Their trials are drawn anew, from those that the
    /// run does not get: such a baseline has noise of its own, and is often one of the runs that were seen.
    pub exchanged: BTreeSet<String>,
}

/// How often a suite's gates err.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The version of this format.
    pub format: u32,
    /// The runs that it rests on.
    pub runs: Vec<RunId>,
    /// The number of examples.
    pub examples: u64,
    /// The smallest number of trials that were seen of an example and did not error.
    pub fewest_trials: u64,
    /// The number of runs that were put together for each question.
    pub resamples: u32,
    /// What becomes of changes that change nothing.
    pub no_change: Shares,
    /// What becomes of real drops.
    pub drops: Vec<PlantedDrop>,
    /// Examples that do not come out the same each time: what blocks changes that change nothing.
    pub unstable: Vec<Unstable>,
}

/// A planted drop and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlantedDrop {
    /// By how much the pass rate of each partition falls.
    pub drop: Rate,
    /// Partitions whose pass rate is smaller than the drop, so that it falls to 0 instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beyond: Vec<Partition>,
    /// What became of it.
    pub shares: Shares,
}

/// What became of the runs that were put together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    /// A gate failed.
    pub blocked: Share,
    /// The evidence was too thin for a gate.
    pub inconclusive: Share,
    /// The evaluation was not complete: an example errored.
    pub incomplete: Share,
    /// All gates held.
    pub held: Share,
    /// What each gate did.
    pub gates: Vec<GateShare>,
}

/// What a gate did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateShare {
    /// Its partition.
    pub partition: Partition,
    /// Whether it is the comparison with a baseline.
    pub against_baseline: bool,
    /// The gate failed.
    pub blocked: Share,
    /// The gate was the only one that failed.
    pub blocked_alone: Share,
    /// The evidence was too thin, whether that fails or warns.
    pub inconclusive: Share,
}

/// A share of the runs that were put together, with its 95 % Clopper-Pearson interval: it tells of the number of draws alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The number of runs.
    pub count: u64,
    /// Their share.
    pub value: Finite,
    /// The lower end of the interval.
    pub low: Finite,
    /// The upper end.
    pub high: Finite,
}

/// Why nothing is certified.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertifyError {
    /// One trial of an example knows no noise between runs.
    #[error("some example has {found} trial, and one trial knows no run-to-run noise")]
    TooFewTrials {
        /// The smallest number of trials that an example has.
        found: usize,
    },
    /// A run could not be decided.
    #[error("failed to decide a run that was put together")]
    Gate(#[from] GateError),
    /// A share has no interval.
    #[error("failed to compute the interval of a share")]
    Statistic(#[from] StatsError),
}

impl Certificate {
    /// The version of the format that this code writes.
    pub const FORMAT: u32 = 1;
}

/// How many runs are put together between two words about the progress.
const BLOCK: usize = 100;

/// Puts runs together from what was seen, without a change and with planted drops, and counts what the gates of the plan say.
///
/// Examples of partitions with an exact gate stay, since that gate is about them; of the others, clusters are drawn with
/// replacement, and of each example as many trials as a run makes, from those that were seen. `progress` is told the number of
/// runs done and of all.
///
/// # Errors
/// [`CertifyError`] where an example was seen only once.
pub fn certify(
    observed: &Observed,
    runs: Vec<RunId>,
    plan: &Plan,
    options: &CertifyOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Certificate, CertifyError> {
    let fewest = observed.fewest_trials();
    if fewest < 2 {
        return Err(CertifyError::TooFewTrials { found: fewest });
    }
    let urn = Urn::new(observed, plan, &options.exchanged);
    let resamples = options.resamples.get();
    let all = (1 + count(options.drops.len())) * u64::from(resamples);
    let mut done = 0;
    let mut answer = |drop: Option<Rate>, label: &str| -> Result<Shares, CertifyError> {
        let seed = options.seed.derive(label);
        let mut tally = Tally::default();
        for start in (0..resamples).step_by(BLOCK) {
            let block: Vec<u32> = (start..resamples).take(BLOCK).collect();
            for summary in urn.draw_all(&block, seed, drop)? {
                tally.add(&summary);
            }
            done += count(block.len());
            progress(done, all);
        }
        tally.shares(u64::from(resamples))
    };
    let no_change = answer(None, "no change")?;
    let drops = options
        .drops
        .iter()
        .map(|drop| {
            let shares = answer(Some(*drop), &format!("drop {}", drop.get()))?;
            Ok(PlantedDrop { drop: *drop, beyond: urn.beyond(*drop), shares })
        })
        .collect::<Result<_, CertifyError>>()?;
    Ok(Certificate {
        format: Certificate::FORMAT,
        runs,
        examples: count(observed.examples()),
        fewest_trials: count(fewest),
        resamples,
        no_change,
        drops,
        unstable: observed.unstable(),
    })
}

#[derive(Default)]
struct Tally {
    decisions: [u64; 4],
    gates: BTreeMap<(Partition, bool), [u64; 3]>,
}

impl Tally {
    fn add(&mut self, summary: &Summary) {
        let [blocked, inconclusive, incomplete, held] = &mut self.decisions;
        *match summary.decision {
            Decision::Failed => blocked,
            Decision::Inconclusive => inconclusive,
            Decision::Incomplete => incomplete,
            Decision::Holds | Decision::Deferred => held,
        } += 1;
        let failed = summary.gates.iter().filter(|gate| gate.status == GateStatus::Failed).count();
        // A gate that is skipped does nothing, and a column of zeros would look as if it held.
        for gate in summary.gates.iter().filter(|gate| gate.status != GateStatus::Skipped) {
            let key = (gate.partition, gate.against_baseline);
            let [blocked, alone, thin] = self.gates.entry(key).or_default();
            match gate.status {
                GateStatus::Failed => {
                    *blocked += 1;
                    *alone += u64::from(failed == 1);
                }
                GateStatus::Inconclusive | GateStatus::Warned => *thin += 1,
                _ => {}
            }
        }
    }

    fn shares(&self, n: u64) -> Result<Shares, CertifyError> {
        let [blocked, inconclusive, incomplete, held] = self.decisions;
        let share = |count| share(count, n);
        let gates = self.gates.iter().map(|((partition, against_baseline), counts)| {
            let [blocked, alone, thin] = *counts;
            Ok(GateShare {
                partition: *partition,
                against_baseline: *against_baseline,
                blocked: share(blocked)?,
                blocked_alone: share(alone)?,
                inconclusive: share(thin)?,
            })
        });
        Ok(Shares {
            blocked: share(blocked)?,
            inconclusive: share(inconclusive)?,
            incomplete: share(incomplete)?,
            held: share(held)?,
            gates: gates.collect::<Result<_, StatsError>>()?,
        })
    }
}

fn share(part: u64, n: u64) -> Result<Share, StatsError> {
    let interval = binomial_interval(part, n, Level::P95, BinomialMethod::ClopperPearson)?;
    let number = |value: f64| finite(value).unwrap_or_default();
    Ok(Share {
        count: part,
        value: number(ratio(part, n)),
        low: number(interval.low),
        high: number(interval.high),
    })
}
