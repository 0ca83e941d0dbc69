//! Finding and reading what is compared.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use evalward_gate::Baseline;
use evalward_gate::compare::ComparedScores;
use evalward_runs::StoredRun;

use super::CompareArgs;
use crate::canaries;
use crate::commands::run::is_unprobed;
use crate::commands::scores::read_side;
use crate::context::Context;
use crate::error::CliError;

/// Both sides with the runs that they are from; a baseline that was kept in a file has no run any more.
pub(crate) struct Sides {
    pub(crate) baseline: ComparedScores,
    pub(crate) candidate: ComparedScores,
    pub(crate) baseline_run: Option<StoredRun>,
    pub(crate) candidate_run: StoredRun,
}

/// Where the baseline comes from.
enum Source {
    Run(Box<StoredRun>),
    File(PathBuf),
}

impl Source {
    /// Takes a file for a baseline that was kept; everything else names a run.
    fn find(name: &str, context: &Context) -> Result<Self, CliError> {
        if Path::new(name).is_file() {
            return Ok(Self::File(PathBuf::from(name)));
        }
        Ok(Self::Run(Box::new(context.runs.find(name)?)))
    }

    fn read(&self) -> Result<ComparedScores, CliError> {
        match self {
            Self::Run(stored) => read_side(stored),
            Self::File(path) => {
                let failed = |why: &dyn Error| {
                    let error = format!("failed to read baseline `{}`: {why}", path.display());
                    CliError::input(error)
                };
                let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
                let baseline = Baseline::from_text(&text).map_err(|error| failed(&error))?;
                Ok(baseline.compared())
            }
        }
    }
}

/// Reads both sides at the same time.
pub(crate) fn read(args: &CompareArgs, context: &mut Context) -> Result<Sides, CliError> {
    let baseline = Source::find(&args.baseline, context)?;
    let candidate = context.runs.find(&args.candidate)?;
    let stored = match &baseline {
        Source::Run(baseline) => Some(&**baseline),
        Source::File(_) => None,
    };
    if let Some(run) = stored.into_iter().chain([&candidate]).find(|run| is_unprobed(run)) {
        let run = &run.manifest().run_id;
        let text = format!(
            "the probes of run `{run}` were not evaluated, so that nobody knows whether its judges were swayed"
        );
        return Err(CliError::incomplete(text).with_hint("run its suite again"));
    }
    if let Source::Run(baseline) = &baseline {
        canaries::check(baseline, &candidate, context)?;
    }
    let (before, after) = thread::scope(|scope| {
        let other = scope.spawn(|| baseline.read());
        let after = read_side(&candidate);
        (other.join(), after)
    });
    let before = before.unwrap_or_else(|_| {
        Err(CliError::incomplete("the thread that reads the baseline ended"))
    })?;
    let baseline_run = match baseline {
        Source::Run(stored) => Some(*stored),
        Source::File(_) => None,
    };
    Ok(Sides { baseline: before, candidate: after?, baseline_run, candidate_run: candidate })
}
