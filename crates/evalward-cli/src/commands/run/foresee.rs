//! What the dataset cannot show, told before anything is paid for.

use std::collections::BTreeMap;

use evalward_config::Suite;
use evalward_core::{Digest, NoWorseThan, Partition, RunManifest, Scale};
use evalward_gate::Baseline;
use evalward_gate::compare::{ComparePolicy, ComparedScores};
use evalward_gate::power::power_of_runs;
use evalward_stats::planning::{detectable_difference, needed_examples};

use crate::baselines;
use crate::commands::scores::read_side;
use crate::commands::suite_runs;
use crate::context::Context;

/// Where a variance comes from that nobody has seen.
const ASSUMED: &str = "assuming that one in ten examples changes its outcome";

/// A variance and where it comes from.
struct Known {
    sd: f64,
    from: String,
}

/// Warns of each gate whose margin is below what the examples can show, so that it will mostly be inconclusive.
///
/// The variance is that of the latest stored runs of the suite, else that of the baseline, else assumed.
pub(super) fn foresee(
    suite: &Suite,
    manifest: &RunManifest,
    copies: &BTreeMap<Digest, String>,
    context: &Context,
) -> Vec<String> {
    if manifest.selection.is_hand_picked() {
        return Vec::new();
    }
    let policy = ComparePolicy::default();
    let mut sides: Option<Vec<ComparedScores>> = None;
    let mut warnings = Vec::new();
    for (partition, gate) in &manifest.gates {
        let Some(bar) = &gate.no_worse_than else { continue };
        let Some(n) = manifest.dataset.selected.get(partition).copied().filter(|n| *n > 1) else {
            continue;
        };
        let sides = sides.get_or_insert_with(|| stored(suite, context));
        let known = from_sides(sides, *partition, bar, "the latest stored runs")
            .or_else(|| {
                let stamp = manifest.baselines.get(&bar.baseline)?;
                let baseline = copies.get(&stamp.hash)?;
                let path = suite.baselines.get(&bar.baseline)?;
                let baseline: Baseline = baselines::parse(baseline, path).ok()?;
                from_sides(&[baseline.compared()], *partition, bar, "the baseline")
            })
            .or_else(|| assumed(bar));
        let Some(Known { sd, from }) = known else { continue };
        let margin = bar.margin.get();
        let Ok(found) = detectable_difference(n, sd, policy.alpha, policy.target_power) else {
            continue;
        };
        if found <= margin {
            continue;
        }
        let needed = needed_examples(margin, sd, policy.alpha, policy.target_power).ok().flatten();
        let needed = needed.map(|n| format!("; {n} examples would do")).unwrap_or_default();
        let what = bar.metric.as_ref().map_or("the pass rate".to_owned(), |id| format!("`{id}`"));
        warnings.push(format!(
            "the gate of `{partition}` is about a loss of {margin} of {what}, but its {n} examples find none below {found:.3} ({from}), so it will often be inconclusive{needed}"
        ));
    }
    warnings
}

/// Reads up to two stored runs of the suite; what cannot be read tells nothing.
fn stored(suite: &Suite, context: &Context) -> Vec<ComparedScores> {
    let runs = suite_runs::alike(&suite.name, context).unwrap_or_default();
    runs.iter().take(2).filter_map(|run| read_side(run).ok()).collect()
}

fn from_sides(
    sides: &[ComparedScores],
    partition: Partition,
    bar: &NoWorseThan,
    from: &str,
) -> Option<Known> {
    let (first, rest) = sides.split_first()?;
    let metric = bar.metric.clone().unwrap_or_else(|| ComparePolicy::PASS_RATE.to_owned());
    let policy = ComparePolicy {
        metrics: vec![metric],
        partitions: vec![partition],
        ..ComparePolicy::default()
    };
    let rows = power_of_runs(first, rest.first(), &policy).ok()?;
    let row = rows.first()?;
    Some(Known { sd: row.sd.get(), from: format!("by the variance in {from}") })
}

fn assumed(bar: &NoWorseThan) -> Option<Known> {
    // The scale of a metric that never scored is not known; of a pass rate it is.
    let range = match &bar.metric {
        None => Scale::FRACTION.max?.get(),
        Some(_) => return None,
    };
    Some(Known { sd: range * 0.1_f64.sqrt(), from: ASSUMED.to_owned() })
}
