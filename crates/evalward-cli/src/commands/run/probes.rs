//! Hidden probes of the judges of a suite, and what becomes of the run whose judge is swayed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use evalward_config::{Judge, Suite};
use evalward_core::{ExampleId, Scale, Seed};
use evalward_dataset::Dataset;
use evalward_gate::probe::{ProbeRecord, ProbedJudge, Susceptibility, susceptibility, suspend};
use evalward_judge::{ProbeOptions, ProbedMetric, Shown};
use evalward_pipeline::{Filter, selected_examples};
use evalward_runs::{StoredRun, rewrite, write_atomically};

use super::prepare::Prepared;
use crate::error::CliError;

/// The file of a run that holds its probes.
const FILE: &str = "probes.json";

/// A judge that is probed in a run.
pub(crate) struct ActiveProbe {
    metric: String,
    probed: Arc<ProbedMetric>,
    scale: Scale,
    sees_facts: bool,
}

impl ActiveProbe {
    /// Returns the examples that are probed.
    pub(super) fn examples(&self) -> Vec<ExampleId> {
        self.probed.examples()
    }
}

/// Wraps the metrics of a suite whose judges are to be probed.
pub(crate) fn wrap(
    suite: &mut Suite,
    dataset: &Dataset,
    filter: &Filter,
) -> Result<Vec<ActiveProbe>, CliError> {
    let Some(count) = suite.probes() else { return Ok(Vec::new()) };
    let count = usize::try_from(count.get()).unwrap_or(usize::MAX);
    let mut judges: Vec<(usize, Judge)> = Vec::new();
    for (index, metric) in suite.metrics.iter().enumerate() {
        judges.extend(suite.judge_of(&metric.id)?.map(|judge| (index, judge)));
    }
    // A shard probes what falls to it of the examples that the whole run would probe.
    let mut whole = filter.clone();
    whole.selection.shard = None;
    let mut active = Vec::new();
    for (index, judge) in judges {
        let Some(metric) = suite.metrics.get_mut(index) else { continue };
        let mut ids: Vec<ExampleId> = Vec::new();
        for example in selected_examples(dataset, &whole) {
            let example = example.map_err(CliError::input)?;
            if metric.applies.reason_to_skip(&example).is_none() {
                ids.push(example.id);
            }
        }
        let seed = Seed::from_number(0).derive("probes").derive(&metric.id);
        let sees_context = judge.sees(Shown::Context);
        let options = ProbeOptions::choose(ids, count, seed, sees_context);
        let probed = Arc::new(ProbedMetric::new(Arc::clone(&metric.metric), options));
        let scale = probed_scale(&probed);
        active.push(ActiveProbe {
            metric: metric.id.clone(),
            probed: Arc::clone(&probed),
            scale,
            sees_facts: sees_context || judge.sees(Shown::Reference),
        });
        metric.metric = probed;
    }
    Ok(active)
}

fn probed_scale(probed: &ProbedMetric) -> Scale {
    evalward_core::Metric::scale(probed)
}

/// Writes what the probes showed, and takes the word of judges that are swayed from the rows and the manifest.
pub(crate) fn finish(prepared: &Prepared, stored: StoredRun) -> Result<StoredRun, CliError> {
    if prepared.probes.is_empty() {
        return Ok(stored);
    }
    let bound = prepared.suite.max_swayed();
    let judges: Vec<ProbedJudge> = prepared
        .probes
        .iter()
        .map(|probe| {
            let pairs = probe.probed.pairs();
            let susceptibility =
                susceptibility(&probe.metric, probe.scale, &pairs, (bound, probe.sees_facts));
            ProbedJudge { scale: probe.scale, susceptibility, pairs }
        })
        .collect();
    conclude(&ProbeRecord { format: ProbeRecord::FORMAT, judges }, stored)
}

/// Keeps a record in a run's folder and draws its consequence; one shard cannot tell, so that its merge does.
fn conclude(record: &ProbeRecord, stored: StoredRun) -> Result<StoredRun, CliError> {
    let text = serde_json::to_string_pretty(record).map_err(CliError::incomplete)?;
    write_atomically(&stored.folder().join(FILE), format!("{text}\n").as_bytes())
        .map_err(CliError::incomplete)?;
    if stored.manifest().selection.shard.is_some() {
        return Ok(stored);
    }
    let mut manifest = stored.manifest().clone();
    let mut suspended: Vec<String> = Vec::new();
    for judge in &record.judges {
        let Susceptibility { metric, suspended: Some(reason), .. } = &judge.susceptibility else {
            continue;
        };
        if let Some(stamp) = manifest.metrics.get_mut(metric).filter(|stamp| stamp.gating) {
            stamp.gating = false;
            stamp.suspended = Some(reason.clone());
            suspended.push(metric.clone());
        }
    }
    if suspended.is_empty() {
        return Ok(stored);
    }
    let names: Vec<&str> = suspended.iter().map(String::as_str).collect();
    rewrite(&stored, &manifest, |trial| suspend(trial, &names)).map_err(CliError::incomplete)
}

/// Whether a run ended before what its probes showed was evaluated, so that a swayed judge may still decide.
pub(crate) fn is_unprobed(stored: &StoredRun) -> bool {
    stored.manifest().probes.is_some() && !stored.folder().join(FILE).is_file()
}

/// Puts the probes of shards together, and draws the consequence for the run that they make.
pub(crate) fn merge(shards: &[StoredRun], merged: StoredRun) -> Result<StoredRun, CliError> {
    let mut judges: BTreeMap<String, ProbedJudge> = BTreeMap::new();
    for shard in shards {
        for judge in read(shard)?.map(|record| record.judges).unwrap_or_default() {
            match judges.entry(judge.susceptibility.metric.clone()) {
                Entry::Vacant(entry) => drop(entry.insert(judge)),
                Entry::Occupied(mut entry) => entry.get_mut().pairs.extend(judge.pairs),
            }
        }
    }
    if judges.is_empty() {
        return Ok(merged);
    }
    let judges = judges.into_values().map(|mut judge| {
        judge.pairs.sort_by(|left, right| {
            (&left.example_id, left.kind).cmp(&(&right.example_id, right.kind))
        });
        let Susceptibility { metric, bound, sees_facts, .. } = &judge.susceptibility;
        let figures = susceptibility(metric, judge.scale, &judge.pairs, (*bound, *sees_facts));
        ProbedJudge { susceptibility: figures, ..judge }
    });
    conclude(&ProbeRecord { format: ProbeRecord::FORMAT, judges: judges.collect() }, merged)
}

/// Reads what the probes of a stored run came to; nothing where it has none.
pub(crate) fn stored_probes(stored: &StoredRun) -> Result<Vec<Susceptibility>, CliError> {
    let judges = read(stored)?.map(|record| record.judges).unwrap_or_default();
    Ok(judges.into_iter().map(|judge| judge.susceptibility).collect())
}

fn read(stored: &StoredRun) -> Result<Option<ProbeRecord>, CliError> {
    let path = stored.folder().join(FILE);
    if !path.is_file() {
        return Ok(None);
    }
    let unreadable = |error: &dyn std::error::Error| {
        CliError::input(format!("failed to read `{}`: {error}", path.display()))
            .with_hint("run the suite again")
    };
    let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&error))?;
    serde_json::from_str(&text).map(Some).map_err(|error| unreadable(&error))
}
