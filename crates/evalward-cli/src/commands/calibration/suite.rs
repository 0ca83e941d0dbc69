//! The metric that is calibrated, and the suite that it is of.

use std::path::Path;
use std::sync::Arc;

use evalward_config::{
    BASE, BuildOptions, JudgesSection, LoadOptions, Suite, load, load_judge_metric,
};
use evalward_core::{Finite, Seed, SuiteMetric};
use evalward_gate::calibrate::{CalibrateOptions, CalibrationRule};
use evalward_models::{CallCache, Tape};

use super::CalibrationArgs;
use crate::commands::rescore::judge_key;
use crate::context::Context;
use crate::error::CliError;

/// A metric that can be asked, with what keeps its calls.
pub(crate) struct Source {
    /// The suite; absent where a judge is calibrated that no suite asks.
    pub(crate) suite: Option<Suite>,
    pub(crate) metric: SuiteMetric,
    /// Whether the metric is asked about the answers of a run, which other scores are stored of.
    pub(crate) asks_anew: bool,
    tape: Tape,
    cache: CallCache,
}

/// How many answers are judged at once where no suite says so.
const AT_ONCE: usize = 5;

/// Reads the suite, and builds the metric that `find` chooses.
pub(crate) fn open(
    path: &Path,
    args: &CalibrationArgs,
    find: impl FnOnce(&Suite) -> Result<SuiteMetric, CliError>,
    context: &Context,
) -> Result<Source, CliError> {
    if args.run.is_some() && (args.record.is_some() || args.replay.is_some()) {
        return Err(CliError::input(
            "`--record` and `--replay` cannot be used with `--run`, whose scores are stored and take no calls",
        )
        .with_hint("leave out `--run`, or `--record` and `--replay`"));
    }
    let suite = load(path, &load_options(args, Vec::new(), context))?;
    let found = find(&suite)?;
    build(suite, found, (args, false), context)
}

/// Reads the suite, and builds the metric that `find` chooses with another judge in place of its own.
pub(crate) fn open_with_judge(
    path: &Path,
    judge: &str,
    args: &CalibrationArgs,
    find: impl Fn(&Suite) -> Result<SuiteMetric, CliError>,
    context: &Context,
) -> Result<Source, CliError> {
    let found = find(&load(path, &load_options(args, Vec::new(), context))?)?;
    let judged = load_options(args, vec![judge_key(judge, &found.id)?], context);
    let suite = load(path, &judged)?;
    let found = find(&suite)?;
    build(suite, found, (args, args.run.is_some()), context)
}

/// Builds a judge that no suite asks.
pub(crate) fn open_judge(
    judge: &str,
    args: &CalibrationArgs,
    context: &Context,
) -> Result<Source, CliError> {
    let needs_suite = [
        ("--run", args.run.is_some()),
        ("--set", !args.set.is_empty()),
        ("--variant", args.variant.is_some()),
    ];
    if let Some((option, _)) = needs_suite.into_iter().find(|(_, is_given)| *is_given) {
        let error = CliError::input(format!("`{option}` goes with a suite"));
        return Err(error.with_hint("name the suite before the options"));
    }
    let (options, tape, cache) = build_options((args, false), context)?;
    let metric = load_judge_metric(judge, &context.lookup(), &options)?;
    Ok(Source { suite: None, metric, asks_anew: false, tape, cache })
}

fn load_options(args: &CalibrationArgs, more: Vec<String>, context: &Context) -> LoadOptions {
    LoadOptions {
        overrides: args.set.iter().cloned().chain(more).collect(),
        variant: args.variant.clone().filter(|name| name != BASE),
        environment: context.lookup(),
    }
}

fn build(
    suite: Suite,
    found: SuiteMetric,
    (args, asks_anew): (&CalibrationArgs, bool),
    context: &Context,
) -> Result<Source, CliError> {
    let (options, tape, cache) = build_options((args, asks_anew), context)?;
    // What the file does not have are the examples' own checks, which need nothing.
    let metric = suite.build_one_metric(&found.id, &options)?.unwrap_or(found);
    Ok(Source { suite: Some(suite), metric, asks_anew, tape, cache })
}

fn build_options(
    (args, asks_anew): (&CalibrationArgs, bool),
    context: &Context,
) -> Result<(BuildOptions, Tape, CallCache), CliError> {
    let cache = context.cache();
    let tape = tape(args)?;
    // The version tells the metric's model too; scores of a run that is stored need no calls.
    let options = BuildOptions {
        tape: tape.clone(),
        offline: (args.run.is_some() && !asks_anew) || tape.is_replay(),
        clock: Arc::clone(&context.clock),
        seed: Seed::from_number(args.seed),
        cache: Some(cache.clone()),
        ..BuildOptions::default()
    };
    Ok((options, tape, cache))
}

/// Opens the recording that was asked for.
fn tape(args: &CalibrationArgs) -> Result<Tape, CliError> {
    match (&args.record, &args.replay) {
        (Some(path), _) => Tape::record(path).map_err(CliError::input),
        (None, Some(path)) => Tape::replay(path).map_err(CliError::input),
        (None, None) => Ok(Tape::live()),
    }
}

impl Source {
    /// Returns the name of the suite; empty where there is none.
    pub(crate) fn suite_name(&self) -> String {
        self.suite.as_ref().map(|suite| suite.name.clone()).unwrap_or_default()
    }

    /// Returns how many answers are judged at once.
    pub(super) fn at_once(&self) -> usize {
        let most = self.suite.as_ref().map(|suite| suite.concurrency.get());
        most.map_or(AT_ONCE, |most| usize::try_from(most).unwrap_or(usize::MAX))
    }

    /// Returns the least agreement of raters whose labels may calibrate a judge.
    pub(crate) fn min_label_alpha(&self) -> Finite {
        let default = || JudgesSection::default().least_label_alpha();
        self.suite.as_ref().map_or_else(default, Suite::min_label_alpha)
    }

    /// Ends recording and cache, once the last answer has its score.
    pub(crate) fn close(&self, context: &mut Context) -> Result<(), CliError> {
        self.tape.finish().map_err(CliError::incomplete)?;
        if let Some(runtime) = context.runtime() {
            runtime.block_on(self.cache.close());
        }
        context.tell_of_cache(&self.cache, false);
        Ok(())
    }

    /// Returns how the threshold is chosen.
    pub(crate) fn options(&self, args: &CalibrationArgs) -> CalibrateOptions {
        let mut suite_thresholds: Vec<Finite> = self.metric.thresholds.iter().collect();
        suite_thresholds.sort_unstable();
        CalibrateOptions {
            rule: args.precision.map_or(CalibrationRule::BestF1, CalibrationRule::Precision),
            lower_is_better: self.metric.metric.scale().lower_is_better,
            suite_thresholds,
            seed: args.seed,
        }
    }
}
