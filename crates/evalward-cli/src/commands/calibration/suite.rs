//! The suite and the metric that are calibrated.

use std::path::Path;
use std::sync::Arc;

use evalward_config::{BASE, BuildOptions, LoadOptions, Suite, load};
use evalward_core::{Finite, Seed, SuiteMetric};
use evalward_gate::calibrate::{CalibrateOptions, CalibrationRule};
use evalward_models::{CallCache, Tape};

use super::CalibrationArgs;
use crate::context::Context;
use crate::error::CliError;

/// A suite's metric that can be asked, with what keeps its calls.
pub(crate) struct Source {
    pub(crate) suite: Suite,
    pub(crate) metric: SuiteMetric,
    tape: Tape,
    cache: CallCache,
}

/// Reads the suite, and builds the metric that `find` chooses.
pub(crate) fn open(
    path: &Path,
    args: &CalibrationArgs,
    find: impl FnOnce(&Suite) -> Result<SuiteMetric, CliError>,
    context: &Context,
) -> Result<Source, CliError> {
    let options = LoadOptions {
        overrides: args.set.clone(),
        variant: args.variant.clone().filter(|name| name != BASE),
        environment: context.lookup(),
    };
    let suite = load(path, &options)?;
    let cache = context.cache();
    let tape = tape(args)?;
    let found = find(&suite)?;
    // The version tells the metric's model too; scores of a run that is stored need no calls.
    let build = BuildOptions {
        tape: tape.clone(),
        offline: args.run.is_some() || tape.is_replay(),
        clock: Arc::clone(&context.clock),
        seed: Seed::from_number(args.seed),
        cache: Some(cache.clone()),
        ..BuildOptions::default()
    };
    // What the file does not have are the examples' own checks, which need nothing.
    let metric = suite.build_one_metric(&found.id, &build)?.unwrap_or(found);
    Ok(Source { suite, metric, tape, cache })
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
