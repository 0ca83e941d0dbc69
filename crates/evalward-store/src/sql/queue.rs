//! Statements on jobs and samples.

use std::sync::LazyLock;

use super::{MultiRow, list, statements};

/// Stores what evaluations came to, in place of what they came to before.
pub(crate) static RECORD: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new(
        "INSERT INTO samples (interaction, outcome, reasons, cause, scores, evaluator, evaluated_at, \
         is_detailed)",
        8,
        "ON CONFLICT (interaction) DO UPDATE SET outcome = excluded.outcome, reasons = excluded.reasons, \
         cause = excluded.cause, scores = excluded.scores, evaluator = excluded.evaluator, \
         evaluated_at = excluded.evaluated_at, is_detailed = excluded.is_detailed",
    )
});

statements! {
    LEASED = concat!(
        "SELECT j.id, j.token, j.attempts, j.first_failed_at, i.seq, i.project, i.id AS interaction, i.received_at, \
         i.segment, i.stratum, i.probability, i.document, \
         EXISTS (SELECT 1 FROM feedback f WHERE f.project = i.project AND f.interaction = i.id AND f.thumb = 'down') \
         AS is_disliked \
         FROM jobs j JOIN interactions i ON i.seq = j.interaction WHERE j.id IN ", list!(),
        " ORDER BY j.run_at, j.id");
    INTERACTIONS = concat!("SELECT id, interaction FROM jobs WHERE id IN ", list!());
    HELD = concat!("SELECT id, token, interaction FROM jobs WHERE leased_until IS NOT NULL AND NOT is_parked AND id IN ", list!());
    DELETE = concat!("DELETE FROM jobs WHERE id IN ", list!());
    DELETE_SAMPLES = concat!("DELETE FROM samples WHERE interaction IN ", list!());
    RETRY = "UPDATE jobs SET run_at = $3, leased_until = NULL, error = $4, \
             first_failed_at = COALESCE(first_failed_at, $5) \
             WHERE id = $1 AND token = $2 AND leased_until IS NOT NULL AND NOT is_parked";
    RELEASE = "UPDATE jobs SET leased_until = NULL, attempts = attempts - 1, run_at = received_at \
               WHERE id = $1 AND token = $2 AND leased_until IS NOT NULL AND NOT is_parked";
    PARK = "UPDATE jobs SET is_parked = TRUE, leased_until = NULL, error = $2, \
            first_failed_at = COALESCE(first_failed_at, $3) WHERE id = $1";
    PARKED = "SELECT id, interaction FROM jobs WHERE project = $1 AND is_parked ORDER BY id LIMIT $2";
    UNPARK = "UPDATE jobs SET is_parked = FALSE, attempts = 0, first_failed_at = NULL, run_at = $2 \
              WHERE id = $1 AND is_parked RETURNING interaction";
    WAITING = "SELECT COUNT(*) AS waiting, MIN(received_at) AS oldest FROM jobs WHERE NOT is_parked";
    COUNT_PARKED = "SELECT COUNT(*) AS parked FROM jobs WHERE is_parked";
    /// Makes a sample wait again; whoever holds its job holds it in vain.
    ENQUEUE = "INSERT INTO jobs (interaction, project, received_at, run_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (interaction) DO UPDATE SET token = jobs.token + 1, run_at = excluded.run_at, \
               leased_until = NULL, attempts = 0, first_failed_at = NULL, error = NULL, is_parked = FALSE";
    IS_PARKED = "SELECT id FROM jobs WHERE interaction = $1 AND is_parked";
}
