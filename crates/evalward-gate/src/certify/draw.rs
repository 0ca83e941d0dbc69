//! One run that might have been.

use std::collections::{BTreeMap, BTreeSet};
use std::num::{NonZeroU32, NonZeroUsize};
use std::thread;

use evalward_core::{ExampleId, OutcomeKind, Partition, Rate, ScoreRow, Seed, Trial};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use super::observed::{Observed, Seen, spoil};
use crate::numbers::{count, float, ratio};
use crate::{Confirming, Fold, GateError, Plan, RunScores, Summary};

/// The examples of a partition, by what is drawn together.
struct Pool<'a> {
    partition: Partition,
    /// Whether the examples stay: an exact gate is about these examples and not about others like them.
    fixed: bool,
    /// Clusters; an example without one is a cluster of its own.
    units: Vec<Vec<(&'a ExampleId, &'a Seen)>>,
    /// The share of trials that passed.
    pass_rate: f64,
    /// The number of trials of its baseline, where those are drawn anew.
    exchanged: Option<u32>,
}

/// From what was seen to runs that might have been.
pub(crate) struct Urn<'a> {
    pools: Vec<Pool<'a>>,
    plan: &'a Plan,
    exchanged: &'a BTreeSet<String>,
}

impl<'a> Urn<'a> {
    pub(crate) fn new(
        observed: &'a Observed,
        plan: &'a Plan,
        exchanged: &'a BTreeSet<String>,
    ) -> Self {
        let pools = plan.expected.keys().map(|partition| {
            let policy = plan.gates.get(partition);
            Pool {
                partition: *partition,
                fixed: policy.is_some_and(|policy| policy.pass_rate == Some(Rate::ONE)),
                units: units(observed, *partition),
                pass_rate: pass_rate(observed, *partition),
                exchanged: policy
                    .and_then(|policy| policy.no_worse_than.as_ref())
                    .filter(|bar| exchanged.contains(&bar.baseline))
                    .and_then(|bar| plan.baselines.get(&bar.baseline))
                    .map(|baseline| baseline.repeats.get()),
            }
        });
        Self { pools: pools.collect(), plan, exchanged }
    }

    /// Returns the partitions whose pass rate is smaller than a drop.
    pub(crate) fn beyond(&self, drop: Rate) -> Vec<Partition> {
        let short = self.pools.iter().filter(|pool| pool.pass_rate < drop.get());
        short.map(|pool| pool.partition).collect()
    }

    /// Puts runs together, on all processors; each follows from the seed and its number alone.
    pub(crate) fn draw_all(
        &self,
        numbers: &[u32],
        seed: Seed,
        drop: Option<Rate>,
    ) -> Result<Vec<Summary>, GateError> {
        let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let share = numbers.len().div_ceil(workers).max(1);
        let draw = |numbers: &[u32]| -> Result<Vec<Summary>, GateError> {
            let seed = |number: &u32| seed.derive(&number.to_string()).number();
            numbers.iter().map(|number| self.draw(seed(number), drop)).collect()
        };
        thread::scope(|scope| {
            let handles: Vec<_> =
                numbers.chunks(share).map(|chunk| scope.spawn(move || draw(chunk))).collect();
            let mut summaries = Vec::with_capacity(numbers.len());
            for handle in handles {
                let drawn = handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                summaries.extend(drawn?);
            }
            Ok(summaries)
        })
    }

    /// Puts a run together and decides its gates. With a drop, passes are turned into failures by so much of the pass rate.
    fn draw(&self, seed: u64, drop: Option<Rate>) -> Result<Summary, GateError> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut plan = self.plan.clone();
        plan.companions = false;
        let mut renamed: BTreeMap<ExampleId, ExampleId> = BTreeMap::new();
        let mut redrawn = RunScores::default();
        let mut fold = Fold::for_plan(&plan);
        for pool in &self.pools {
            let spoilt = drop.map_or(0.0, |drop| (drop.get() / pool.pass_rate).min(1.0));
            let mut drawn = 0;
            for number in 0..pool.units.len() {
                let from =
                    if pool.fixed { number } else { random.random_range(0..pool.units.len()) };
                let unit = (pool.units[from].len() > 1).then_some(number);
                for (id, seen) in &pool.units[from] {
                    let spoil = random.random::<f64>() < spoilt;
                    let name = name(pool.partition, number, drawn);
                    drawn += 1;
                    let mut hand = Hand::new(seen, &name, unit);
                    if let Some(trials) = pool.exchanged {
                        hand.deal(trials, plan.repeats, &mut redrawn, &mut random)?;
                    }
                    for trial in hand.trials(&plan, spoil, &mut random) {
                        fold.push(&trial)?;
                    }
                    renamed.insert(name, (*id).clone());
                }
            }
            plan.expected.insert(pool.partition, drawn);
        }
        for (path, baseline) in &mut plan.baselines {
            if self.exchanged.contains(path) {
                baseline.scores = redrawn.clone();
            } else {
                rename(&mut baseline.scores, &renamed);
            }
        }
        fold.finish(&plan)
    }
}

fn units(observed: &Observed, partition: Partition) -> Vec<Vec<(&ExampleId, &Seen)>> {
    let mut clusters: BTreeMap<&str, Vec<(&ExampleId, &Seen)>> = BTreeMap::new();
    for (id, seen) in observed.of(partition) {
        let cluster = seen.cluster.as_deref().unwrap_or(id.as_str());
        clusters.entry(cluster).or_default().push((id, seen));
    }
    let mut units: Vec<_> = clusters.into_values().collect();
    units.sort_by_key(|unit| unit.iter().any(|(_, seen)| seen.cluster.is_some()));
    units
}

fn pass_rate(observed: &Observed, partition: Partition) -> f64 {
    let shares: Vec<f64> = observed
        .of(partition)
        .map(|(_, seen)| seen.counts())
        .filter(|[passed, failed]| passed + failed > 0)
        .map(|[passed, failed]| ratio(passed, passed + failed))
        .collect();
    if shares.is_empty() { 0.0 } else { shares.iter().sum::<f64>() / float(count(shares.len())) }
}

/// The name of a drawn example; one that is drawn twice is two examples.
fn name(partition: Partition, unit: usize, number: u64) -> ExampleId {
    ExampleId::new(format!("{partition}-{unit}-{number}"))
        .expect("letters, digits and dashes make a valid id")
}

/// The trials of an example that a run may get.
struct Hand<'a> {
    seen: &'a Seen,
    name: &'a ExampleId,
    /// The number of its cluster, where it is not alone in it.
    unit: Option<usize>,
    /// The trials that the run gets, where they were dealt beside those of its baseline.
    dealt: Vec<usize>,
}

impl<'a> Hand<'a> {
    fn new(seen: &'a Seen, name: &'a ExampleId, unit: Option<usize>) -> Self {
        Self { seen, name, unit, dealt: Vec::new() }
    }

    fn trial(&self, index: usize, number: u32) -> Trial {
        let mut trial = self.seen.trials[index].clone();
        trial.example_id = self.name.clone();
        trial.trial = number;
        trial.cluster = self.unit.map(|unit| format!("cluster {unit}"));
        trial
    }

    /// Deals the trials of the baseline and of the run from one deck that has each trial equally often: where enough were seen,
    /// none is on both sides, so that the two differ by as much as two runs do.
    fn deal(
        &mut self,
        baseline: u32,
        run: NonZeroU32,
        scores: &mut RunScores,
        random: &mut Xoshiro256PlusPlus,
    ) -> Result<(), GateError> {
        let size = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        let seen = self.seen.trials.len();
        let copies = size(baseline.saturating_add(run.get())).div_ceil(seen);
        let mut deck: Vec<usize> = (0..copies).flat_map(|_| 0..seen).collect();
        let mut take = || deck.swap_remove(random.random_range(0..deck.len()));
        for number in 1..=baseline {
            scores.push(&ScoreRow::from(&self.trial(take(), number)))?;
        }
        self.dealt = (0..run.get()).map(|_| take()).collect();
        Ok(())
    }

    /// Draws as many trials as a run makes, and those that confirm a failure.
    fn trials(&self, plan: &Plan, spoilt: bool, random: &mut Xoshiro256PlusPlus) -> Vec<Trial> {
        let mut dealt = self.dealt.iter().copied();
        let mut draw = |number: u32| {
            let index =
                dealt.next().unwrap_or_else(|| random.random_range(0..self.seen.trials.len()));
            let mut trial = self.trial(index, number);
            if spoilt && trial.outcome.kind() == OutcomeKind::Passed {
                spoil(&mut trial);
            }
            trial
        };
        let repeats = plan.repeats;
        let mut trials: Vec<Trial> = (1..=repeats.get()).map(&mut draw).collect();
        let confirm = trials.first().and_then(|it| plan.gates.get(&it.partition)?.confirm);
        let Some(confirm) = confirm else { return trials };
        let mut confirming = Confirming::default();
        for trial in &trials {
            confirming.push(trial);
        }
        let mut number = repeats.get();
        while confirming.needs_another(confirm, repeats) {
            number += 1;
            let mut trial = draw(number);
            trial.confirms = true;
            confirming.push(&trial);
            trials.push(trial);
        }
        trials
    }
}

/// Gives the examples of a baseline the names that they were drawn under.
fn rename(scores: &mut RunScores, renamed: &BTreeMap<ExampleId, ExampleId>) {
    let examples = std::mem::take(&mut scores.examples);
    scores.examples = renamed
        .iter()
        .filter_map(|(name, id)| Some((name.clone(), examples.get(id)?.clone())))
        .collect();
}
