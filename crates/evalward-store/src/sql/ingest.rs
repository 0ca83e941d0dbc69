//! Statements on interactions.

use std::sync::LazyLock;

use super::{MultiRow, list, statements};

/// Stores new interactions; those that were there before return no row.
pub(crate) static INSERT: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new(
        "INSERT INTO interactions \
         (project, id, received_at, segment, stratum, probability, is_sampled, version, document)",
        9,
        "ON CONFLICT (project, id) DO NOTHING RETURNING seq, project, id",
    )
});

/// Stores versions that were not seen before.
pub(crate) static SEE_VERSIONS: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new(
        "INSERT INTO versions (project, version, first_seen_at)",
        3,
        "ON CONFLICT (project, version) DO NOTHING",
    )
});

/// Writes the jobs of new samples.
pub(crate) static INSERT_JOBS: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new("INSERT INTO jobs (interaction, project, received_at, run_at)", 4, "")
});

statements! {
    READ = "SELECT i.project, i.received_at, i.segment, i.stratum, i.probability, i.is_sampled, i.document, \
            s.outcome, s.reasons, s.cause, s.scores, s.evaluator, s.evaluated_at \
            FROM interactions i LEFT JOIN samples s ON s.interaction = i.seq WHERE i.project = $1 AND i.id = $2";
    SEQ = "SELECT seq FROM interactions WHERE project = $1 AND id = $2";
    /// Where interactions are counted, with their evaluations.
    LOCATE = concat!(
        "SELECT i.seq, i.project, i.id, i.received_at, i.segment, i.stratum, i.probability, i.is_sampled, i.version, \
         s.outcome, s.reasons, s.cause, s.scores, s.evaluator, s.evaluated_at, s.is_detailed \
         FROM interactions i LEFT JOIN samples s ON s.interaction = i.seq WHERE i.seq IN ", list!());
    MOVE = "UPDATE interactions SET stratum = $2, probability = $3, is_sampled = $4 WHERE seq = $1";
}
