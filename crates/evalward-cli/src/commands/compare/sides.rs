//! Finding and reading what is compared.

use std::path::PathBuf;
use std::thread;

use evalward_gate::compare::ComparedScores;

use super::CompareArgs;
use crate::commands::scores::read_side;
use crate::context::Context;
use crate::error::CliError;

/// Both sides, and where reports go that name no file.
pub(crate) struct Sides {
    pub(crate) baseline: ComparedScores,
    pub(crate) candidate: ComparedScores,
    pub(crate) folder: PathBuf,
}

/// Reads both sides at the same time.
pub(crate) fn read(args: &CompareArgs, context: &Context) -> Result<Sides, CliError> {
    let baseline = context.runs.find(&args.baseline)?;
    let candidate = context.runs.find(&args.candidate)?;
    let (before, after) = thread::scope(|scope| {
        let other = scope.spawn(|| read_side(&baseline));
        let after = read_side(&candidate);
        (other.join(), after)
    });
    let before = before.unwrap_or_else(|_| {
        Err(CliError::incomplete("the thread that reads the baseline ended"))
    })?;
    Ok(Sides { baseline: before, candidate: after?, folder: candidate.folder().to_owned() })
}
