//! Reading the scores of stored runs.

use evalward_gate::RunScores;
use evalward_gate::compare::ComparedScores;
use evalward_runs::StoredRun;

use crate::error::CliError;

/// Reads the scores of a run, without its texts.
pub(crate) fn read_scores(stored: &StoredRun) -> Result<RunScores, CliError> {
    let mut scores = RunScores::default();
    for row in stored.score_rows()? {
        scores.push(&row?).map_err(CliError::input)?;
    }
    Ok(scores)
}

/// Reads one side of a comparison.
pub(crate) fn read_side(stored: &StoredRun) -> Result<ComparedScores, CliError> {
    Ok(ComparedScores::new(stored.manifest(), read_scores(stored)?))
}
