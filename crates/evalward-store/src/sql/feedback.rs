//! Statements on users' thumbs.

use super::statements;

statements! {
    INSERT = "INSERT INTO feedback \
              (project, interaction, thumb, comment, received_at, stratum, probability, is_sampled, is_waiting) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, TRUE) ON CONFLICT (project, interaction, thumb) DO NOTHING";
    ANY_WAITING = "SELECT id FROM feedback WHERE is_waiting LIMIT 1";
    /// The feedback that waits for one of the interactions that were just stored.
    WAITING = "SELECT f.project, f.interaction, f.thumb, f.received_at, f.stratum, f.probability, f.is_sampled, i.seq \
               FROM interactions i CROSS JOIN feedback f \
               WHERE i.seq BETWEEN $1 AND $2 AND f.project = i.project AND f.interaction = i.id AND f.is_waiting ORDER BY i.seq, f.received_at, f.thumb";
    ATTACH = "UPDATE feedback SET is_waiting = FALSE WHERE project = $1 AND interaction = $2";
    THUMBS = "SELECT thumb FROM feedback WHERE project = $1 AND interaction = $2 ORDER BY received_at, thumb";
}
