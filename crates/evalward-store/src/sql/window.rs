//! Statements on windows.

use std::sync::LazyLock;

use super::{MultiRow, statements};

// An emptied sum is set to nothing, so that rounding leaves no trace of what was taken back.
macro_rules! added {
    ($table:literal, $($sum:literal),*) => {
        concat!($($sum, " = CASE WHEN ", $table, ".n + excluded.n = 0 THEN 0 ELSE ", $table, ".", $sum,
                  " + excluded.", $sum, " END, "),*, "n = ", $table, ".n + excluded.n")
    };
}

/// Adds to windows.
pub(crate) static ADD: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new(
        "INSERT INTO windows (project, resolution, start_at, segment, stratum, \
         seen, sampled, passed, failed, errored, skipped, n, w, ww, wy, v, vy, vyy)",
        18,
        concat!(
            "ON CONFLICT (project, resolution, start_at, segment, stratum) DO UPDATE SET \
             seen = windows.seen + excluded.seen, sampled = windows.sampled + excluded.sampled, \
             passed = windows.passed + excluded.passed, failed = windows.failed + excluded.failed, \
             errored = windows.errored + excluded.errored, skipped = windows.skipped + excluded.skipped, ",
            added!("windows", "w", "ww", "wy", "v", "vy", "vyy")
        ),
    )
});

/// Adds to the sums of metrics.
pub(crate) static ADD_SCORES: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new(
        "INSERT INTO window_scores (project, resolution, start_at, segment, stratum, metric, n, w, ww, wy, v, vy, vyy)",
        13,
        concat!(
            "ON CONFLICT (project, resolution, start_at, segment, stratum, metric) DO UPDATE SET ",
            added!("window_scores", "w", "ww", "wy", "v", "vy", "vyy")
        ),
    )
});

statements! {
    READ = "SELECT start_at, segment, stratum, seen, sampled, passed, failed, errored, skipped, n, w, ww, wy, v, vy, vyy \
            FROM windows WHERE project = $1 AND resolution = $2 AND start_at >= $3 AND start_at < $4 AND seen > 0 \
            ORDER BY start_at, segment, stratum";
    READ_SCORES = "SELECT start_at, segment, stratum, metric, n, w, ww, wy, v, vy, vyy \
                   FROM window_scores WHERE project = $1 AND resolution = $2 AND start_at >= $3 AND start_at < $4 AND n > 0";
    /// Skips from project to project; `DISTINCT` would read every window that there ever was.
    PROJECTS = "WITH RECURSIVE found (project) AS (SELECT MIN(project) FROM windows UNION ALL \
                SELECT (SELECT MIN(w.project) FROM windows w WHERE w.project > f.project) FROM found f \
                WHERE f.project IS NOT NULL) SELECT project FROM found WHERE project IS NOT NULL ORDER BY project";
}
