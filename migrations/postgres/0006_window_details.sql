-- What windows hold of single metrics beyond the sums of their scores: verdicts, what was skipped or errored, and the scores
-- themselves; and windows of a day.

-- Whether what the evaluation adds to windows has these parts; older ones must not be taken back from sums that lack them.
ALTER TABLE samples ADD COLUMN is_detailed BOOLEAN NOT NULL DEFAULT FALSE;

-- `detailed` counts those of the `n` scores whose verdict and value are kept too.
ALTER TABLE window_scores ADD COLUMN passed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE window_scores ADD COLUMN skipped BIGINT NOT NULL DEFAULT 0;
ALTER TABLE window_scores ADD COLUMN errored BIGINT NOT NULL DEFAULT 0;
ALTER TABLE window_scores ADD COLUMN detailed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE window_scores ADD COLUMN pass_n BIGINT NOT NULL DEFAULT 0;
ALTER TABLE window_scores ADD COLUMN pass_w DOUBLE PRECISION NOT NULL DEFAULT 0.0;
ALTER TABLE window_scores ADD COLUMN pass_ww DOUBLE PRECISION NOT NULL DEFAULT 0.0;
ALTER TABLE window_scores ADD COLUMN pass_wy DOUBLE PRECISION NOT NULL DEFAULT 0.0;
ALTER TABLE window_scores ADD COLUMN pass_v DOUBLE PRECISION NOT NULL DEFAULT 0.0;
ALTER TABLE window_scores ADD COLUMN pass_vy DOUBLE PRECISION NOT NULL DEFAULT 0.0;
ALTER TABLE window_scores ADD COLUMN pass_vyy DOUBLE PRECISION NOT NULL DEFAULT 0.0;

-- How often each score occurred, and with which weight; scores have three significant digits.
CREATE TABLE window_values (
    project TEXT NOT NULL,
    resolution TEXT NOT NULL,
    start_at BIGINT NOT NULL,
    segment TEXT NOT NULL,
    stratum TEXT NOT NULL,
    metric TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    n BIGINT NOT NULL,
    w DOUBLE PRECISION NOT NULL,
    ww DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (project, resolution, start_at, segment, stratum, metric, value)
);

-- The hours that there are add up to days.
INSERT INTO windows (project, resolution, start_at, segment, stratum, seen, sampled, passed, failed, errored, skipped, n, w, ww, wy, v, vy, vyy)
SELECT project, 'day', start_at - (start_at % 86400000 + 86400000) % 86400000, segment, stratum,
    CAST(SUM(seen) AS BIGINT), CAST(SUM(sampled) AS BIGINT), CAST(SUM(passed) AS BIGINT), CAST(SUM(failed) AS BIGINT), CAST(SUM(errored) AS BIGINT), CAST(SUM(skipped) AS BIGINT),
    CAST(SUM(n) AS BIGINT), SUM(w), SUM(ww), SUM(wy), SUM(v), SUM(vy), SUM(vyy)
FROM windows WHERE resolution = 'hour' GROUP BY project, 3, segment, stratum;

INSERT INTO window_scores (project, resolution, start_at, segment, stratum, metric, n, w, ww, wy, v, vy, vyy)
SELECT project, 'day', start_at - (start_at % 86400000 + 86400000) % 86400000, segment, stratum, metric,
    CAST(SUM(n) AS BIGINT), SUM(w), SUM(ww), SUM(wy), SUM(v), SUM(vy), SUM(vyy)
FROM window_scores WHERE resolution = 'hour' GROUP BY project, 3, segment, stratum, metric;
