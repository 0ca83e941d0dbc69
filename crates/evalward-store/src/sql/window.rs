//! Statements on windows.

use std::sync::LazyLock;

use super::{MultiRow, statements};

// An emptied sum is set to nothing, so that rounding leaves no trace of what was taken back.
macro_rules! added {
    ($table:literal, $n:literal, $($sum:literal),*) => {
        concat!($($sum, " = CASE WHEN ", $table, ".", $n, " + excluded.", $n, " = 0 THEN 0 ELSE ", $table, ".", $sum,
                  " + excluded.", $sum, " END, "),*, $n, " = ", $table, ".", $n, " + excluded.", $n)
    };
}

macro_rules! counted {
    ($table:literal, $($count:literal),*) => {
        concat!($($count, " = ", $table, ".", $count, " + excluded.", $count, ", "),*)
    };
}

/// Adds to windows.
pub(crate) static ADD: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new(
        "INSERT INTO windows (project, resolution, start_at, segment, stratum, \
         seen, sampled, passed, failed, errored, skipped, n, w, ww, wy, v, vy, vyy)",
        18,
        concat!(
            "ON CONFLICT (project, resolution, start_at, segment, stratum) DO UPDATE SET ",
            counted!("windows", "seen", "sampled", "passed", "failed", "errored", "skipped"),
            added!("windows", "n", "w", "ww", "wy", "v", "vy", "vyy")
        ),
    )
});

/// Adds to the counts and sums of metrics.
pub(crate) static ADD_SCORES: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new(
        "INSERT INTO window_scores (project, resolution, start_at, segment, stratum, metric, n, w, ww, wy, v, vy, vyy, \
         passed, skipped, errored, detailed, pass_n, pass_w, pass_ww, pass_wy, pass_v, pass_vy, pass_vyy)",
        24,
        concat!(
            "ON CONFLICT (project, resolution, start_at, segment, stratum, metric) DO UPDATE SET ",
            counted!("window_scores", "passed", "skipped", "errored", "detailed"),
            added!("window_scores", "n", "w", "ww", "wy", "v", "vy", "vyy"),
            ", ",
            added!(
                "window_scores",
                "pass_n",
                "pass_w",
                "pass_ww",
                "pass_wy",
                "pass_v",
                "pass_vy",
                "pass_vyy"
            )
        ),
    )
});

/// Adds to the scores that are kept.
pub(crate) static ADD_VALUES: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new(
        "INSERT INTO window_values (project, resolution, start_at, segment, stratum, metric, value, n, w, ww)",
        10,
        concat!(
            "ON CONFLICT (project, resolution, start_at, segment, stratum, metric, value) DO UPDATE SET ",
            added!("window_values", "n", "w", "ww")
        ),
    )
});

statements! {
    READ = "SELECT start_at, segment, stratum, seen, sampled, passed, failed, errored, skipped, n, w, ww, wy, v, vy, vyy \
            FROM windows WHERE project = $1 AND resolution = $2 AND start_at >= $3 AND start_at < $4 AND seen > 0 \
            ORDER BY start_at, segment, stratum";
    READ_SCORES = "SELECT start_at, segment, stratum, metric, n, w, ww, wy, v, vy, vyy, passed, skipped, errored, detailed, \
                   pass_n, pass_w, pass_ww, pass_wy, pass_v, pass_vy, pass_vyy \
                   FROM window_scores WHERE project = $1 AND resolution = $2 AND start_at >= $3 AND start_at < $4 \
                   AND (n > 0 OR skipped > 0 OR errored > 0)";
    READ_VALUES = "SELECT start_at, metric, value, CAST(SUM(n) AS BIGINT) AS n, SUM(w) AS w, SUM(ww) AS ww \
                   FROM window_values WHERE project = $1 AND resolution = $2 AND start_at >= $3 AND start_at < $4 \
                   AND n > 0 GROUP BY start_at, metric, value ORDER BY start_at, metric, value";
    /// Skips from project to project; `DISTINCT` would read every window that there ever was.
    PROJECTS = "WITH RECURSIVE found (project) AS (SELECT MIN(project) FROM windows UNION ALL \
                SELECT (SELECT MIN(w.project) FROM windows w WHERE w.project > f.project) FROM found f \
                WHERE f.project IS NOT NULL) SELECT project FROM found WHERE project IS NOT NULL ORDER BY project";
}
