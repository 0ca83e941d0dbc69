//! Everything before the first call: suite, dataset, selection, tape, subject, gates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use evalward_config::{BuildOptions, BuiltSubject, LoadOptions, Suite, load};
use evalward_core::{
    Digest, ExampleId, GatePolicy, Meter, Outcome, Partition, RunId, RunManifest, SampleSize, Seed,
    Selection, SuiteMetric, SuiteStamp, visible,
};
use evalward_dataset::{CheckReport, Dataset, Severity};
use evalward_models::{CallCache, Tape};
use evalward_pipeline::{Filter, Preflight, PreflightError, draw_sample, preflight};
use evalward_runs::StoredRun;
use rand::TryRng;
use rand::rngs::SysRng;

use super::foresee::foresee;
use super::probes::{self, ActiveProbe};
use super::{RunArgs, StoredAnswers, resume};
use crate::baselines;
use crate::commands::calibration;
use crate::context::Context;
use crate::error::CliError;

/// A run that is ready to start.
pub(crate) struct Prepared {
    /// The texts of the baselines, by their hashes; the run's folder keeps them.
    pub(crate) baselines: BTreeMap<Digest, String>,
    pub(crate) suite: Suite,
    pub(crate) dataset: Dataset,
    pub(crate) filter: Filter,
    pub(crate) subject: BuiltSubject,
    pub(crate) tape: Tape,
    pub(crate) cache: Option<CallCache>,
    pub(crate) manifest: RunManifest,
    /// The judges that score the frozen answers.
    pub(crate) canary_judges: Vec<SuiteMetric>,
    pub(crate) warnings: Vec<String>,
    pub(crate) probes: Vec<ActiveProbe>,
    /// What counts the calls.
    pub(crate) meter: Meter,
    /// The run that is gone on with.
    pub(crate) resumed: Option<StoredRun>,
}

/// What is prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To find mistakes only.
    Check,
    /// To run.
    Run,
}

/// What is wanted of a suite.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// The variant; the suite alone by default.
    pub(crate) variant: Option<&'a str>,
    pub(crate) purpose: Purpose,
    /// The answers that are scored in place of those of the suite's subject.
    pub(crate) answers: Option<&'a StoredAnswers>,
}

/// Reads and checks everything; nothing is called yet.
pub(crate) fn prepare(
    args: &RunArgs,
    Wanted { variant, purpose, answers }: Wanted<'_>,
    context: &mut Context,
) -> Result<Prepared, CliError> {
    let options = LoadOptions {
        overrides: args.set.clone(),
        variant: variant.map(str::to_owned),
        environment: context.lookup(),
    };
    let mut suite = load(&args.suite, &options)?;
    let dataset = Dataset::open(&suite.dataset).map_err(|error| {
        let hint = error.hint();
        CliError::input(error).with_hint_if(hint)
    })?;
    let (filter, mut warnings) = match answers {
        Some(answers) => answers.filter(&dataset)?,
        None => (filter(args, &suite, &dataset, context)?, Vec::new()),
    };
    let (tape, offline) = tape(args, &suite, purpose)?;
    let entropy = entropy()?;
    let meter = Meter::default();
    let cache = (!args.calls.no_cache).then(|| context.cache());
    let build = BuildOptions {
        tape: tape.clone(),
        offline,
        clock: Arc::clone(&context.clock),
        seed: Seed::from_number(entropy),
        cache: cache.clone(),
        models: context.models.clone(),
        meter: meter.clone(),
        ..BuildOptions::default()
    };
    let subject = match answers {
        Some(answers) => answers.subject(Arc::clone(&context.clock)),
        None => suite.build_subject(&build)?,
    };
    suite.metrics = suite.build_metrics(&build)?;
    let canary_judges = suite.build_canary_judges(&build)?;
    let checked =
        preflight(&dataset, &filter, subject.subject.as_ref(), &suite.metrics, &suite.gates)
            .map_err(|error| refused(error, context))?;
    warnings.extend(suite.warnings.iter().cloned());
    warnings.extend(checked.warnings.iter().cloned());
    warnings.extend(missing_bar(&suite, &checked));
    warnings.extend(dataset_warnings(&checked.findings, &suite));
    let run_id =
        context.runs.new_id(context.clock.now(), u32::try_from(entropy >> 32).unwrap_or(0));
    let mut manifest = manifest(args, &suite, run_id, &filter.selection, &subject, checked);
    if let Some(answers) = answers {
        warnings.extend(as_rescored(&mut manifest, &answers.manifest));
    }
    let baselines = baselines::find(&suite, &manifest, &dataset, &filter)?;
    manifest.baselines = baselines.stamps;
    let (stamps, unreadable) = calibration::stamps(&suite, &manifest.metrics);
    manifest.calibrations = stamps;
    warnings.extend(unreadable);
    warnings.extend(baselines.warnings);
    let baselines = baselines.copies;
    warnings.extend(foresee(&suite, &manifest, &baselines, context));
    if args.strict && !warnings.is_empty() {
        return Err(too_strict(&warnings));
    }
    let probes = probes::wrap(&mut suite, &dataset, &filter)?;
    manifest.probes = suite.probes().filter(|_| !probes.is_empty());
    let resumed = match &args.resume {
        Some(name) if purpose == Purpose::Run => {
            if args.variant.is_none() && !suite.variants.is_empty() {
                return Err(resume::of_variants());
            }
            let earlier = resume::find(name, &manifest, context)?;
            manifest = resume::as_resumed(manifest, earlier.manifest());
            Some(earlier)
        }
        _ => None,
    };
    Ok(Prepared {
        baselines,
        suite,
        dataset,
        filter,
        subject,
        tape,
        cache,
        manifest,
        canary_judges,
        warnings,
        probes,
        meter,
        resumed,
    })
}

/// Says in the manifest where the answers come from: there are as many trials as there were, and none can be added.
fn as_rescored(manifest: &mut RunManifest, from: &RunManifest) -> Vec<String> {
    manifest.rescored_from = Some(from.run_id.clone());
    manifest.repeats = from.repeats;
    let mut warnings = Vec::new();
    for (partition, gate) in &mut manifest.gates {
        if gate.confirm.take().is_some() {
            warnings.push(format!(
                "`gates.{partition}.confirm` does nothing: stored answers have no fresh trials, so each failure counts at once"
            ));
        }
    }
    warnings
}

/// Makes the error of warnings that nobody is willing to live with.
fn too_strict(warnings: &[String]) -> CliError {
    let count = if warnings.len() == 1 { "a warning" } else { "warnings" };
    let lines: Vec<String> = warnings.iter().map(|warning| format!("  - {warning}")).collect();
    let error = format!("`--strict` lets no run start with {count}:\n{}", lines.join("\n"));
    CliError::input(error).with_hint("mend what they tell of, or run without `--strict`")
}

fn filter(
    args: &RunArgs,
    suite: &Suite,
    dataset: &Dataset,
    context: &Context,
) -> Result<Filter, CliError> {
    let partitions =
        if args.partition.is_empty() { suite.partitions.clone() } else { args.partition.clone() };
    let mut selection = Selection {
        partitions,
        ids: args.id.clone(),
        tags: args.tag.clone(),
        only_failed: None,
        sample: args.sample.map(|n| SampleSize { n, seed: args.seed }),
        shard: args.shard,
    };
    let mut failed_before = BTreeSet::new();
    if let Some(name) = &args.only_failed {
        let earlier = context.runs.find(name)?;
        if !earlier.is_complete() {
            let run = &earlier.manifest().run_id;
            let error = format!("run `{run}` was cut short, so not all of its failures are known");
            return Err(CliError::input(error).with_hint("run the suite without `--only-failed`"));
        }
        selection.only_failed = Some(earlier.manifest().run_id.clone());
        for trial in earlier.trials()? {
            let trial = trial?;
            if matches!(trial.outcome, Outcome::Failed(_) | Outcome::Errored(_)) {
                failed_before.insert(trial.example_id);
            }
        }
    }
    if let Some(wrong) = selection.ids.iter().find(|id| ExampleId::new(id.as_str()).is_err()) {
        return Err(CliError::input(format!("`{wrong}` is not the id of an example")));
    }
    let mut filter = Filter { selection, failed_before, only: None };
    if let Some(size) = filter.selection.sample {
        filter.only = Some(draw_sample(dataset, &filter, size).map_err(CliError::input)?);
    }
    Ok(filter)
}

/// Returns the tape and whether it answers every call, so that addresses and credentials are not needed.
fn tape(args: &RunArgs, suite: &Suite, purpose: Purpose) -> Result<(Tape, bool), CliError> {
    let replay = args
        .calls
        .replay
        .as_ref()
        .or(suite.replay.as_ref())
        .filter(|_| !args.calls.live && args.calls.record.is_none());
    let opened = match (&args.calls.record, replay) {
        // A recording is opened by one run at a time.
        (Some(_), _) if purpose == Purpose::Check => Ok((Tape::live(), false)),
        (Some(path), _) => Tape::record(path).map(|tape| (tape, false)),
        (None, Some(path)) => Tape::replay(path).map(|tape| (tape, true)),
        (None, None) => Ok((Tape::live(), false)),
    };
    opened.map_err(CliError::input)
}

fn refused(error: PreflightError, context: &mut Context) -> CliError {
    if let PreflightError::Findings(report) = &error {
        for finding in
            report.findings.iter().filter(|finding| finding.severity == Severity::Error).take(10)
        {
            // The summary that follows tells as much, should this not be readable.
            drop(writeln!(context.err(), "{}", visible(&finding.to_string())));
        }
    }
    let hint = error.hint();
    CliError::input(error).with_hint_if(hint)
}

/// Says when the examples that every release must pass are not evaluated.
fn missing_bar(suite: &Suite, checked: &Preflight) -> Vec<String> {
    let available = &checked.dataset.available;
    let bars = Partition::ALL.into_iter().filter(|it| GatePolicy::default_of(*it).is_some());
    let mut warnings: Vec<String> = bars
        .filter(|it| !suite.partitions.is_empty() && !suite.partitions.contains(it))
        .filter(|it| available.contains_key(it))
        .map(|it| format!("`suite.partitions` leaves out `{it}`, which the dataset has"))
        .collect();
    if !available.contains_key(&Partition::Golden) {
        warnings.push("the dataset has no golden examples, which are the minimum bar".to_owned());
    }
    warnings
}

fn dataset_warnings(report: &CheckReport, suite: &Suite) -> Option<String> {
    (report.warnings > 0).then(|| {
        let noun = if report.warnings == 1 { "warning" } else { "warnings" };
        format!(
            "the dataset has {} {noun}: `evalward dataset check {}`",
            report.warnings,
            suite.dataset.display()
        )
    })
}

fn manifest(
    args: &RunArgs,
    suite: &Suite,
    run_id: RunId,
    selection: &Selection,
    subject: &BuiltSubject,
    checked: Preflight,
) -> RunManifest {
    let mut gates = checked.gates;
    gates.retain(|partition, _| checked.asked_for.contains_key(partition));
    RunManifest {
        format: RunManifest::FORMAT,
        run_id,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: subject.clock.now(),
        suite: SuiteStamp {
            name: suite.name.clone(),
            variant: suite.variant.clone(),
            tier: suite.tier.name().to_owned(),
            path: suite.path.display().to_string(),
            hash: suite.hash,
        },
        dataset: checked.dataset,
        subject: subject.stamp.clone(),
        metrics: suite.metric_stamps(),
        gates,
        selection: selection.clone(),
        concurrency: args.calls.concurrency.unwrap_or(suite.concurrency).get(),
        repeats: args.repeats.unwrap_or(suite.repeats),
        baselines: BTreeMap::new(),
        rescored_from: None,
        probes: None,
        merged_from: Vec::new(),
        fail_fast: args.fail_fast,
        calibrations: BTreeMap::new(),
    }
}

/// Draws from the operating system: ids of runs and the jitter of retries must differ between machines.
fn entropy() -> Result<u64, CliError> {
    SysRng.try_next_u64().map_err(CliError::incomplete)
}
