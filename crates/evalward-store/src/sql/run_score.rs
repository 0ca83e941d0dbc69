//! Statements on the scores of offline runs.

use std::sync::LazyLock;

use super::{MultiRow, statements};

/// Writes the rows of a run. There may be many of them, so statements are large: a server that is far away is asked seldom.
pub(crate) static INSERT: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::of_sizes(
        [512, 128, 16, 1],
        "INSERT INTO run_scores (run, example, trial, partition, content, outcome, confirms, scores)",
        8,
        "",
    )
});

statements! {
    COUNT = "UPDATE runs SET score_rows = $2 WHERE id = $1";
    FORGET = "UPDATE runs SET score_rows = NULL WHERE id = $1";
    DELETE = "DELETE FROM run_scores WHERE run = $1";
    /// The runs of a suite that have scores, but for the newest.
    OLD = "SELECT id FROM runs WHERE suite = $1 AND score_rows IS NOT NULL \
           ORDER BY started_at DESC, id DESC LIMIT $3 OFFSET $2";
    OF_EXAMPLE = "SELECT s.run, s.example, s.trial, s.partition, s.content, s.outcome, s.confirms, s.scores FROM \
                  (SELECT id FROM runs WHERE score_rows IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT $2) r \
                  JOIN run_scores s ON s.run = r.id WHERE s.example = $1 ORDER BY s.run, s.trial";
    OF_EXAMPLE_IN_SUITE = "SELECT s.run, s.example, s.trial, s.partition, s.content, s.outcome, s.confirms, s.scores FROM \
                  (SELECT id FROM runs WHERE suite = $3 AND score_rows IS NOT NULL \
                  ORDER BY started_at DESC, id DESC LIMIT $2) r \
                  JOIN run_scores s ON s.run = r.id WHERE s.example = $1 ORDER BY s.run, s.trial";
}
