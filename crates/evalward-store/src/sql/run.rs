//! Statements on offline runs.

use super::statements;

statements! {
    RECORD = "INSERT INTO runs (id, suite, started_at, finished_at, decision, exit_code, manifest, partitions) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET suite = excluded.suite, \
              started_at = excluded.started_at, finished_at = excluded.finished_at, decision = excluded.decision, \
              exit_code = excluded.exit_code, manifest = excluded.manifest, partitions = excluded.partitions";
    LIST = "SELECT manifest, finished_at, decision, exit_code, partitions FROM runs \
            ORDER BY started_at DESC, id DESC LIMIT $1";
    LIST_OF_SUITE = "SELECT manifest, finished_at, decision, exit_code, partitions FROM runs WHERE suite = $1 \
                     ORDER BY started_at DESC, id DESC LIMIT $2";
}
