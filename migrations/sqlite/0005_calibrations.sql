-- What judges were worth, measured against people, over time.

CREATE TABLE calibrations (
    id TEXT NOT NULL PRIMARY KEY,
    suite TEXT NOT NULL,
    metric TEXT NOT NULL,
    metric_version TEXT NOT NULL,
    verdict TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE INDEX calibrations_by_metric ON calibrations (suite, metric, created_at);
