//! Statements on candidates and their reviews.

use super::statements;

macro_rules! columns {
    () => {
        "id, project, pattern, interaction, state, example, warnings, promoted_as, revision"
    };
}

statements! {
    ADD = "INSERT INTO candidates (project, id, pattern, interaction, state, example, warnings, revision) \
           VALUES ($1, $2, $3, $4, 'waiting', $5, $6, 1) ON CONFLICT (project, id) DO NOTHING";
    READ = concat!("SELECT ", columns!(), " FROM candidates WHERE project = $1 AND id = $2");
    LIST = concat!("SELECT ", columns!(), " FROM candidates WHERE project = $1 ORDER BY seq");
    LIST_IN_STATE = concat!("SELECT ", columns!(), " FROM candidates WHERE project = $1 AND state = $2 ORDER BY seq");
    REVIEWS = "SELECT reviewer, reviewed_at, approves, note, content FROM candidate_reviews \
               WHERE project = $1 AND candidate = $2 ORDER BY seq";
    EDIT = "UPDATE candidates SET example = $4, state = $5, revision = revision + 1 \
            WHERE project = $1 AND id = $2 AND revision = $3";
    ADD_REVIEW = "INSERT INTO candidate_reviews (project, candidate, reviewer, reviewed_at, approves, note, content) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7)";
    PROMOTE = "UPDATE candidates SET state = 'promoted', promoted_as = $3, revision = revision + 1 \
               WHERE project = $1 AND id = $2";
}
