//! The tables about judges, for every format that has tables.

use crate::overall::Titled;
use crate::{Run, audits, corrected, judge_calls, probes};

/// Returns what labels, hidden probes, calls and audits say of the judges of a run.
pub(crate) fn judge_tables(run: Run<'_>) -> Vec<Titled> {
    corrected::table(run.summary)
        .into_iter()
        .chain(probes::table(run.summary))
        .chain(judge_calls::table(run.summary))
        .chain(audits::tables(run.audits))
        .collect()
}
