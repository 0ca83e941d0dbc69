-- What windows hold of single metrics beyond the sums of their scores: verdicts, what was skipped or errored, and the scores
-- themselves; and windows of a day.

-- Whether what the evaluation adds to windows has these parts; older ones must not be taken back from sums that lack them.
ALTER TABLE samples ADD COLUMN is_detailed INTEGER NOT NULL DEFAULT FALSE;

-- `detailed` counts those of the `n` scores whose verdict and value are kept too.
ALTER TABLE window_scores ADD COLUMN passed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE window_scores ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE window_scores ADD COLUMN errored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE window_scores ADD COLUMN detailed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE window_scores ADD COLUMN pass_n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE window_scores ADD COLUMN pass_w REAL NOT NULL DEFAULT 0.0;
ALTER TABLE window_scores ADD COLUMN pass_ww REAL NOT NULL DEFAULT 0.0;
ALTER TABLE window_scores ADD COLUMN pass_wy REAL NOT NULL DEFAULT 0.0;
ALTER TABLE window_scores ADD COLUMN pass_v REAL NOT NULL DEFAULT 0.0;
ALTER TABLE window_scores ADD COLUMN pass_vy REAL NOT NULL DEFAULT 0.0;
ALTER TABLE window_scores ADD COLUMN pass_vyy REAL NOT NULL DEFAULT 0.0;

-- How often each score occurred, and with which weight; scores have three significant digits.
CREATE TABLE window_values (
    project TEXT NOT NULL,
    resolution TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    segment TEXT NOT NULL,
    stratum TEXT NOT NULL,
    metric TEXT NOT NULL,
    value REAL NOT NULL,
    n INTEGER NOT NULL,
    w REAL NOT NULL,
    ww REAL NOT NULL,
    PRIMARY KEY (project, resolution, start_at, segment, stratum, metric, value)
) STRICT;

-- The hours that there are add up to days.
INSERT INTO windows (project, resolution, start_at, segment, stratum, seen, sampled, passed, failed, errored, skipped, n, w, ww, wy, v, vy, vyy)
SELECT project, 'day', start_at - (start_at % 86400000 + 86400000) % 86400000, segment, stratum,
    CAST(SUM(seen) AS INTEGER), CAST(SUM(sampled) AS INTEGER), CAST(SUM(passed) AS INTEGER), CAST(SUM(failed) AS INTEGER), CAST(SUM(errored) AS INTEGER), CAST(SUM(skipped) AS INTEGER),
    CAST(SUM(n) AS INTEGER), SUM(w), SUM(ww), SUM(wy), SUM(v), SUM(vy), SUM(vyy)
FROM windows WHERE resolution = 'hour' GROUP BY project, 3, segment, stratum;

INSERT INTO window_scores (project, resolution, start_at, segment, stratum, metric, n, w, ww, wy, v, vy, vyy)
SELECT project, 'day', start_at - (start_at % 86400000 + 86400000) % 86400000, segment, stratum, metric,
    CAST(SUM(n) AS INTEGER), SUM(w), SUM(ww), SUM(wy), SUM(v), SUM(vy), SUM(vyy)
FROM window_scores WHERE resolution = 'hour' GROUP BY project, 3, segment, stratum, metric;
