//! Statements on calibrations of judges.

use super::statements;

statements! {
    RECORD = "INSERT INTO calibrations (id, suite, metric, metric_version, verdict, created_at, document) \
              VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
    LIST = "SELECT id, suite, metric, metric_version, verdict, created_at, document FROM calibrations \
            WHERE suite = $1 AND metric = $2 ORDER BY created_at DESC, id DESC LIMIT $3";
}
