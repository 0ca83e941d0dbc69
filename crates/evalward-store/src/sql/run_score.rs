//! Statements on the scores of offline runs.

use std::sync::LazyLock;

use super::{MultiRow, list, statements};

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
    DELETE = "DELETE FROM run_scores WHERE run = $1";
    /// Those runs of a suite that are newer than one, and have scores.
    NEWER = "SELECT COUNT(*) AS runs FROM runs WHERE suite = $1 AND score_rows IS NOT NULL \
             AND (started_at > $2 OR (started_at = $2 AND id > $3))";
    /// Takes the scores from all runs of a suite but the newest: nobody finds their rows any more.
    FORGET = "UPDATE runs SET score_rows = NULL WHERE id IN (SELECT id FROM runs WHERE suite = $1 AND score_rows IS NOT NULL \
              ORDER BY started_at DESC, id DESC LIMIT $3 OFFSET $2)";
    /// A run of a suite without scores that has rows left. The limit inside keeps an engine from reading all rows for that.
    LEFT = "SELECT r.id FROM runs r WHERE r.suite = $1 AND r.score_rows IS NULL \
            AND (SELECT s.trial FROM run_scores s WHERE s.run = r.id LIMIT 1) IS NOT NULL LIMIT 1";
    DELETE_SOME = "DELETE FROM run_scores WHERE run = $1 AND (example, trial) IN \
                   (SELECT example, trial FROM run_scores WHERE run = $1 LIMIT $2)";
    OF_EXAMPLE = concat!(
        "SELECT s.run, s.example, s.trial, s.partition, s.content, s.outcome, s.confirms, s.scores FROM runs r \
         JOIN run_scores s ON s.run = r.id WHERE r.score_rows IS NOT NULL AND s.example = $33 AND r.id IN ", list!());
}
