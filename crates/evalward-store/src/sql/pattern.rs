//! Statements on failures and patterns.

use std::sync::LazyLock;

use super::{MultiRow, list, statements};

/// Stores failures.
pub(crate) static INSERT_FAILURES: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new(
        "INSERT INTO failures (interaction, pattern, project, received_at, message)",
        5,
        "",
    )
});

macro_rules! columns {
    () => {
        "id, project, metric, rule, title, state, size, first_at, last_at, candidate, covered_by, covered_at, recurred_in"
    };
}

statements! {
    /// Takes the failures of earlier evaluations back.
    DELETE_FAILURES = concat!("DELETE FROM failures WHERE interaction IN ", list!(),
                              " RETURNING interaction, pattern, project");
    SHRINK = "UPDATE patterns SET size = size - $3 WHERE project = $1 AND id = $2";
    GROW = concat!("INSERT INTO patterns (project, id, metric, rule, title, state, size, first_at, last_at) \
            VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8) ON CONFLICT (project, id) DO UPDATE SET \
            size = patterns.size + excluded.size, \
            first_at = CASE WHEN excluded.first_at < patterns.first_at THEN excluded.first_at ELSE patterns.first_at END, \
            last_at = CASE WHEN excluded.last_at > patterns.last_at THEN excluded.last_at ELSE patterns.last_at END \
            RETURNING ", columns!());
    SEE_VERSION = "INSERT INTO pattern_versions (project, pattern, version, first_seen_at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (project, pattern, version) DO UPDATE SET first_seen_at = \
            CASE WHEN excluded.first_seen_at < pattern_versions.first_seen_at THEN excluded.first_seen_at \
            ELSE pattern_versions.first_seen_at END";
    /// When a version of the application was first seen, whether or not it failed.
    FIRST_SEEN = "SELECT first_seen_at FROM versions WHERE project = $1 AND version = $2";
    RECUR = "UPDATE patterns SET state = 'recurred', recurred_in = COALESCE(recurred_in, $3) \
             WHERE project = $1 AND id = $2";
    PROPOSE = "UPDATE patterns SET candidate = $3 WHERE project = $1 AND id = $2";
    COVER = "UPDATE patterns SET state = 'covered', covered_by = $3, covered_at = $4 WHERE project = $1 AND id = $2";
    READ = concat!("SELECT ", columns!(), " FROM patterns WHERE project = $1 AND id = $2");
    LIST = concat!("SELECT ", columns!(), " FROM patterns WHERE project = $1 ORDER BY size DESC, id");
    LIST_IN_STATE = concat!("SELECT ", columns!(), " FROM patterns WHERE project = $1 AND state = $2 \
                             ORDER BY size DESC, id");
    VERSIONS = "SELECT version FROM pattern_versions WHERE project = $1 AND pattern = $2 ORDER BY first_seen_at, version";
    REPRESENTATIVES = "SELECT i.id FROM failures f JOIN interactions i ON i.seq = f.interaction \
                       WHERE f.project = $1 AND f.pattern = $2 ORDER BY f.received_at DESC, i.seq DESC LIMIT $3";
}
