//! Statements on offline runs.

use super::statements;

statements! {
    /// A run that is recorded again has no scores until they are written again, too.
    RECORD = "INSERT INTO runs (id, suite, started_at, finished_at, decision, exit_code, manifest, partitions, summary) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET suite = excluded.suite, \
              started_at = excluded.started_at, finished_at = excluded.finished_at, decision = excluded.decision, \
              exit_code = excluded.exit_code, manifest = excluded.manifest, partitions = excluded.partitions, \
              summary = excluded.summary, score_rows = NULL";
}
